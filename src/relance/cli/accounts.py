"""`relance accounts`: the bank accounts that debtors are told, and whether they are those pinned."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import output, project
from relance.cli.call import Call
from relance.cli.exits import Exit
from relance.cli.people import operator_name
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.reports.tables import Table
    from relance.runs.accounts import Accounts, Known

HELP = _(
    "Show the bank accounts of accounts.yaml and whether they are those that were pinned at the "
    "first run. While they differ nothing is sent: a changed account is the fraud of reminders. "
    "Ask whoever changed them, by a way you know, before you approve.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance accounts\n"
    "  relance accounts approve     pin them as they are now"
)


class Action(StrEnum):
    """What to do about the accounts."""

    SHOW = "show"
    APPROVE = "approve"


def accounts(
    call: Call,
    action: Annotated[Action, typer.Argument(help=_("show, or approve."))] = Action.SHOW,
) -> int:
    """Show the accounts, or pin them."""
    from relance.runs.accounts import accounts_of, pin_accounts

    policy = project.policy_of(call)
    with project.history_of(policy, readonly=action is Action.SHOW) as history:
        if action is Action.APPROVE:
            pin_accounts(policy, history, operator_name())
        found = accounts_of(policy, history)
    if call.json:
        output.show_json(_fields(found))
    else:
        if not call.quiet:
            output.show(_table(found))
        _tell(call, found, action)
    return Exit.BRAKE if found.changed else Exit.DONE


def _tell(call: Call, found: Accounts, action: Action) -> None:
    if action is Action.APPROVE:
        output.tell(call, _("Pinned: {fingerprint}.").format(fingerprint=found.fingerprint))
    elif found.pin is None:
        output.tell(
            call, _("Nothing is pinned yet: the first run pins them, or `accounts approve`.")
        )
    elif found.changed:
        output.tell(
            call,
            _(
                "They are not those that were pinned: nothing is sent until `relance accounts approve`."
            ),
        )


def _states(found: Accounts) -> list[tuple[Known, str]]:
    """Return each account of the file and each that was pinned, with how it stands."""
    pinned = found.pinned
    rows = [
        (one, "unpinned" if pinned is None else "pinned" if one in pinned else "new")
        for one in found.declared
    ]
    return rows + [(one, "gone") for one in pinned or () if one not in found.declared]


def _fields(found: Accounts) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "fingerprint": found.fingerprint,
        "changed": found.changed,
        "pinned_at": found.pin.at.isoformat() if found.pin else None,
        "pinned_by": found.pin.by if found.pin else None,
        "accounts": [
            {"iban": one.iban, "bic": one.bic or None, "holder": one.holder,
             "currency": one.currency or None, "state": state}
            for one, state in _states(found)
        ],
    }  # fmt: skip


def _table(found: Accounts) -> Table:
    from relance.notices.figures import iban
    from relance.reports.figures import safe
    from relance.reports.tables import Column, Table

    words = {
        "unpinned": _("not pinned yet"),
        "pinned": _("pinned"),
        "new": _("new"),
        "gone": _("gone"),
    }
    rows = [
        [iban(one.iban), one.bic or "–", safe(one.holder), one.currency or "–", words[state]]
        for one, state in _states(found)
    ]
    columns = [Column("IBAN"), Column("BIC", fit="drop"), Column(_("Holder"), fit="cut"),
               Column(_("Currency"), fit="drop"), Column(_("State"))]  # fmt: skip
    return Table(_("Bank accounts"), columns, rows, note=_pinned_by(found))


def _pinned_by(found: Accounts) -> str:
    if found.pin is None:
        return ""
    day, by = found.pin.at.date(), found.pin.by
    if by is None:
        return _("Pinned on {day} by the first run.").format(day=day)
    return _("Pinned on {day} by {by}.").format(day=day, by=by)
