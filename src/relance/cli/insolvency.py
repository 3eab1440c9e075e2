"""`relance insolvency`: collective proceedings, and the claim that is to be declared in time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.typed import day_of
from relance.cli.words import _

if TYPE_CHECKING:
    from relance.policy.model import Policy

HELP = _(
    "Enter that a debtor is in collective proceedings: dunning stops at once, and a task asks for "
    "the claim to be declared. In France the last day is two months after BODACC (four for a creditor "
    "abroad); in Belgium the judgment says it, normally within 30 days: give it with --until, and declare "
    "in RegSol. When they close, --outcome says whether older claims are still pursued.\n\n"
    "\b\n"
    "Examples:\n"
    "  relance insolvency open C12 --kind liquidation --published 2026-03-10 \\\n"
    '      --opened 2026-03-03 --representative "Me Roux"\n'
    "  relance insolvency open C14 --kind liquidation --until 2026-04-20\n"
    "  relance insolvency list\n"
    "  relance insolvency claim C12 -o claim.pdf    to check, complete and sign\n"
    "  relance insolvency declared C12 --on 2026-04-02\n"
    "  relance insolvency close C12                 dunning goes on\n"
    "  relance insolvency close C14 --outcome insufficient"
)


class Action(StrEnum):
    """What to do about proceedings."""

    LIST = "list"
    OPEN = "open"
    CLAIM = "claim"
    DECLARED = "declared"
    CLOSE = "close"


class Outcome(StrEnum):
    """How proceedings ended, where claims are not simply pursued again."""

    PLAN = "plan"
    INSUFFICIENT = "insufficient"


class Kind(StrEnum):
    """Kinds of proceedings."""

    SAFEGUARD = "safeguard"
    REORGANISATION = "reorganisation"
    LIQUIDATION = "liquidation"


def insolvency(  # noqa: PLR0913, PLR0917 - a parameter is an option
    call: Call,
    action: Annotated[
        Action, typer.Argument(help=_("list, open, claim, declared, close."))
    ] = Action.LIST,
    debtor: Annotated[
        str | None, typer.Argument(metavar="DEBTOR", help=_("Debtor concerned."))
    ] = None,
    kind: Annotated[
        Kind | None,
        typer.Option("--kind", help=_("safeguard, reorganisation (redressement), liquidation.")),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="YYYY-MM-DD", help=_("Publication in BODACC.")),
    ] = None,
    opened: Annotated[
        str | None,
        typer.Option("--opened", metavar="YYYY-MM-DD", help=_("Opening judgment; interest stops.")),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="YYYY-MM-DD", help=_("Last day to declare the claim.")),
    ] = None,
    representative: Annotated[
        str | None,
        typer.Option("--representative", metavar="NAME", help=_("Whom the claim is declared to.")),
    ] = None,
    court: Annotated[
        str | None, typer.Option("--court", metavar="NAME", help=_("Court that opened them."))
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help=_("Who sees to it."))
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help=_("Day of the declaration; else today.")),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("For those who read it."))
    ] = None,
    outcome: Annotated[
        Outcome | None,
        typer.Option("--outcome", help=_("How they closed: plan, insufficient (assets).")),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("New PDF file."))
    ] = None,
) -> int:
    """Do it."""
    policy = project.policy_of(call)
    if action is Action.LIST:
        return _list(call, policy)
    if not debtor:
        raise Stop(Exit.USAGE, _("which debtor?"), _("relance insolvency {action} DEBTOR").format(action=action))  # fmt: skip
    if action is Action.CLAIM:
        return _claim(call, policy, debtor, file)
    if action is Action.OPEN:
        days = {
            name: day_of(text, f"--{name}").isoformat()
            for name, text in (("published", published), ("opened", opened))
            if text
        }
        named = {"representative": representative, "court": court}
        told: dict[str, Any] = days | {name: text for name, text in named.items() if text}
        last = day_of(until, "--until") if until else None
        words = {"code": str(kind) if kind else None, "owner": owner, "reason": reason}
        return _open(call, policy, debtor, last, {**words, "told": told})
    day = day_of(on, "--on") if on else None
    if outcome is not None and action is not Action.CLOSE:
        raise Stop(Exit.USAGE, _("--outcome is of `close`"), _("leave it out"))
    ended = str(outcome) if outcome else None
    return _note(call, policy, (action, debtor), {"day": day, "reason": reason, "outcome": ended})


def _open(call: Call, policy: Policy, debtor: str, until: date | None, more: dict[str, Any]) -> int:
    from relance.runs.insolvencies import open_proceedings
    from relance.runs.recording import Entry

    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        entry = Entry("insolvency", proposal.today, None, debtor, until, by=operator_name(), **more)
        last = open_proceedings(entry, proposal, history)
    if isinstance(last, list):
        raise project.refused_by(call, last)
    if call.json:
        day = last.isoformat() if last else None
        output.show_json({"schema_version": 1, "recorded": "insolvency", "declare_by": day})
    elif last:
        from relance.language import day_text

        text = _("Dunning of {debtor} is stopped. The claim is to be declared by {date}.")
        output.tell(call, text.format(debtor=debtor, date=day_text(last, call.language)))
    else:
        text = _(
            "Dunning of {debtor} is stopped. The last day to declare the claim is not known: give it "
            "with --until, as the judgment says it (Belgium: normally within 30 days of it), or the day of "
            "BODACC with --published."
        )
        output.tell(call, text.format(debtor=debtor))
    return Exit.DONE


def _list(call: Call, policy: Policy) -> int:
    from relance.runs.insolvencies import proceedings

    with project.history_of(policy) as history:
        found = proceedings(project.proposal_of(call, policy, history), history)
    if call.json:
        output.show_json({"schema_version": 1, "proceedings": found})
    elif not found:
        output.tell(call, _("No debtor is in collective proceedings."))
    else:
        from relance.notices.declaration import KINDS
        from relance.reports.insolvency_table import proceedings_table

        output.show(proceedings_table(found, KINDS, call.language))
    return Exit.DONE


def _claim(call: Call, policy: Policy, debtor: str, file: Path | None) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.insolvencies import claim_of

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        claim = claim_of(debtor, proposal, history)
    if isinstance(claim, Diagnostic):
        raise project.refused_by(call, [claim])
    if file is not None:
        _write(call, policy, claim, file)
    if call.json:
        output.show_json({"schema_version": 1, **claim})
    elif file is None:
        from relance.reports.insolvency_table import claim_table

        output.show(claim_table(claim, call.language))
    else:
        text = _("Written: {file}. Check it, complete it, sign it.")
        output.tell(call, text.format(file=file))
    return Exit.DONE


def _write(call: Call, policy: Policy, claim: dict[str, Any], file: Path) -> None:
    from relance.notices.declaration import declaration_pdf

    made = declaration_pdf(claim, policy.creditor, call.today(policy))
    if not isinstance(made, bytes):
        raise project.refused_by(call, [made])
    files.write(file, [made], over=False)


def _note(call: Call, policy: Policy, what: tuple[Action, str], told: dict[str, Any]) -> int:
    from relance.diagnostics import Diagnostic
    from relance.runs.insolvencies import Step, note

    action, debtor = what
    event = "insolvency_declared" if action is Action.DECLARED else "insolvency_closed"
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        more = {**told, "day": told["day"] or proposal.today}
        held = note(Step(event, debtor, by=operator_name(), **more), proposal, history)
    if isinstance(held, Diagnostic):
        raise project.refused_by(call, [held])
    if call.json:
        more = {"blocked": held} if told["outcome"] else {}
        output.show_json({"schema_version": 1, "recorded": event, **more})
    elif action is Action.DECLARED:
        output.tell(call, _("Noted: the claim on {debtor} is declared.").format(debtor=debtor))
    elif told["outcome"]:
        text = _("Proceedings of {debtor} closed. Blocked, as older than they are: {numbers}.")
        output.tell(call, text.format(debtor=debtor, numbers=", ".join(held) or "–"))
    else:
        text = _(
            "Proceedings of {debtor} closed: dunning goes on. After a plan, or for lack of assets, older "
            "claims are not pursued: give --outcome then."
        )
        output.tell(call, text.format(debtor=debtor))
    return Exit.DONE
