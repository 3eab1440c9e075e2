"""What the policy says to the law: agreed rates and clauses, rates to add, needs of debtors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from relance.policy.conditions import Condition
from relance.policy.values import Country, Days, Flag, Model, NonEmpty, PositiveAmount

Percent = Annotated[Decimal, Field(ge=0, le=100)]
"""A yearly rate, or a part, in percent."""

Months = Annotated[int, Field(ge=1, le=600)]
"""A number of months."""

RateTable = Literal[
    "ecb_refi", "fr_default", "fr_legal", "be_b2b", "be_civil", "lu_b2b", "lu_consumer",
    "nl_handelsrente", "nl_consumentenrente", "de_base", "uk_base", "it_legal",
]  # fmt: skip
"""Tables of rates; each has a file with sources in `law/data`."""


class Rate(Model):
    """A rate that relance does not know yet, or one to set right."""

    table: RateTable = Field(description="The table that it belongs to.")
    start: date = Field(alias="from", description="First day on which it holds.")
    percent: Percent = Field(description="Yearly rate in percent.")
    source: NonEmpty = Field(description="Where it is published: printed beside the computation.")


class Limitation(Model):
    """After how many months a claim is barred; without it, the law's own where it is known."""

    business: Months | None = Field(default=None, description="Claims on businesses.")
    consumer: Months | None = Field(default=None, description="Claims on consumers.")
    public: Months | None = Field(default=None, description="Claims on public buyers.")


class Law(Model):
    """Which law governs the claims, and what the creditor's terms of sale agree."""

    country: Country | None = Field(
        default=None, description="Country whose law governs; else the creditor's."
    )
    contract_rate: Percent | None = Field(
        default=None, description="Yearly rate that the terms agree with businesses."
    )
    imputation: Literal["principal", "interest"] = Field(
        default="principal", description="What a part payment pays first."
    )
    consumer_clause: Flag = Field(
        default=False,
        description="The terms with consumers have a penalty clause, the same for both sides.",
    )
    consumer_rate: Percent | None = Field(
        default=None, description="Yearly rate that the terms agree with consumers."
    )
    small_creditor: Flag = Field(
        default=False, description="The creditor is an SME in the sense of Book XIX (Belgium)."
    )
    regular_contract: Flag = Field(
        default=False, description="Consumers are delivered regularly (Book XIX, Belgium)."
    )
    sector: NonEmpty | None = Field(
        default=None, description="Sector whose longest terms of payment hold (see the law page)."
    )
    limitation: Limitation = Field(
        default_factory=Limitation, description="Periods after which claims are barred."
    )


class Discount(Model):
    """A discount for early payment (escompte)."""

    percent: Percent = Field(description="Part of the amount that may be kept.")
    days: Days = Field(description="When paid within so many days of the invoice.")


class Lettering(Model):
    """The rules of lettering: what a payment may fall short by, and what is only proposed."""

    bank_charges: PositiveAmount = Field(
        default=Decimal(0), description="A payment may fall short by so much: its banks kept it."
    )
    discount: Discount | None = Field(
        default=None, description="Discount for early payment that debtors may keep."
    )
    oldest_first: Flag = Field(
        default=False,
        description="A payment that says nothing pays its debtor's oldest receivables.",
    )
    most_items: Annotated[int, Field(ge=2, le=12)] = Field(
        default=6, description="Most receivables that one sum is looked for in."
    )


Need = Literal[
    "order_number", "market_number", "service_code", "reference", "registration", "vat", "mentions"
]
"""What an invoice must carry to be paid."""


class Requirement(Model):
    """What invoices to some debtors must carry; `requires` of a customer adds to it."""

    when: Condition | None = Field(default=None, description="Which debtors; all, without it.")
    needs: Annotated[tuple[Need, ...], Field(min_length=1)] = Field(
        description="What their invoices must carry."
    )
