"""What open invoices may lack to be paid. Codes I210 to I228."""

from __future__ import annotations

from relance.diagnostics import Rule, Severity, rule
from relance.language import N_

W, I = Severity.WARNING, Severity.INFO  # noqa: E741

NO_ORDER = rule(
    "I210", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), has no order number"),
    N_("ask the buyer for it, and send the invoice again with it before it is due"),
    N_("The debtor pays no invoice without its order number (`requires` of the customer, `requirements` of the policy; EN 16931: BT-13)."),
)  # fmt: skip
NO_MARKET = rule(
    "I211", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), has no number of the public contract"),
    N_("take it from the contract, and send the invoice again with it before it is due"),
    N_("The debtor pays no invoice without the number of its contract (numéro de marché; EN 16931: BT-12)."),
)  # fmt: skip
NO_SERVICE = rule(
    "I212", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), has no service code"),
    N_("look it up in the directory of Chorus Pro by the SIRET of the buyer, and send the invoice again with it"),
    N_("The service code routes an invoice inside the buyer (code service exécutant; EN 16931: BT-10)."),
)  # fmt: skip
NO_REFERENCE = rule(
    "I213", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), has no payment reference"),
    N_("give its structured reference to the export (column `reference`) or to the invoice (BT-83)"),
    N_("The debtor pays by reference, and what it pays is recognised by it."),
)  # fmt: skip
NO_REGISTRATION = rule(
    "I214", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left): the registration of the debtor is not known"),
    N_("add it to the customers' file (column `registration`), and to the invoice (BT-47)"),
    N_("The debtor pays only invoices that carry its own registration."),
)  # fmt: skip
NO_VAT = rule(
    "I215", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left): the VAT number of the debtor is not known"),
    N_("add it to the customers' file (column `vat`), and to the invoice (BT-48)"),
    N_("The debtor pays only invoices that carry its VAT number; supplies in another member state need it in any case."),
)  # fmt: skip
UNKNOWN_MENTIONS = rule(
    "I216", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left): its source does not carry the text of the invoice"),
    N_("read the invoices themselves (`kind: einvoice`), or map the column `notes`"),
    N_("The debtor requires the mandatory mentions; whether they are there cannot be told without the text."),
)  # fmt: skip
NO_PAYMENT_DATE = rule(
    "I217", W,
    N_("{number} of {debtor} ({name}) does not say on which date it is to be paid"),
    N_("print the date itself: a formula such as “30 jours fin de mois” is not one"),
    N_("C. com. art. L441-9, I demands the date on which payment is due on each invoice between professionals; a missing mention may cost a fine."),
)  # fmt: skip
NO_PENALTY_RATE = rule(
    "I218", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), does not state the rate of the penalties for late payment"),
    N_("add the sentence to the invoice (in an e-invoice a note with the subject PMD)"),
    N_("C. com. art. L441-9, I and L441-10, II: the rate of the penalties stands on each invoice between professionals."),
)  # fmt: skip
NO_LUMP_SUM = rule(
    "I219", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), does not state the 40 € for costs of recovery"),
    N_("add the sentence to the invoice (in an e-invoice a note with the subject PMT)"),
    N_("C. com. art. L441-9, I and D441-5: the lump sum of 40 € stands on each invoice between professionals."),
)  # fmt: skip
NO_DISCOUNT = rule(
    "I220", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), does not say whether there is a discount for early payment"),
    N_("add the sentence, even where there is none: “pas d'escompte pour paiement anticipé” (subject AAB)"),
    N_("C. com. art. L441-9, I: the conditions of a discount for early payment stand on each invoice between professionals."),
)  # fmt: skip
NO_SIRET = rule(
    "I221", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left): the SIRET of the public buyer is not known"),
    N_("add its 14 digits to the customers' file (column `registration`): Chorus Pro finds a buyer by nothing else"),
    N_("Invoices to French public buyers go through Chorus Pro (CCP art. L2192-1), which identifies a structure by its SIRET; a SIREN of 9 digits does not say which one."),
)  # fmt: skip
NO_ROUTING = rule(
    "I222", W,
    N_("{number} of {debtor} ({name}), due {due} ({days} days left), has neither service code nor order number"),
    N_("the directory of Chorus Pro says which of them this buyer demands; send the invoice again with it"),
    N_("Each structure in Chorus Pro says whether it demands a service code, an engagement number, both or none. Where it demands none, this can be passed over."),
)  # fmt: skip
LONG_TERMS = rule(
    "I223", W,
    N_("{number} of {debtor} ({name}) is due {due}, {over} days after the latest lawful date, {latest} ({limit})"),
    N_("correct the due date and the terms of this debtor; {article}"),
    N_("Terms above the legal maximum are fined in France (C. com. art. L441-16), and do not hold in Belgium (law of 2 August 2002, art. 4)."),
)  # fmt: skip
TERMS_UNREAD = rule(
    "I224", W,
    N_("the terms of payment of {debtor} are not understood: {terms}"),
    N_("write them like `30 jours`, `45 jours fin de mois`, `fin de mois 45 jours` or `30 days`"),
    N_("Where an export gives no due date, it is computed from the debtor's own terms, and from no others."),
)  # fmt: skip
LOOKED_AT = rule(
    "I225", I,
    N_("open invoices looked at: {looked}; lacking something: {lacking}, of them not yet due: {early}"),
    "",
    N_("How many open invoices were held against what their debtors require."),
)  # fmt: skip
MORE = rule(
    "I226", W,
    N_("further invoices with {code}: {count}"),
    N_("`relance validate --receivables --json` lists each invoice with what it lacks"),
    N_("Findings of one kind are named up to a bound; all count."),
)  # fmt: skip

AGREED_TOO_LONG = rule(
    "I227", W,
    N_("the terms of payment of {debtor} go beyond what the law lets businesses agree, by {over} days at most: {terms}"),
    N_("agree shorter ones: {limit}; {article}"),
    N_("Terms above the legal maximum are fined in France (C. com. art. L441-16), and do not hold in Belgium (law of 2 August 2002, art. 4)."),
)  # fmt: skip

OF_NEED: dict[str, Rule] = {
    "order_number": NO_ORDER,
    "market_number": NO_MARKET,
    "service_code": NO_SERVICE,
    "reference": NO_REFERENCE,
    "registration": NO_REGISTRATION,
    "vat": NO_VAT,
}
"""What is said when an invoice lacks a need that is a column (`policy.Need`)."""
