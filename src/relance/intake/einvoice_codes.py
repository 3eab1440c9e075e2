"""What the reader of e-invoices has to say. Codes I170 to I191.

An error refuses the source: what stands in the file is not known, and it may be a credit note. A
warning leaves one invoice out, or tells of it.
"""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741

NO_EXTRA = rule(
    "I170", E,
    N_("reading the e-invoice in a PDF needs a package that is not installed; PDF files: {count}"),
    N_('install it: pip install "relance[einvoice]"; or keep the XML of each invoice beside its PDF'),
    N_("Invoices in XML are read without it. Nothing was read of the PDF files, so nothing may be sent."),
)  # fmt: skip
NOT_XML = rule(
    "I171", E,
    N_("the XML cannot be read: {reason}"),
    N_("the file is cut or damaged: fetch it again from where it was sent or received"),
    N_("A damaged file may be a credit note: until it is read, what is owed is not known."),
)  # fmt: skip
DTD = rule(
    "I172", E,
    N_("the XML declares a document type, which no e-invoice does"),
    N_("do not open this file; ask who sent it, and remove it from the folder"),
    N_("Document types can make a reader fetch files or fill the memory. They are never followed."),
)  # fmt: skip
TOO_LARGE = rule(
    "I173", E,
    N_("the file has {size} MB; e-invoices are read up to {most} MB"),
    N_("remove it from the folder, or fetch the invoice without its attachments"),
    N_("The bound keeps one file from filling the memory."),
)  # fmt: skip
BROKEN_PDF = rule(
    "I174", E,
    N_("the PDF cannot be read: {reason}"),
    N_("the file is cut, damaged or locked: fetch it again, or put the XML of the invoice beside it"),
    N_("A damaged file may be a credit note: until it is read, what is owed is not known."),
)  # fmt: skip
PLAIN_PDF = rule(
    "I175", W,
    N_("a PDF without an e-invoice in it; not taken"),
    N_("a Factur-X PDF carries factur-x.xml; if this is an invoice, its amounts are for people only"),
    N_("Amounts and dates are read from the attached XML, never from the picture of the page."),
)  # fmt: skip
NO_INVOICE = rule(
    "I176", W,
    N_("neither an invoice nor a credit note that relance reads: {what}; not taken"),
    N_("relance reads UBL 2.1 and CII (EN 16931, Peppol BIS 3, extended-ctc-fr, Factur-X, ZUGFeRD 2)"),
    N_("Orders, answers and lifecycle messages stand in the same folders; ZUGFeRD 1.0 is another format."),
)  # fmt: skip
OTHER_SELLER = rule(
    "I177", W,
    N_("{number} is an invoice of {seller} ({id}), not of the creditor; not taken"),
    N_("invoices received belong elsewhere; if it is yours, correct `creditor.registration` or `creditor.vat`"),
    N_("The seller's registration or VAT number is not that of relance.yaml."),
)  # fmt: skip
LACKS = rule(
    "I178", W,
    N_("the invoice has no {field} ({term}); left out"),
    N_("correct the invoice where it is made: EN 16931 demands it"),
    N_("Without number, date, currency, amount and buyer nothing can be claimed."),
)  # fmt: skip
BAD_FIELD = rule(
    "I179", W,
    N_("{field} ({term}) cannot be read: {text}; left out"),
    N_("correct the invoice where it is made: dates are real days, amounts exact in their currency"),
    N_("A date, an amount or a currency that cannot be read is not guessed."),
)  # fmt: skip
NOT_CLAIMED = rule(
    "I180", W,
    N_("{number} is a document of type {type}, which claims nothing that relance knows; left out"),
    N_("types read: invoices (380, 384, 386, 389, 393, …), debit notes (383), credit notes (381, 261, 396, …)"),
    N_("The type (BT-3) is a code of UNTDID 1001. A pro forma (325) is not an invoice."),
)  # fmt: skip
REPEATED = rule(
    "I181", I,
    N_("the same {number} of {debtor} as in {first}; read once"),
    N_("nothing needs to be done; one of the files can go"),
    N_("The same invoice in two files (XML and PDF, a copy) is one receivable."),
)  # fmt: skip
CONTRADICTS = rule(
    "I182", W,
    N_("{number} of {debtor} is not the same here and in {first}; neither is taken"),
    N_("keep the one that holds; a correction needs a number of its own, and a credit note"),
    N_("Two files give one number other amounts or dates: which is right cannot be told."),
)  # fmt: skip
REPLACED = rule(
    "I183", I,
    N_("{number} of {debtor} is replaced by the corrected invoice {by}; not claimed"),
    N_("nothing needs to be done"),
    N_("A corrected invoice (type 384) with a positive total stands for the one that it names (BT-25)."),
)  # fmt: skip
PAY_TO = rule(
    "I184", W,
    N_("invoices to be paid to {iban}, which is no account of accounts.yaml: {count}; the first is {number}"),
    N_("add the account to accounts.yaml, or ask why these invoices name another one"),
    N_("A reminder names an account of accounts.yaml. An invoice that names another was sold to a factor, or changed by somebody."),
)  # fmt: skip
SEVERAL_DUE = rule(
    "I185", W,
    N_("{number} has several due dates ({dates}); the last is taken"),
    N_("enter the instalments with `relance record instalments`, or one invoice for each"),
    N_("A due date taken too early would dun somebody who is not late."),
)  # fmt: skip
AMBIGUOUS_DEBTOR = rule(
    "I186", W,
    N_("customers that {name} ({id}) could be: {customers}; it is kept apart from them"),
    N_("give each customer its SIRET, or the seller's customer number to the invoices (BT-46)"),
    N_("Several customers have the registration or VAT number of the buyer."),
)  # fmt: skip
READ = rule(
    "I187", I,
    N_("e-invoices read: {taken} of {files} files ({ubl} UBL, {cii} CII, {pdf} PDF), credit notes among them: {credits}"),
    "",
    N_("How many files the folder has, what was taken and of which form."),
)  # fmt: skip
MORE = rule(
    "I188", W,
    N_("further files with {code}: {count}, the last {last}"),
    N_("the first {shown} are named one by one"),
    N_("Findings of one kind are named up to a bound; all count."),
)  # fmt: skip
BESIDE = rule(
    "I189", I,
    N_("PDF files beside the XML of the same name, not opened: {count}"),
    "",
    N_("The XML of an invoice is what counts; its PDF is for people."),
)  # fmt: skip
NOTHING_TAKEN = rule(
    "I190", E,
    N_("the folder is to hold all open items, and no invoice in it could be taken"),
    N_("if nothing is open indeed, there is nothing to run; else see the warnings about each file"),
    N_("A full source says that what it does not hold is closed: an empty one would close everything."),
)  # fmt: skip
