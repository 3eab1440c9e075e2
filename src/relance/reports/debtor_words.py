"""What a debtor's sheet says in sentences, each with the count that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from relance.language import N_, translator
from relance.money import to_minor
from relance.reports.figures import amount_text
from relance.reports.score_view import number_text, share_text

CHANGES = {
    "slipping": N_("slipping"),
    "mending": N_("mending"),
    "steady": N_("steady"),
}
OUTCOMES = {
    "kept": N_("kept"),
    "part_kept": N_("kept in part"),
    "broken": N_("broken"),
    "open": N_("not due yet"),
    "renewed": N_("renewed"),
    "withdrawn": N_("taken back"),
}
DISPUTES = {"open": N_("open"), "accepted": N_("accepted"), "settled": N_("settled")}
STATES = {"changed": N_("changed"), "missing": N_("missing"), "as_attached": N_("as attached")}
KINDS = {"business": N_("business"), "consumer": N_("consumer"), "public": N_("public body")}

Sheet = Mapping[str, Any]


def amount(text: str, currency: str, language: str) -> str:
    """Return an amount of the JSON as `language` writes it."""
    return amount_text(to_minor(Decimal(text), currency), currency, language)


def behaviour_lines(sheet: Sheet, language: str) -> Iterator[str]:
    """Yield how the debtor pays; below the count that is needed, only that nothing is said."""
    _ = translator(language)
    found = sheet["behaviour"]
    if found["known"]:
        yield from _paid(found, sheet["currency"], language)
    else:
        said = _(
            "Receivables seen paid: {paid}. Below {needed}, nothing is said about how it pays."
        )
        yield said.format(paid=found["paid"], needed=found["needed"])
    if found["overdue"]:
        said = _("Overdue now: {count}, the oldest for {days} days.")
        yield said.format(count=found["overdue"], days=found["oldest_days_past_due"])
    kept = found["promises"]
    if any(kept.values()):
        said = _(
            "Promises: {kept} kept, {part_kept} kept in part, {broken} broken, {open} not due yet."
        )
        yield said.format(**kept)
    if found["disputes"]:
        yield _("Disputes raised: {count}.").format(count=found["disputes"])


def _paid(found: Mapping[str, Any], currency: str, language: str) -> Iterator[str]:
    _ = translator(language)
    said = _("Late: {late} of {paid} receivables ({share}), {mean} days late on average.")
    yield said.format(
        late=found["late"],
        paid=found["paid"],
        share=share_text(found["late_share"], language),
        mean=number_text(found["mean_days_late"], 1, language),
    )
    if found["late_amount_share"] is not None:
        said = _("By amount: {late} of {amount} were paid late ({share}).")
        yield said.format(
            late=amount(found["late_amount"], currency, language),
            amount=amount(found["amount"], currency, language),
            share=share_text(found["late_amount_share"], language),
        )
    trend = found["trend"]
    if trend:
        yield _trend(trend, language)


def _trend(trend: Mapping[str, Any], language: str) -> str:
    _ = translator(language)
    said = {
        "slipping": _(
            "Slipping: the last {recent} came {recent_days}, the {earlier} before {earlier_days} (medians)."
        ),
        "mending": _(
            "Mending: the last {recent} came {recent_days}, the {earlier} before {earlier_days} (medians)."
        ),
        "steady": _(
            "Steady: the last {recent} came {recent_days}, the {earlier} before {earlier_days} (medians)."
        ),
    }[trend["change"]]
    return said.format(
        recent=trend["recent"],
        earlier=trend["earlier"],
        recent_days=days_text(trend["recent_days"], language),
        earlier_days=days_text(trend["earlier_days"], language),
    )


def days_text(days: float, language: str) -> str:
    """Return how long after or before its due date something came."""
    _ = translator(language)
    if not days:
        return _("on the due date")
    count = number_text(abs(days), 0 if float(days).is_integer() else 1, language)
    said = _("{days} d after the due date") if days > 0 else _("{days} d before the due date")
    return said.format(days=count)


def estimate_text(sheet: Sheet, language: str) -> str:
    """Return the estimate in one sentence, or why there is none."""
    _ = translator(language)
    found = sheet["estimate"]
    if not found["given"] and found["why"] == "not_a_firm":
        return _(
            "No estimate: natural persons are not scored, nor is who is not known to be a firm."
        )
    if not found["given"]:
        return _("No estimate: too little is known of the book as a whole.")
    said = _(
        "{late} of its {known} receivables were late, and {book_late} of {book_known} in the book: the next one is "
        "late with a chance of {chance}, and paid {days}, eight times in ten between {low} and {high} days from it."
    )
    told = said.format(
        **{name: found[name] for name in ("late", "known", "book_late", "book_known")},
        chance=share_text(found["late_chance"], language),
        days=days_text(found["days"], language),
        low=signed(found["days_from"]),
        high=signed(found["days_to"]),
    )
    if found.get("model_chance") is not None:
        model = _("The model, which was better on your own past, gives {chance} for the next one.")
        return f"{told} {model.format(chance=share_text(found['model_chance'], language))}"
    if found.get("model") == "ratio":
        return f"{told} " + _("A model was not better on your own past.")
    return told


def signed(days: int) -> str:
    """Return `days` with its sign; 0 has none."""
    return f"{days:+d}".replace("-", "\u2212") if days else "0"
