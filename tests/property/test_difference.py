"""The differences of two plans over random portfolios, against both plans written out in full."""

from __future__ import annotations

from collections import Counter

from book import past, planned
from hypothesis import given, settings
from hypothesis import strategies as st
from test_decision import policies, portfolios

from relance.dunning.difference import differences
from relance.dunning.difference_notices import _outgoing, _said
from relance.policy.model import Charges

CHANGES = (
    {"tone": "firm"},
    {"statement": False},
    {"template": "last-reminder"},
    {"channel": (), "all": ("email", "letter")},
    {"charges": Charges(interest="legal", compensation="legal")},
    {"charges": Charges(compensation="legal", paid=True)},
)


@st.composite
def other_policies(draw, first):
    """Return another policy, or `first` with all its levels otherwise, or days later."""
    if draw(st.integers(0, 3)) == 0:
        return draw(policies())
    change, days = draw(st.sampled_from(CHANGES)), draw(st.sampled_from([0, 0, 0, 1, 4]))

    def otherwise(level):
        own = {"days": level.days + days}
        return level.model_copy(update=own if level.task else own | change)

    changed = {
        name: procedure.model_copy(update={"levels": tuple(map(otherwise, procedure.levels))})
        for name, procedure in first.procedures.items()
    }
    return first.model_copy(update={"procedures": changed})


@st.composite
def changes(draw):
    items, debtors, history, rules, today = draw(portfolios())
    return items, debtors, history, today, rules, draw(other_policies(rules))


def plans(given_):
    items, debtors, history, today, *both = given_
    made = [planned(items, today, past(*history), rules, debtors=debtors) for rules in both]
    return *made, differences(*made, *both)


def words(one):
    """Return all that a notice says of itself, and what it claims of which item."""
    lines = tuple((line.item, line.level, line.open) for line in one.notice.receivables)
    said = {name: value for name, value in _said(one).items() if name != "statement"}
    return (one.notice.debtor.id, one.notice.currency, lines, *sorted(said.items(), key=str))


@settings(max_examples=25, deadline=None)
@given(changes())
def test_what_is_told_is_what_both_plans_written_out_in_full_differ_in(given_):
    old, new, found = plans(given_)
    full = [_outgoing(plan.notices) for plan in (old, new)]
    assert_notices(found, *full)
    assert_claimed(found, *full)
    assert_waiting(found, old, new)
    keys = [{task.key for task in plan.tasks} for plan in (old, new)]
    assert {c.task.key for c in found.tasks if c.what == "added"} == keys[1] - keys[0]
    assert {c.task.key for c in found.tasks if c.what == "removed"} == keys[0] - keys[1]


def assert_notices(found, old, new):
    """The new notices are the old ones with the changes."""
    notices = Counter(map(words, old))
    for change in found.notices:
        if change.old is not None:
            notices[words(change.old)] -= 1
        if change.new is not None:
            notices[words(change.new)] += 1
    assert +notices == Counter(map(words, new))
    assert min(notices.values(), default=0) >= 0
    more = found.count("notices", "added") - found.count("notices", "removed")
    assert len(new) - len(old) == more


def assert_claimed(found, old, new):
    claimed: Counter[tuple[str, ...]] = Counter()
    for notices, sign in ((old, -1), (new, 1)):
        for notice in (one.notice for one in notices):
            key = (notice.segment, notice.procedure, notice.level, notice.currency)
            claimed[key] += sign * notice.total_due
    told = {(r.segment, r.procedure, r.level, r.currency): r.claimed for r in found.levels}
    assert {key: n for key, n in told.items() if n} == {key: n for key, n in claimed.items() if n}


def assert_waiting(found, old, new):
    rows = [{row["item"]: row for row in plan.decided.iter_rows(named=True)} for plan in (old, new)]
    waiting = set()
    for item, then in rows[0].items():
        now, names = rows[1][item], ["verdict", "until"]
        if now["verdict"] not in ("settled", "credit", "missing"):  # these wait for no level
            names.append("next_level")
        if "act" not in (then["verdict"], now["verdict"]):
            waiting |= {item for name in names if then[name] != now[name]}
    assert set(found.held["item"]) == waiting


@settings(max_examples=4, deadline=None)
@given(portfolios())
def test_a_policy_differs_in_nothing_from_itself(portfolio):
    items, debtors, history, rules, today = portfolio
    assert not plans((items, debtors, history, today, rules, rules))[2].any
