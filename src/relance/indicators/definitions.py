"""What each figure is: its name, formula and perimeter, as they stand beside it everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from relance.indicators.figure import NO_VAT, Definition, Figure, Part
from relance.language import N_

_OPEN = N_("what is open on the day, disputed, doubtful and handed over receivables included")
_NET = N_("receivables less credits on the day; sales are invoices less credit notes, by month")
_PERIOD = N_("what is dated in the period")
_PROMISES = N_("promises for a day of the period; open and withdrawn ones are left out")
_INVOICES = N_("invoices issued in the period, credit notes left out")
_NOTICES = N_("notices whose run was in the period")
_OWING = N_("debtors with a receivable past due")

DEFINITIONS: Mapping[str, Definition] = {
    "receivables": Definition(
        N_("Receivables"), "money", N_("sum of what is open of receivables"), _OPEN, additive=True
    ),
    "credits": Definition(
        N_("Credits and payments on account"), "money",
        N_("sum of what is left of credit notes, payments and advances of debtors"),
        N_("never set off against a bucket of the ageing"), additive=True,
    ),
    "overdue": Definition(
        N_("Receivables past due"), "money", N_("receivables whose due date is before the day"),
        _OPEN, additive=True,
    ),
    "overdue_share": Definition(
        N_("Share past due"), "percent", N_("past due / receivables x 100"), _OPEN
    ),
    "over_60": Definition(
        N_("Over 60 days late"), "money", N_("receivables more than 60 days past due"), _OPEN,
        additive=True,
    ),
    "over_60_share": Definition(
        N_("Share over 60 days late"), "percent",
        N_("receivables more than 60 days past due / receivables x 100"), _OPEN,
    ),
    "top10_share": Definition(
        N_("Share of the ten largest"), "percent",
        N_("receivables of the ten debtors who owe most / receivables x 100"), _OPEN,
    ),
    "unapplied": Definition(
        N_("Payments not applied"), "money",
        N_("what is left of payments and advances of debtors, and payments in nobody's balance"),
        N_("payments in nobody's balance are in the whole only"),
    ),
    "sales": Definition(
        N_("Sales of the period"), "money", N_("invoices less credit notes"), _PERIOD, additive=True
    ),
    "receipts": Definition(
        N_("Receipts of the period"), "money", N_("money of debtors, less what was taken back"),
        _PERIOD, additive=True,
    ),
    "dso": Definition(
        N_("DSO, counted back"), "days",
        N_("from the day back, each month's sales are taken off what is owed and its days counted; "
           "the last month in proportion"), _NET,
    ),
    "dso_simple": Definition(
        N_("DSO, simple"), "days",
        N_("receivables less credits / sales of the period x days of the period"), _NET,
    ),
    "dso_true": Definition(
        N_("DSO, by invoice"), "days",
        N_("sum of (days since the invoice x what is open of it / sales of its month)"),
        N_("open receivables whose month of issue has known sales; explains, compares with nothing"),
    ),
    "bpdso": Definition(
        N_("DSO, best possible"), "days",
        N_("counted back like the DSO, from what is not due; credits are set against what is past "
           "due first"), _NET,
    ),
    "add": Definition(
        N_("Average days delinquent"), "days", N_("DSO, counted back, less DSO, best possible"), _NET
    ),
    "days_late": Definition(
        N_("Mean days late, measured"), "days",
        N_("sum of (days late x amount) / sum of amounts; what was paid in time counts 0 days"),
        N_("what was paid in the period, and what is past due and open at its end, late so far"),
    ),
    "cei": Definition(
        N_("Collection effectiveness"), "percent",
        N_("(AR0 + S/N - AR1) / (AR0 + S/N - AR1 not due) x 100: AR0 and AR1 are the receivables "
           "before and at the end of the period, S its sales, N its months"),
        N_("receivables without credits; advance payments may lift it over 100"),
    ),
    "promises_kept": Definition(
        N_("Promises kept"), "percent", N_("promises kept / promises due x 100"), _PROMISES, NO_VAT
    ),
    "promises_kept_amount": Definition(
        N_("Promises kept, by amount"), "percent",
        N_("amount of promises kept / amount of promises due x 100"), _PROMISES,
    ),
    "disputed": Definition(
        N_("In dispute"), "money", N_("what is disputed of open receivables"),
        N_("inside the receivables, and inside those past due"), additive=True,
    ),
    "dispute_rate": Definition(
        N_("Dispute rate"), "percent", N_("in dispute / receivables x 100"),
        N_("inside the receivables, and inside those past due"),
    ),
    "dispute_age": Definition(
        N_("Age of disputes"), "days", N_("median of the days since open disputes were opened"),
        N_("disputes that are open on the day"), NO_VAT,
    ),
    "month_end_share": Definition(
        N_("Invoiced at the end of the month"), "percent",
        N_("amount of the invoices issued in the last five days of a month / amount of all x 100"),
        _INVOICES,
    ),
    "invoicing_days": Definition(
        N_("Days with invoices per month"), "count",
        N_("days on which an invoice was issued / months of the period"), _INVOICES, NO_VAT,
    ),
    "invoicing_delay": Definition(
        N_("Days from delivery to invoice"), "days",
        N_("mean of the days from delivery to the date of issue"), _INVOICES, NO_VAT,
    ),
    "notices": Definition(
        N_("Notices sent"), "count", N_("notices sent, or perhaps sent"), _NOTICES, NO_VAT,
        additive=True,
    ),
    "cost": Definition(
        N_("Cost of collection"), "money", N_("sum over channels of notices and tasks x cost of one"),
        N_("notices and tasks whose run was in the period, at the costs of the policy"),
        N_("costs as the policy gives them"), additive=True,
    ),
    "make_up": Definition(
        N_("Turnover to make up for a loss"), "money", N_("receivables over 120 days late / margin"),
        N_("what it would take if all of them were lost"),
    ),
    "coverage": Definition(
        N_("Reminders covered"), "percent",
        N_("receivables past due that had a reminder, or have a reason why not / receivables past "
           "due x 100"), N_("receivables past due on the day, by number"), NO_VAT,
    ),
    "contactable": Definition(
        N_("Debtors who can be reached"), "percent",
        N_("debtors whom a channel of the policy reaches / debtors x 100"), _OWING, NO_VAT,
    ),
    "bounced": Definition(
        N_("Notices that came back"), "percent",
        N_("notices that were refused or came back / notices that left x 100"), _NOTICES, NO_VAT,
    ),
    "in_doubt": Definition(
        N_("Notices in doubt"), "count", N_("notices of which it is not known whether they left"),
        _NOTICES, NO_VAT, additive=True,
    ),
}  # fmt: skip
"""In the order in which they are shown."""

Value = int | Decimal | None
Parts = Mapping[str, Part]


def figure(
    key: str,
    value: Value,
    currency: str | None = None,
    parts: Parts | None = None,
    missing: str = "",
) -> Figure:
    """Return the figure of `key`; `missing` says what would be needed where it has no value."""
    if value is None:
        return Figure(key, None, DEFINITIONS[key], currency, missing=missing)
    return Figure(key, value, DEFINITIONS[key], currency, parts=parts or {})
