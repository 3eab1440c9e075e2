"""What the law forbids in procedures, terms and templates, or wants to see in them: L001–L049.

Errors are what no debtor of the segment may lawfully be sent; warnings are what depends on the
debtor, and what relance does then.
"""

from relance.diagnostics import Severity, rule
from relance.language import N_

ERROR = Severity.ERROR
WARNING = Severity.WARNING
INFO = Severity.INFO

CHARGED_FIRST = rule(
    "L001", ERROR,
    N_("level `{level}` charges Belgian consumers without a free first reminder before it (CDE art. XIX.2)"),
    N_("put a notice without `charges`, without `when` and not skipped by `catch_up` before it"),
    N_("The first reminder to a consumer costs nothing, and nothing beside the principal is due before it. A clause that says otherwise is void."),
)  # fmt: skip
CHARGED_FIRST_PERHAPS = rule(
    "L002", WARNING,
    N_("level `{level}` can charge a Belgian consumer without a free first reminder before it (CDE art. XIX.2)"),
    N_("give consumers a segment and a procedure of their own: `when: {{kind: consumer}}`, `procedure: consumer-be`"),
    N_("The segment does not say what kind of debtor it takes. Where a debtor is a consumer, relance holds the notice back until the law lets it go."),
)  # fmt: skip
CHARGED_EARLY = rule(
    "L003", ERROR,
    N_("level `{level}` can come {days} days after the free reminder `{first}`: Belgian consumers have 14 days, up to {least} with posting and holidays (CDE art. XIX.2)"),
    N_("set `days` of `{level}` to {later} or more, or `interval` to {interval}"),
    N_("The 14 days begin on the third working day after a letter is posted, or on the day after an e-mail. Counted at worst over all weekends and Belgian holidays."),
)  # fmt: skip
CHARGED_EARLY_PERHAPS = rule(
    "L004", WARNING,
    N_("level `{level}` can come {days} days after the free reminder `{first}`: a Belgian consumer has 14 days, up to {least} with posting and holidays (CDE art. XIX.2)"),
    N_("set `days` of `{level}` to {later} or more, or give consumers a procedure of their own"),
    N_("The segment does not say what kind of debtor it takes. Where a debtor is a consumer, relance holds the notice back until the law lets it go."),
)  # fmt: skip
NO_CLAUSE = rule(
    "L005", WARNING,
    N_("level `{level}` claims nothing from Belgian consumers: no clause of the terms of sale is named (CDE art. XIX.4)"),
    N_("set `law: {{consumer_clause: true}}` if your terms of sale have a clause that holds for both sides, else remove `charges`"),
    N_("Interest and compensation are due by a consumer only where the contract says so, and gives the consumer the same when the seller is late."),
)  # fmt: skip
CONSUMER_RATE_ABOVE = rule(
    "L006", ERROR,
    N_("the rate of {rate} % for consumers is above the {most} % that the law allows ({semester}, CDE art. XIX.4)"),
    N_("set `consumer_rate` to {most} or less, and put the terms of sale right; a clause above is void as a whole"),
    N_("At most the rate of the law of 2 August 2002 between businesses may be agreed with consumers."),
)  # fmt: skip
FEE_FROM_BELGIAN_CONSUMER = rule(
    "L007", ERROR,
    N_("level `{level}` asks a fee of {fee}, which a Belgian consumer never owes (CDE art. XIX.2, XIX.4)"),
    N_("remove `fee`, or keep consumers out of this procedure; the agreed compensation within its ceiling covers all costs"),
    N_("Beside interest and compensation within their ceilings nothing may be asked: no file costs, no costs of reminders. Only reminders of a contract with regular deliveries may cost something, from the fourth unpaid due date of a year on (`law: regular_contract`)."),
)  # fmt: skip
FEE_ABOVE = rule(
    "L008", ERROR,
    N_("level `{level}` asks a fee of {fee}; a reminder may cost a Belgian consumer 7.50 and its postage (CDE art. XIX.2)"),
    N_("set `fee` to 7.50; it is due from the fourth unpaid due date of a calendar year on"),
    N_("Where deliveries are regular, the reminders of three due dates in a calendar year are free. Postage is not counted by relance."),
)  # fmt: skip
FREE_THREE = rule(
    "L009", WARNING,
    N_("level `{level}` asks a fee: with regular deliveries, reminders of three due dates a year are free (CDE art. XIX.2)"),
    N_("use `fee` only in a procedure for consumers with a fourth unpaid due date in the calendar year"),
    N_("Count the unpaid due dates of the debtor in the calendar year: the first three cost nothing."),
)  # fmt: skip
CHARGES_TO_CONSUMERS = rule(
    "L010", ERROR,
    N_("level `{level}` claims {charges} from French consumers, which only professionals owe (C. com. art. L441-10, D441-5)"),
    N_("remove `{charges}` from `charges`; consumers owe interest at the legal rate after the formal notice"),
    N_("Penalties and the compensation of 40 € are due between professionals. A consumer owes interest at the legal rate from the formal notice on (C. civ. art. 1231-6); costs of recovery stay with the creditor (CPCE art. L111-8)."),
)  # fmt: skip
CHARGES_TO_CONSUMERS_PERHAPS = rule(
    "L011", WARNING,
    N_("level `{level}` claims {charges}, and segment `{segment}` can hold consumers: relance claims nothing there (C. com. art. L441-10, D441-5)"),
    N_("give consumers a segment before it: `when: {{kind: consumer}}`, `procedure: consumer-fr`"),
    N_("The segment does not say what kind of debtor it takes. Penalties and the compensation of 40 € are claimed from professionals alone."),
)  # fmt: skip
FEE_TO_CONSUMERS = rule(
    "L012", ERROR,
    N_("level `{level}` asks a fee of {fee}, and segment `{segment}` can hold French consumers: without an enforceable title, costs of recovery stay with the creditor (CPCE art. L111-8)"),
    N_("remove `fee`, or take in businesses only: `when: {{kind: [business, public]}}`"),
    N_("A clause that makes a consumer pay for reminders is void."),
)  # fmt: skip
FEE_TO_PROFESSIONALS = rule(
    "L013", WARNING,
    N_("level `{level}` asks a fee of {fee}: beyond 40 € a professional owes costs only on proof (C. com. art. L441-10, II)"),
    N_("use `compensation: legal`, and claim further costs with their invoices"),
    N_("Costs above the compensation are due when they are documented; a flat fee is not."),
)  # fmt: skip
INTEREST_BEFORE_NOTICE = rule(
    "L014", ERROR,
    N_("level `{level}` claims interest from French consumers who had no formal notice yet (C. civ. art. 1231-6, 1344-1)"),
    N_("remove `interest` from `charges`; claim it at levels after the one with `template: formal-notice`"),
    N_("A consumer owes interest at the legal rate from the day on which the formal notice came, not from the due date. The formal notice itself claims none yet."),
)  # fmt: skip
UNKNOWN_SECTOR = rule(
    "L018", ERROR,
    N_("unknown sector `{sector}`"),
    N_("did you mean: {names}? Without `sector`, the ordinary limits on terms hold"),
    N_("Sectors whose longest terms of payment differ stand in C. com. art. L441-11 and D441-5-1."),
)  # fmt: skip
SECTOR_WITHOUT_EFFECT = rule(
    "L019", WARNING,
    N_("`sector` says nothing under the law of {country}"),
    N_("remove it; only French law has limits by sector"),
    N_("Sectors whose longest terms of payment differ stand in the French Code de commerce."),
)  # fmt: skip
TERMS_TOO_LONG = rule(
    "L020", ERROR,
    N_("terms of `{terms}` exceed what the law allows by up to {days} days: {said} ({article})"),
    N_("write terms within the limit, or give the debtors who have longer ones their own `terms` in the customers' file"),
    N_("Due dates that are computed from unlawful terms are no basis for interest. In France longer terms are fined (C. com. art. L441-16); in Belgium they count as not written, and 30 days hold."),
)  # fmt: skip
TERMS_SOMETIMES_TOO_LONG = rule(
    "L021", WARNING,
    N_("terms of `{terms}` can exceed what the law allows, by up to {days} days: {said} ({article})"),
    N_("write them so that no date of invoice exceeds the limit, or make sure that more is expressly agreed and fair"),
    N_("Whether the limit is passed depends on the date of the invoice, or on what was agreed."),
)  # fmt: skip
NO_PROOF = rule(
    "L025", WARNING,
    N_("the formal notice `{level}` can leave by {names}, which proves no sending ({article})"),
    N_("use a channel with `proof: receipt`, such as `registered: {{kind: letter, folder: out/registered, proof: receipt}}`"),
    N_("No form is prescribed, but the creditor must prove that the notice was sent: interest of consumers and the steps after it depend on it."),
)  # fmt: skip
IMITATION = rule(
    "L030", ERROR,
    N_("“{words}” makes the notice look like an act of a court or its officers ({article})"),
    N_("write instead: “{instead}”"),
    N_("Documents that can be taken for judicial or official ones are forbidden, whatever the debt. Nobody but a court or its officers announces what they do."),
)  # fmt: skip
THREAT = rule(
    "L031", WARNING,
    N_("“{words}” threatens with what needs a court's decision first ({article})"),
    N_("write instead: “{instead}”"),
    N_("A creditor may say that the law's ways are open; announcing seizure, a bailiff or a call to the employer without a title is an aggressive practice."),
)  # fmt: skip
REMINDER_WITHOUT_MENTION_YET = rule(
    "L034", WARNING,
    N_("the first reminder to Belgian consumers leaves out {mention}: no compensation can be claimed after it (CDE art. XIX.2)"),
    N_("add {instead} to the template"),
    N_("The procedure claims the principal alone, which needs no mention. As soon as it charges, the first reminder must have announced it."),
)  # fmt: skip
REMINDER_WITHOUT_MENTION = rule(
    "L035", ERROR,
    N_("the first reminder to Belgian consumers leaves out {mention} (CDE art. XIX.2)"),
    N_("add {instead} to the template"),
    N_("It states what is due, the compensation that will be claimed, the creditor's name and enterprise number, the product and due date, and the 14 days. Without them the compensation is lost."),
)  # fmt: skip
FORMAL_WITHOUT_MENTION = rule(
    "L036", WARNING,
    N_("the formal notice leaves out {mention} ({article})"),
    N_("add {instead} to the template"),
    N_("A formal notice must show a clear demand to pay: its name, who asks whom, for what, how much, and by when."),
)  # fmt: skip
NO_ENTERPRISE_NUMBER = rule(
    "L037", ERROR,
    N_("the first reminder to Belgian consumers states the enterprise number, and `creditor` has none (CDE art. XIX.2)"),
    N_("add `registration:` under `creditor`"),
    N_("Without the creditor's name and number the reminder does not count, and no compensation is due."),
)  # fmt: skip
NO_REGISTRATION = rule(
    "L038", WARNING,
    N_("formal notices state who claims, and `creditor` has no registration ({article})"),
    N_("add `registration:` under `creditor`"),
    N_("Business papers carry the number under which the business is registered."),
)  # fmt: skip
RATE_BELOW_FLOOR = rule(
    "L040", WARNING,
    N_("the contract rate of {rate} % is below three times the legal rate, {least} % in {semester} (C. com. art. L441-10, II)"),
    N_("agree {least} % or more, or remove `contract_rate`: then the rate of the law holds, {legal} %"),
    N_("relance computes with the rate that is agreed and never raises it: what replaces a clause below the floor is not settled. The floor binds agreed rates only, not the rate of the law."),
)  # fmt: skip
RATE_BELOW_STATUTORY = rule(
    "L041", WARNING,
    N_("the contract rate of {rate} % is below the statutory {least} % of {semester} (directive 2011/7/UE art. 3, 7)"),
    N_("remove `contract_rate` to claim the statutory rate"),
    N_("Less may be agreed unless it is grossly unfair to the creditor; most creditors do not mean to."),
)  # fmt: skip
RATE_SOON_MISSING = rule(
    "L042", INFO,
    N_("from {day} on the rate `{table}` is not known: notices that claim interest will be held back"),
    N_("once it is published, add to relance.yaml: `rates: [{{table: {table}, from: {day}, percent: RATE, source: PUBLICATION}}]`"),
    N_("Rates change on 1 January and 1 July, and are never carried over."),
)  # fmt: skip
NO_LIMITATION = rule(
    "L045", INFO,
    N_("no limitation period is known for claims on {kinds} under the law of {country}: nobody is warned before they are barred"),
    N_("write the months under `law:`, `limitation: {{business: 120, consumer: 12}}` for example"),
    N_("How long a claim lives depends on what was sold; relance knows the periods of French law, and takes others from the policy."),
)  # fmt: skip
