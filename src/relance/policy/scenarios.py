"""Tests of a project's own procedures, as users write them in tests/*.yaml.

A test gives what is owed and by whom, then steps: exports, events and runs, each of a day, with
what is expected after it. What a test does not give is as in the project.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag
from pydantic_core import PydanticCustomError

from relance.policy.sources import CUSTOMER_COLUMNS, RECEIVABLE_COLUMNS
from relance.policy.values import Model, NonEmpty, Slug, Texts, listed

DAY = r"^\d{4}-\d{2}-\d{2}$"
VERDICTS = (
    "settled", "credit", "missing", "undecided", "blocked", "insolvent", "handed_over", "disputed",
    "promised", "instalments", "offered", "in_doubt", "complete", "payment_pending", "not_due",
    "interval", "unlawful_now", "below_minimum", "deferred", "capped", "unreachable", "act",
)  # fmt: skip
"""The verdicts of the decision, in its order."""

DOING = ("export", "customers", "paid", "policy", "procedures", "record", "answer", "adopt",
         "approve", "call", "run", "plan")  # fmt: skip
"""What a step can do: exactly one of these."""

EXPECTED = ("levels", "verdicts", "until", "next", "notices", "tasks", "diagnostics")
"""What can be expected of a plan, and of the plan of a run."""

ALWAYS_EXPECTED = ("sent", "says", "exit")
"""What can be expected of all that runs the program."""


def _day(value: Any) -> Any:
    """A day that is in the calendar, as text: what the program writes is compared with it."""
    if isinstance(value, date):
        return value.isoformat()
    try:
        date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        raise PydanticCustomError(
            "string_pattern_mismatch", "a day is expected", {"pattern": DAY}
        ) from None
    return value


def _numbers(value: Any) -> Any:
    """Return `number: amount` of numbers alone, which are paid in full."""
    value = listed(value)
    return dict.fromkeys(value, "all") if isinstance(value, list) else value


Day = Annotated[str, BeforeValidator(_day), Field(pattern=DAY)]
"""A day, YYYY-MM-DD."""

MONEY = r"^-?\d{1,14}(\.\d+)?$"
PAID = r"^(all|\d{1,14}(\.\d+)?)$"

Money = Annotated[str, StringConstraints(pattern=MONEY)]
"""An amount as the program writes it: digits, and a point before decimals."""

Paid = Annotated[str, StringConstraints(pattern=PAID)]
"""An amount, or `all` that is open."""

Known = Literal[VERDICTS]  # type: ignore[valid-type]  # the tuple is the list of them
ReceivableField = Literal[(*RECEIVABLE_COLUMNS, "source")]  # type: ignore[valid-type]
CustomerField = Literal[CUSTOMER_COLUMNS]  # type: ignore[valid-type]


def _form(value: Any) -> str:
    return "text" if isinstance(value, str) else "list"


Rows = Annotated[
    Annotated[NonEmpty, Tag("text")]
    | Annotated[tuple[dict[ReceivableField, str | None], ...], Tag("list")],
    Discriminator(_form),
]
"""Receivables: CSV as text, or a mapping for each."""

Customers = Annotated[
    Annotated[NonEmpty, Tag("text")]
    | Annotated[tuple[dict[CustomerField, str | None], ...], Tag("list")],
    Discriminator(_form),
]
"""Debtors: CSV as text, or a mapping for each."""

Overlay = dict[str, Any]


PaidNumbers = Annotated[
    dict[str, Paid],
    BeforeValidator(_numbers, json_schema_input_type=dict[str, Paid] | list[str] | str),
]
"""What is paid of which numbers; numbers alone are paid in full."""


class ExpectedNotice(Model):
    """What is expected of a notice; what is not named is not looked at."""

    debtor: str | None = Field(default=None, description="Id of the debtor.")
    debtor_name: str | None = Field(default=None, description="Name of the debtor.")
    segment: str | None = Field(default=None, description="Segment of the debtor.")
    procedure: str | None = Field(default=None, description="Procedure that it belongs to.")
    level: str | None = Field(default=None, description="Level, the highest of its receivables.")
    level_number: str | None = Field(default=None, description="Place of the level, from 1 on.")
    channel: str | None = Field(default=None, description="Channel that carries it.")
    medium: str | None = Field(default=None, description="email, letter or sms.")
    recipient: str | None = Field(default=None, description="Address that it goes to.")
    language: str | None = Field(default=None, description="Language that it is written in.")
    template: str | None = Field(default=None, description="Template that it is written with.")
    variant: str | None = Field(default=None, description="Variant of the level, from 1 on.")
    to: str | None = Field(default=None, description="Role of the person addressed.")
    currency: str | None = Field(default=None, description="Currency of all its amounts.")
    numbers: Texts | None = Field(default=None, description="Receivables that it claims, in order.")
    others: Texts | None = Field(default=None, description="Other open items that it shows.")
    credit_numbers: Texts | None = Field(default=None, description="Credits that it shows.")
    paid_late: Texts | None = Field(
        default=None, description="Paid invoices of which it claims interest or compensation."
    )
    total_open: Money | None = Field(default=None, description="Principal that it claims.")
    interest: Money | None = Field(default=None, description="Interest that it claims.")
    compensation: Money | None = Field(default=None, description="Compensation that it claims.")
    fee: Money | None = Field(default=None, description="Fees that it claims.")
    total_due: Money | None = Field(default=None, description="All that it claims.")
    approval: str | None = Field(
        default=None, description="required if a person approves before it leaves, else none."
    )


class ExpectedTask(Model):
    """What is expected of a task; what is not named is not looked at."""

    kind: str | None = Field(default=None, description="call, check, decide, find_address, …")
    debtor: str | None = Field(default=None, description="Id of the debtor.")
    debtor_name: str | None = Field(default=None, description="Name of the debtor.")
    subject: str | None = Field(default=None, description="Its line on the worklist.")
    numbers: Texts | None = Field(default=None, description="Receivables that it is about.")
    due: Day | None = Field(default=None, description="Day on which it is to be done.")
    owner: str | None = Field(default=None, description="Who does it.")
    procedure: str | None = Field(default=None, description="Procedure that asks for it.")
    level: str | None = Field(default=None, description="Level that asks for it.")
    text: str | None = Field(default=None, description="What there is to read beside it.")


class ExpectedFinding(Model):
    """What is expected among the findings; texts need only be part of what is said."""

    code: str | None = Field(default=None, description="Code of the finding.")
    severity: str | None = Field(default=None, description="error, warning or info.")
    file: str | None = Field(default=None, description="Part of the path of the file.")
    line: str | None = Field(default=None, description="Line of the file.")
    message: str | None = Field(default=None, description="Part of the message.")


class Answer(Model):
    """A debtor's answer by mail."""

    debtor: NonEmpty = Field(description="Who wrote; the sender is the debtor's address.")
    text: NonEmpty = Field(description="What was written.")
    subject: NonEmpty = Field(default="Re: relance", description="Subject of the mail.")


class Step(Model):
    """One thing done, on its day, and what is expected after it."""

    export: Rows | None = Field(default=None, description="From here on the exports have these.")
    customers: Customers | None = Field(default=None, description="From here on these are known.")
    paid: PaidNumbers | None = Field(
        default=None, description="Numbers that are paid: in full, or `number: amount`."
    )
    policy: Overlay | None = Field(default=None, description="Changes of relance.yaml.")
    procedures: dict[Slug, Overlay] | None = Field(
        default=None, description="Changes of procedures, by name."
    )
    record: NonEmpty | None = Field(
        default=None, description="What `relance record` would be given: promise F1 --until …"
    )
    answer: Answer | None = Field(default=None, description="A debtor's answer by mail.")
    adopt: Day | None = Field(default=None, description="`relance adopt` on that day.")
    approve: Day | None = Field(
        default=None, description="Approves the plan of that day, with all that waits for it."
    )
    call: NonEmpty | None = Field(default=None, description="Any command: tasks, dispute, …")
    run: Day | None = Field(default=None, description="A run on that day, into a mere outbox.")
    plan: Day | None = Field(default=None, description="What a run on that day would do.")
    date: Day | None = Field(default=None, description="Day of `record`, `answer` and `call`.")
    levels: dict[str, str] | None = Field(
        default=None, description="All numbers on notices, with their levels; {} for none."
    )
    verdicts: dict[str, Known] | None = Field(
        default=None, description="Verdicts of the numbers named."
    )
    until: dict[str, Day | None] | None = Field(
        default=None, description="Day on which the verdict of a number can change; null: none."
    )
    next: dict[str, str | None] | None = Field(
        default=None, description="Next level of a number that is not dunned; null: none."
    )
    notices: tuple[ExpectedNotice, ...] | None = Field(
        default=None, description="All notices, in any order; [] says that nothing must go."
    )
    tasks: tuple[ExpectedTask, ...] | None = Field(
        default=None, description="All tasks, in any order; [] says that there must be none."
    )
    diagnostics: tuple[ExpectedFinding, ...] | None = Field(
        default=None, description="Findings that must be among those of the plan."
    )
    sent: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="How many notices the test has sent by now."
    )
    says: Texts | None = Field(default=None, description="Texts that the output must have.")
    exit: Annotated[int, Field(ge=0)] = Field(default=0, description="The exit code.")

    @property
    def doing(self) -> str:
        """The name of what the step does."""
        return next(name for name in DOING if getattr(self, name) is not None)

    @property
    def expects(self) -> tuple[str, ...]:
        """Names of what is expected of the plan, in order."""
        return tuple(name for name in EXPECTED if getattr(self, name) is not None)


class Given(Model):
    """What a test starts from, where it differs from the project."""

    policy: Overlay = Field(
        default_factory=dict, description="Changes of relance.yaml, key by key; null removes."
    )
    procedures: dict[Slug, Overlay] = Field(
        default_factory=dict, description="Changes of procedures, by name; or new ones."
    )
    open: Rows | None = Field(
        default=None,
        description="Receivables: a list of mappings, or rows of CSV with canonical columns.",
    )
    customers: Customers | None = Field(
        default=None,
        description="Debtors: a list of mappings, or rows of CSV; those not named are made up.",
    )


class Scenario(Given):
    """One test."""

    name: NonEmpty = Field(description="What is tested, as a sentence.")
    steps: Annotated[tuple[Step, ...], Field(min_length=1)] = Field(
        description="What happens, in order, and what is expected."
    )


class Scenarios(Model):
    """A file of tests."""

    given: Given = Field(default_factory=Given, description="What all tests of the file share.")
    tests: Annotated[tuple[Scenario, ...], Field(min_length=1)] = Field(description="The tests.")
