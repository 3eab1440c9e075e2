"""The commands, in the order of a first day with relance; each module is read when it is needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from relance.language import N_, OPERATOR_LANGUAGES


class Entry(NamedTuple):
    """A command: the module (and function) behind it, and its line on the help page.

    `alone` is for commands that concern no project that exists: they run once. `languages` are
    those of `--lang`.
    """

    module: str
    summary: str
    alone: bool = False
    languages: tuple[str, ...] = OPERATOR_LANGUAGES


COMMANDS: dict[str, Entry] = {
    "init": Entry("init", N_("Begin a project that validates and runs at once."), alone=True),
    "validate": Entry("validate", N_("Check the policy and show every error with its place.")),
    "test": Entry("rehearse", N_("Run the tests of your procedures; nothing leaves.")),
    "run": Entry("run", N_("Import, decide, send and record; --dry-run only shows it.")),
    "plan": Entry("plan", N_("Show or write what today's run would do.")),
    "diff": Entry("diff", N_("Say what a change of the policy does to today's plan.")),
    "explain": Entry("explain", N_("Say why an invoice is or is not dunned today.")),
    "status": Entry("status", N_("Show the aged balance and the verdicts.")),
    "report": Entry("report", N_("Show what dunning achieves, each figure with its formula.")),
    "dashboard": Entry(
        "dashboard",
        N_("Write a page with figures, charts and lists."),
        languages=("fr", "nl", "de", "en"),
    ),
    "preview": Entry("preview", N_("Write a page with all that today's plan would send.")),
    "simulate": Entry("simulate", N_("Play the procedures over a period, day by day.")),
    "approve": Entry("approve", N_("Approve a plan that waits for it.")),
    "pause": Entry("pause", N_("Let no run send anything, from now on.")),
    "resume": Entry("resume", N_("Let runs send again.")),
    "accounts": Entry("accounts", N_("Show the bank accounts and whether they changed.")),
    "adopt": Entry("adopt", N_("Set where an old book starts, without sending anything.")),
    "import": Entry("imports", N_("Read the sources and say what was understood.")),
    "letter": Entry("letter", N_("Say which payment pays what, where it is not certain.")),
    "tasks": Entry("tasks", N_("Show what there is to do; enter what came of it.")),
    "desk": Entry("desk", N_("Work through the tasks on a full screen.")),
    "dispute": Entry("dispute", N_("Open, list, accept or reject what debtors contest.")),
    "promise": Entry("promise", N_("Record a promise to pay; list what became of them.")),
    "instalments": Entry("instalments", N_("Propose payment plans, follow what is paid of them.")),
    "offer": Entry("offer", N_("Offer a reduction to who pays by a day; see what came.")),
    "insolvency": Entry("insolvency", N_("Stop at collective proceedings; prepare the claim.")),
    "handover": Entry("handover", N_("Hand claims over to others, with a dossier; take back.")),
    "record": Entry("record", N_("Enter a block, dispute, promise or other event.")),
    "feed": Entry("feed", N_("Record what a spreadsheet or a program tells, from a file.")),
    "note": Entry("note", N_("Keep what people know of a debtor, an invoice or a notice.")),
    "debtor": Entry("debtor", N_("Show all about a debtor; who is over the credit limit.")),
    "forecast": Entry("forecast", N_("Show the cash of the coming weeks, and how sure it is.")),
    "experiments": Entry("experiments", N_("Show what the arms of experiments came to.")),
    "score": Entry("score", N_("Judge the late-payment estimate by what happened.")),
    "doubt": Entry("doubt", N_("Settle notices of which nobody knows whether they left.")),
    "inbox": Entry("inbox", N_("Read the answers and bounces that came in by mail.")),
    "history": Entry("history", N_("Show what was sent and recorded; verify it, back it up.")),
    "gdpr": Entry("gdpr", N_("Hand out or erase what is held about a debtor.")),
    "interest": Entry("interest", N_("Compute late-payment interest by the law of a country.")),
    "doctor": Entry("doctor", N_("Check the machine, the project and its channels.")),
    "schema": Entry("schema", N_("Write the JSON Schema of a policy file."), alone=True),
}


def load(name: str) -> Any:
    """Return the command `name`, ready to be called by the parser."""
    import typer

    from relance.cli.call import command
    from relance.cli.help import Command

    entry = COMMANDS[name]
    module = import_module(f"relance.cli.{entry.module}")
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    body = command(getattr(module, entry.module), alone=entry.alone, languages=entry.languages)
    app.command(name, cls=Command, help=module.HELP)(body)
    return typer.main.get_command(app)
