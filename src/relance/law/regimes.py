"""The rules by country and kind of debtor: which rate, from when, what compensation, which articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from relance.diagnostics import Diagnostic
from relance.language import N_
from relance.law.claim import Kind
from relance.law.rate_codes import NO_RULE

Begin = Literal["due", "notice", "either", "waiting"]
"""When interest begins: the day after the due date; the day after the notice; after the notice where
there is one, else after the due date; or with the waiting time of Book XIX."""

Compensation = Literal["none", "forty", "uk", "nl_bik", "nl_bik_waiting", "be_consumer"]
"""The rule of the compensation, see `compensation`."""


@dataclass(frozen=True, slots=True)
class Regime:
    """What one country's law says of one kind of debtor.

    Attributes:
        table: of the statutory rate, "" where the law itself says the rate: then `margin` is it.
        margin: points added to the table's rate.
        since: first day that the margin held for; None as far back as the table goes.
        begin: when interest begins.
        fixed: whether the rate of the first day holds to the end.
        compounds: whether interest of a full year bears interest.
        agreed: whether the terms of sale may set another rate.
        compensation: its rule.
        interest_articles, compensation_articles: as they are printed.
        remarks: templates of what is to be known about the claim.
        rate_remarks: templates of what is to be known where the statutory rate is taken.
        unless_notice: template of what is to be known where there was no notice.
    """

    table: str
    margin: Decimal = Decimal(0)
    since: date | None = None
    begin: Begin = "due"
    fixed: bool = False
    compounds: bool = False
    agreed: bool = True
    compensation: Compensation = "none"
    interest_articles: tuple[str, ...] = ()
    compensation_articles: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    rate_remarks: tuple[str, ...] = ()
    unless_notice: str = ""


class NoRegime(Exception):  # noqa: N818 - a refusal that is understood, not a fault
    """No rule is known for a claim.

    Attributes:
        diagnostic: says for which country and kind of debtor.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message())


NEEDS_NOTICE = N_(
    "No interest: the law lets it run from a formal notice only (`notice`), and there was none."
)
DEFAULT_BY_DATE = N_(
    "Interest from the day after the due date supposes that the debtor is in default by the date "
    "alone; else give the day of the formal notice (`notice`)."
)
AGREED_DAY = N_(
    "No interest: it runs from the reminder, or from a day of payment that was agreed (OR art. 102); "
    "give that day as `notice`."
)
PUBLIC_AS_BUSINESS = N_(
    "Public buyers owe what businesses owe (directive 2011/7/EU, art. 4); national rules for them "
    "were not compared."
)
UK_FIXED = N_(
    "The rate is the one of the half-year in which interest began, to the end (SI 2002/1675, art. 4); "
    "some calculators change it every half-year."
)
LU_THREE_MONTHS = N_(
    "No interest: it runs from three months after delivery, or from a formal notice before; give the "
    "day before it begins as `notice`."
)
BIK_AGREED = N_(
    "Collection costs follow the statutory scale, which terms with businesses may replace; a reminder "
    "before claiming more than 40 € is prudent."
)
WITHHELD_LETTER = N_(
    "No collection costs: a consumer owes them only 14 days after receiving a letter that names them."
)

SINCE_2013 = date(2013, 7, 1)
EIGHT, NINE = Decimal(8), Decimal(9)

FR_BUSINESS = Regime(
    "fr_default", compensation="forty",
    interest_articles=("C. com. art. L441-10 II",), compensation_articles=("C. com. art. D441-5",),
)  # fmt: skip
FR_CONSUMER = Regime(
    "fr_legal", begin="notice",
    interest_articles=("C. civ. art. 1231-6", "C. civ. art. 1344-1"), unless_notice=NEEDS_NOTICE,
)  # fmt: skip
FR_PUBLIC = Regime(
    "ecb_refi", EIGHT, SINCE_2013, fixed=True, agreed=False, compensation="forty",
    interest_articles=("CCP art. L2192-13", "CCP art. R2192-31"),
    compensation_articles=("CCP art. D2192-35",),
)  # fmt: skip
BE_BUSINESS = Regime(
    "be_b2b", compensation="forty",
    interest_articles=("loi du 2 août 2002, art. 5",),
    compensation_articles=("loi du 2 août 2002, art. 6",),
)  # fmt: skip
BE_CONSUMER = Regime(
    "be_civil", begin="waiting", compensation="be_consumer",
    interest_articles=("CDE art. XIX.2", "CDE art. XIX.4"), compensation_articles=("CDE art. XIX.4",),
)  # fmt: skip
LU_BUSINESS = Regime(
    "lu_b2b", compensation="forty",
    interest_articles=("loi du 18 avril 2004, art. 3",),
    compensation_articles=("loi du 18 avril 2004, art. 5",),
)  # fmt: skip
LU_CONSUMER = Regime(
    "lu_consumer", begin="notice",
    interest_articles=("loi du 18 avril 2004, ch. II",), unless_notice=LU_THREE_MONTHS,
)  # fmt: skip
NL_BUSINESS = Regime(
    "nl_handelsrente", compounds=True, compensation="nl_bik", remarks=(BIK_AGREED,),
    interest_articles=("BW art. 6:119a",), compensation_articles=("BW art. 6:96",),
)  # fmt: skip
NL_CONSUMER = Regime(
    "nl_consumentenrente", compounds=True, compensation="nl_bik_waiting",
    interest_articles=("BW art. 6:119",), compensation_articles=("BW art. 6:96 lid 6",),
)  # fmt: skip
DE_BUSINESS = Regime(
    "de_base", NINE, date(2014, 7, 1), compensation="forty",
    interest_articles=("BGB § 288 Abs. 2",), compensation_articles=("BGB § 288 Abs. 5",),
)  # fmt: skip
DE_CONSUMER = Regime(
    "de_base", Decimal(5), begin="either",
    interest_articles=("BGB § 288 Abs. 1",), unless_notice=DEFAULT_BY_DATE,
)  # fmt: skip
CH_ANY = Regime(
    "", Decimal(5), begin="notice", interest_articles=("OR Art. 104",), unless_notice=AGREED_DAY
)
ES_BUSINESS = Regime(
    "ecb_refi", EIGHT, SINCE_2013, compensation="forty",
    interest_articles=("Ley 3/2004, art. 7",), compensation_articles=("Ley 3/2004, art. 8",),
)  # fmt: skip
IT_BUSINESS = Regime(
    "ecb_refi", EIGHT, SINCE_2013, compensation="forty",
    interest_articles=("D.Lgs. 231/2002, art. 5",),
    compensation_articles=("D.Lgs. 231/2002, art. 6",),
)  # fmt: skip
IT_CONSUMER = Regime(
    "it_legal", begin="either",
    interest_articles=("C.c. art. 1224", "C.c. art. 1284"), unless_notice=DEFAULT_BY_DATE,
)  # fmt: skip
GB_BUSINESS = Regime(
    "uk_base", EIGHT, fixed=True, compensation="uk", rate_remarks=(UK_FIXED,),
    interest_articles=(
        "Late Payment of Commercial Debts (Interest) Act 1998, s. 1", "SI 2002/1675, art. 4",
    ),
    compensation_articles=("Late Payment of Commercial Debts (Interest) Act 1998, s. 5A",),
)  # fmt: skip

_BUSINESS = {
    "BE": BE_BUSINESS, "LU": LU_BUSINESS, "NL": NL_BUSINESS, "DE": DE_BUSINESS, "ES": ES_BUSINESS,
    "IT": IT_BUSINESS, "GB": GB_BUSINESS,
}  # fmt: skip

REGIMES: dict[tuple[str, Kind], Regime] = {
    ("FR", "business"): FR_BUSINESS,
    ("FR", "consumer"): FR_CONSUMER,
    ("FR", "public"): FR_PUBLIC,
    ("BE", "consumer"): BE_CONSUMER,
    ("LU", "consumer"): LU_CONSUMER,
    ("NL", "consumer"): NL_CONSUMER,
    ("DE", "consumer"): DE_CONSUMER,
    ("IT", "consumer"): IT_CONSUMER,
    ("CH", "business"): CH_ANY,
    ("CH", "consumer"): CH_ANY,
    ("CH", "public"): CH_ANY,
    **{(country, "business"): regime for country, regime in _BUSINESS.items()},
    **{
        (country, "public"): replace(regime, remarks=(*regime.remarks, PUBLIC_AS_BUSINESS))
        for country, regime in _BUSINESS.items()
    },
}
"""The rules that are known, by country (ISO 3166 alpha-2) and kind of debtor."""


def regime_of(country: str, kind: Kind) -> Regime:
    """Return the rules for debtors of `kind` under the law of `country`.

    Raises:
        NoRegime: when none are known.
    """
    regime = REGIMES.get((country, kind))
    if regime is None:
        raise NoRegime(Diagnostic(NO_RULE, facts={"country": country, "kind": kind}))
    return regime
