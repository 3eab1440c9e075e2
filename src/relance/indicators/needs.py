"""What the sources would have to tell, where they do not tell enough for a figure."""

from __future__ import annotations

from relance.language import N_

SALES = N_("the sales of the period: a FEC, or an export that keeps settled receivables")
STOCK = N_(
    "what was open on that day: a FEC, or an export that tells when receivables were settled"
)
FRESH = N_("entries up to the day: the books end more than 45 days before it")
SOLD = N_("sales in the period")
OWED = N_(
    "a shorter period: what is not due at its end is more than what was open before it and a month's"
    " sales"
)
PAID = N_("something paid or past due in the period")
OPEN = N_("open receivables")
PROMISES = N_("promises that were due in the period (`relance promise`)")
DISPUTES = N_("open disputes")
INVOICES = N_("invoices with a date of issue in the period")
DELIVERIES = N_("dates of delivery or order: no source gives them yet")
COSTS = N_("the cost of a notice by channel (`costs:` in relance.yaml)")
MARGIN = N_("the margin (`costs: {margin: …}` in relance.yaml, or `--margin`)")
PAST_DUE = N_("receivables past due")
NOTICES = N_("notices in the period")
