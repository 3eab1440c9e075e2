"""What a template sees of a notice: frozen plain data, with amounts and dates as the debtor reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from relance.dunning.plan import Line, Notice
from relance.ledger.schema import RECEIVABLE_KINDS
from relance.notices import figures
from relance.notices.agreement import agreement_of, last_day, reduction
from relance.notices.annex import annex_of, charged_sentence, charges_note, free_reminder
from relance.notices.exchanges import confirmed, rejections_of
from relance.notices.hand import Hand
from relance.notices.outlook import NextStep, deadline, next_step, regime
from relance.notices.payment import Payment, payment_of
from relance.notices.stationery import Stationery

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The creditor as printed. `registration` and `vat` carry their labels; unknown is ""."""

    name: str
    address: tuple[str, ...]
    country: str
    email: str
    phone: str
    website: str
    contact: str
    registration: str
    vat: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, ready to print.

    Attributes:
        kind: "invoice", "charge", "instalment", "opening", "credit_note", "payment", "advance".
        due_long: the due date with its month in letters.
        days_past_due: negative before the due date, None without one.
        late: the same in words for a column of its own ("12 days", "in 3 days"), "" without a due
            date. lateness: for anywhere else ("12 days overdue").
        open, amount: what is still to be paid, and the whole, with their currency.
        details: what is printed under the number, in smaller importance.
        paid: the day of the last payment, where only what comes beside the principal is left; else "".
        interest, compensation, fee: what is claimed beside it, "" for nothing; charges: the same as pairs
            of label and amount.
    """

    number: str
    kind: str
    issued: str
    due: str
    due_long: str
    days_past_due: int | None
    late: str
    lateness: str
    amount: str
    open: str
    order_number: str
    reference: str
    details: tuple[str, ...]
    paid: str
    interest: str
    compensation: str
    fee: str
    charges: tuple[Pair, ...]


Pair = tuple[str, str]
"""A label and its value."""


def context_of(notice: Notice, stationery: Stationery, language: str) -> dict[str, Any]:
    """Return the variables of the templates for `notice` written in `language`.

    They are those that docs/templates lists; the layouts also get the words of the wording.
    """
    country = notice.debtor.country or stationery.creditor.country
    locale = figures.locale_name(language, country)
    labels = stationery.labels_of(language)
    setting = _Setting(notice.currency, locale, labels)
    hand = Hand(
        notice.currency,
        locale,
        labels,
        stationery.own_sources,
        stationery.law.imputation == "interest",
    )
    creditor = _letterhead(stationery, labels)
    law = regime(notice, stationery.creditor.country)
    step = next_step(notice, stationery.procedures.get(notice.procedure))
    return {
        "t": labels,
        "language": language,
        "locale": locale,
        "creditor": creditor,
        "legal": _legal(creditor),
        "debtor": notice.debtor,
        "notice": notice,
        "claims": notice.total_due > 0,
        "today": notice.run_date,
        "tone": notice.tone,
        "level": notice.level,
        "regime": law,
        "law": _law(notice, law, labels),
        "free_reminder": free_reminder(notice, creditor.registration, stationery.law, hand)
        if law == "be_consumer"
        else "",
        "deadline": deadline(notice, stationery.creditor.country, step),
        "next_step": step or NextStep("none", None),
        **_tables(notice, setting),
        "charged": charged_sentence(notice, hand),
        "charges_note": charges_note(notice, hand),
        "annex": annex_of(notice, hand),
        "personal_link": notice.link,
        "confirmed": confirmed(notice, setting.labels, locale),
        "rejections": rejections_of(notice, setting.labels, locale),
        "plan": agreement_of(notice.arrangement, hand),
        **_payment(notice, payment_of(notice, stationery), setting),
    }


def _tables(notice: Notice, setting: _Setting) -> dict[str, Any]:
    lines = setting.rows(notice.receivables)
    shown = (*notice.receivables, *notice.other_open, *notice.credits)
    charged = notice.total_due - notice.total_open
    return {
        "lines": lines,
        "count": len(lines),
        "first": lines[0],
        "numbers": figures.enumerate_numbers([row.number for row in lines], setting.locale),
        "oldest": max(row.days_past_due or 0 for row in lines),
        "other_open": setting.rows(notice.other_open),
        "credits": setting.rows(notice.credits),
        "paid_late": setting.rows(notice.paid_late),
        "has_charges": any(line.interest or line.compensation for line in notice.charged),
        "sums": setting.sums(notice),
        "principal": setting.money(notice.total_open),
        "total": setting.money(notice.total_due),
        "balance": setting.money(sum(line.open for line in shown) + charged),
    }


def _payment(notice: Notice, payment: Payment, setting: _Setting) -> dict[str, Any]:
    return {
        "account": payment.account,
        "payment_reference": payment.printed,
        "payment_reference_is_structured": payment.structured is not None,
        "payment_link": "" if notice.arrangement else payment.link,
        "payment_lines": _payment_lines(notice, payment, setting),
    }


def _payment_lines(notice: Notice, payment: Payment, setting: _Setting) -> tuple[Pair, ...]:
    """How to pay by transfer; nothing where no account takes the currency."""
    account = payment.account
    if account is None:
        return ()
    labels = setting.labels
    reference = "structured_reference" if payment.structured else "reference"
    pairs = (
        # Each instalment has its own amount: the table says which.
        (labels["pay_amount"], "" if notice.asked is None else setting.money(notice.asked)),
        (labels["offer_until"], last_day(notice.arrangement, setting.locale)),
        (labels["holder"], account.holder),
        (labels["iban"], figures.iban(account.iban)),
        (labels["bic"], account.bic or ""),
        (labels[reference], payment.printed),
    )
    return tuple(pair for pair in pairs if pair[1])


@dataclass(frozen=True, slots=True)
class _Setting:
    """How one debtor reads figures."""

    currency: str
    locale: str
    labels: Labels

    def money(self, minor: int) -> str:
        return figures.money(minor, self.currency, self.locale)

    def day(self, day: date | None) -> str:
        return figures.date_short(day, self.locale) if day else ""

    def rows(self, lines: tuple[Line, ...]) -> tuple[Row, ...]:
        """The oldest due date first, so that `first` is the oldest."""
        ordered = sorted(lines, key=lambda line: (line.due or date.max, line.number))
        return tuple(map(self.row, ordered))

    def row(self, line: Line) -> Row:
        return Row(
            number=line.number,
            kind=line.kind,
            issued=self.day(line.issued),
            due=self.day(line.due),
            due_long=figures.date_long(line.due, self.locale) if line.due else "",
            days_past_due=line.days_past_due,
            late=self.late(line, "late"),
            lateness=self.late(line, "overdue"),
            amount=self.money(line.amount),
            open=self.money(line.open),
            order_number=line.order_number or "",
            reference=line.reference or "",
            details=tuple(self.details(line)),
            paid=self.day(line.paid),
            interest=self.money(line.interest) if line.interest else "",
            compensation=self.money(line.compensation) if line.compensation else "",
            fee=self.money(line.fee) if line.fee else "",
            charges=tuple(
                (self.labels[name], self.money(minor))
                for name in ("interest", "compensation", "fee")
                if (minor := getattr(line, name))
            ),
        )

    def late(self, line: Line, past: str) -> str:
        if line.days_past_due is None or line.kind not in RECEIVABLE_KINDS:
            return ""
        if line.days_past_due == 0:
            return self.labels["today"]
        when = past if line.days_past_due > 0 else "in"
        days = abs(line.days_past_due)
        return _say(self.labels[f"{when}_{'day' if days == 1 else 'days'}"], str(days))

    def details(self, line: Line) -> list[str]:
        labels = self.labels
        kind = labels.get(f"kind_{line.kind}", "")
        said = [kind] if kind else []
        if line.issued:
            said.append(_say(labels["issued_on"], self.day(line.issued)))
        if line.order_number:
            said.append(_say(labels["order"], line.order_number))
        if line.paid:
            said.append(_say(labels["paid_on"], self.day(line.paid)))
        elif line.amount != line.open:
            said.append(_say(labels["out_of"], self.money(line.amount)))
        return said

    def sums(self, notice: Notice) -> tuple[Pair, ...]:
        """What closes the table: the total, after principal, charges and what is offered off it."""
        less = reduction(notice.arrangement)
        charges = [("interest", notice.interest), ("compensation", notice.compensation)]
        charges += [("fee", notice.fee), *less]
        claimed = tuple((name, minor) for name, minor in charges if minor)
        parts = (("principal", notice.total_open), *claimed) if claimed else ()
        return tuple(
            (self.labels[name], self.money(minor))
            for name, minor in (*parts, ("total", notice.total_due + sum(m for _, m in less)))
        )


def _say(label: str, value: str) -> str:
    """Labels have one place, {}; the value is data and is put in once."""
    return label.replace("{}", value, 1)


def _letterhead(stationery: Stationery, labels: Labels) -> Letterhead:
    creditor = stationery.creditor
    label = labels.get(f"registration_{creditor.country}", labels["registration"])
    number = creditor.registration
    return Letterhead(
        name=creditor.name,
        address=creditor.address,
        country=creditor.country,
        email=creditor.email,
        phone=creditor.phone or "",
        website=creditor.website or "",
        contact=creditor.contact or "",
        registration=_say(label, figures.registration(number, creditor.country)) if number else "",
        vat=_say(labels["vat"], creditor.vat) if creditor.vat else "",
    )


def _legal(creditor: Letterhead) -> str:
    """Who the creditor is, on one line, as the foot of a message says it."""
    parts = (creditor.name, *creditor.address, creditor.registration, creditor.vat)
    return ", ".join(part for part in parts if part)


def _law(notice: Notice, law: str, labels: Labels) -> str:
    """What a formal notice says of the law, "" where none is to be quoted.

    Once interest or compensation is claimed, the articles stand in the note under the table.
    """
    if not law.endswith("business"):
        return labels.get(f"law_{law}", "")
    if notice.interest or notice.compensation:
        return labels.get(f"law_{law.removesuffix('_business')}", "")
    return f"{labels[f'law_{law}']} {labels['not_included']}"
