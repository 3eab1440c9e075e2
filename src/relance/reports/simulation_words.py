"""What is said of a simulation beside its figures: what it rests on, and what it does not show."""

from __future__ import annotations

from collections.abc import Iterator

from relance.language import N_, translator
from relance.reports.figures import amount_text, count_text, date_text, safe
from relance.simulation.outcome import WINDOW, Outcome, Spread
from relance.simulation.sides import Simulation

EFFECT = N_(
    "Payments come on the same days whatever is sent: what reminders bring in is not simulated. "
    "Compare how much is sent and asked for, not what is left open."
)

_NOTES = {
    "undated": N_("{count} receivables were paid on days that nobody tells: they are played as what is open of them today."),
    "missing": N_("{count} receivables are gone from their export, nobody knows why: they are left out."),
    "gone": N_("{count} paid receivables are in no source any more: they are put together from their payments."),
    "unforeseen": N_("For {count} receivables no payment is foreseen: they are open for longer than anything was that was paid."),
}  # fmt: skip


def title(played: Simulation, language: str) -> str:
    """Return what was played."""
    _ = translator(language)
    first, last = (date_text(day, language) for day in (played.period.first, played.period.last))
    if played.synthetic:
        return _("Made-up portfolio, {first} to {last}").format(first=first, last=last)
    return _("{creditor}, {first} to {last}").format(
        creditor=safe(played.creditor), first=first, last=last
    )


def basis(played: Simulation, language: str) -> Iterator[str]:
    """Yield what the figures rest on, and what is not in them."""
    _ = translator(language)
    yield _(EFFECT)
    if played.synthetic:
        yield _("Debtors, receivables and payments are made up from seed {seed}: they are no forecast.").format(seed=played.seed)  # fmt: skip
    elif played.drawn:
        today = date_text(played.today, language)
        said = _("Until {today} payments are those that came; after it they are drawn by seed {seed} from how each debtor paid.")  # fmt: skip
        yield said.format(today=today, seed=played.seed)
        if played.untold.assumed:
            yield _("Too few payments are known to draw from: days of payment are an assumption, no experience.")  # fmt: skip
        if played.period.last > played.today:
            yield _("No new invoices come after today: the later months have less to remind of than they will.")  # fmt: skip
    else:
        yield _("Payments are those that came.")
    for name, text in _NOTES.items():
        if count := getattr(played.untold, name):
            yield _(text).format(count=count_text(count, language))
    yield _("Everything sent arrives, approvals are given the same day, and no brake stops a run.")


def number_text(number: float, language: str) -> str:
    """Return a number with a half written out where it has one."""
    text = f"{number:g}".replace("-", "−")
    return text.replace(".", ",") if language == "fr" else text


def hours_text(minutes: int, language: str) -> str:
    """Return minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{count_text(hours, language)} h {rest:02d}"


def cost_text(cost: int | None, found: Outcome, language: str) -> str:
    """Return a cost; a dash where nothing is said of it."""
    return "–" if cost is None else amount_text(cost, found.currency, language)


SUMMARY = (
    ("notices", N_("Notices")),
    ("tasks", N_("Tasks")),
    ("work", N_("Work on tasks")),
    ("cost_of_channels", N_("Cost of channels")),
    ("cost_of_work", N_("Cost of work")),
    ("cost", N_("Cost in all")),
    ("contacted", N_("Debtors written to")),
    ("busiest", N_("Busiest day, notices")),
    ("first_contact.median", N_("First notice, days after due: median")),
    ("first_contact.p90", N_("First notice, days after due: P90")),
    ("pressure.p95", N_("Notices per debtor in {days} days: P95")),
    ("pressure.most", N_("Notices per debtor in {days} days: most")),
)
"""The lines of the summary."""


def summary_rows(played: Simulation, language: str) -> list[list[str]]:
    """Return a row per line of SUMMARY: its name, a cell per simulation, and their difference."""
    _ = translator(language)
    outcomes = [side.outcome for side in played.sides]
    rows = []
    for key, name in SUMMARY:
        cells = [_cell(key, found, language) for found in outcomes]
        if key.startswith("cost") and set(cells) == {"–"}:
            continue
        row = [_(name).format(days=WINDOW), *cells]
        if len(outcomes) == 2:
            row.append(_difference(key, outcomes[0], outcomes[1], language))
        rows.append(row)
    return [*rows, *_left_rows(outcomes, language)]


def _cell(key: str, found: Outcome, language: str) -> str:
    if key == "work":
        return hours_text(found.total.minutes, language)
    if "." in key:
        value = _of_spread(key, found)
        return "–" if value is None else number_text(value, language)
    if key.startswith("cost"):
        return cost_text(getattr(found, key), found, language)
    return count_text(_number(key, found), language)


def _of_spread(key: str, found: Outcome) -> float | None:
    """Return one figure of a spread, as `first_contact.p90`; None where there is none."""
    name, _, figure = key.partition(".")
    spread: Spread | None = getattr(found, name)
    return None if spread is None else float(getattr(spread, figure))


def _number(key: str, found: Outcome) -> int:
    if key == "busiest":
        return max((each.notices for each in found.by_day.values()), default=0)
    return found.contacted if key == "contacted" else int(getattr(found.total, key))


def _difference(key: str, one: Outcome, two: Outcome, language: str) -> str:
    if "." in key:
        was, now = _of_spread(key, one), _of_spread(key, two)
        if was is None or now is None:
            return ""
        return _signed(now - was, number_text(abs(now - was), language))
    if key == "work":
        change = two.total.minutes - one.total.minutes
        return _signed(change, hours_text(abs(change), language))
    if key.startswith("cost"):
        old, new = getattr(one, key), getattr(two, key)
        if old is None or new is None or one.currency != two.currency:
            return ""
        return _signed(new - old, amount_text(abs(new - old), one.currency, language))
    change = _number(key, two) - _number(key, one)
    return _signed(change, count_text(abs(change), language))


def _signed(change: float, text: str) -> str:
    return "=" if change == 0 else f"{'+' if change > 0 else '−'}{text}"


def _left_rows(outcomes: list[Outcome], language: str) -> list[list[str]]:
    """Return what is open at the end by currency: the same for all, as payments are."""
    _ = translator(language)
    rows = []
    for each in outcomes[0].left:
        if each.receivables:
            said = amount_text(each.open, each.currency, language)
            name = _("Open at the end ({currency})").format(currency=each.currency)
            same = [said] * len(outcomes)
            rows.append([name, *same, *(["="] if len(outcomes) == 2 else [])])
    return rows
