"""What `relance handover` does: each of its actions, with what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance.cli import files, output, project
from relance.cli.call import Call
from relance.cli.exits import Exit, Stop
from relance.cli.people import operator_name
from relance.cli.words import _
from relance.language import day_text
from relance.money import sum_text, to_minor

if TYPE_CHECKING:
    from relance.history.store import History
    from relance.policy.model import Policy
    from relance.runs.handovers import Asked, Ready
    from relance.runs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Given:
    """What was named on the command line; `task`: the subject is the number of one."""

    subject: str
    to: str | None = None
    debtor: str | None = None
    reason: str | None = None
    passing_on: bool = False
    task: bool = False

    @property
    def asked(self) -> Asked:
        """The same, with who asks."""
        from relance.runs.handovers import Asked

        return Asked(
            self.subject, self.to, self.debtor, operator_name(), self.reason,
            passing_on=self.passing_on, task=self.task,
        )  # fmt: skip


def show_list(call: Call, policy: Policy, *, every: bool) -> int:
    """Show what is with others, and what waits to be handed over."""
    from relance.dunning.handovers import cases
    from relance.runs.handover_cases import about, shown_case
    from relance.runs.handovers import proposed

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        known = cases(proposal.portfolio.past.holds, proposal.today)
        waiting = proposed(proposal, history)
        ours = about(known, proposal)
        found = [shown_case(case, ours, history) for case in known if case.out or every]
    if call.json:
        output.show_json({"schema_version": 1, "cases": found, "proposed": waiting})
        return Exit.DONE
    from relance.reports.handover_table import cases_table, proposed_table

    if not found and not waiting:
        output.tell(call, _("Nothing is handed over, and nothing waits for it."))
    if found:
        output.show(cases_table(found, call.language))
    if waiting:
        output.show(proposed_table(waiting, call.language))
    return Exit.DONE


def show(call: Call, policy: Policy, subject: str) -> int:
    """Show one case."""
    from relance.diagnostics import Diagnostic
    from relance.runs.handover_cases import case_named, shown_case

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        case = case_named(subject, proposal, ended=True)
        found = case if isinstance(case, Diagnostic) else shown_case(case, proposal, history)
    if isinstance(found, Diagnostic):
        raise project.refused_by(call, [found])
    if call.json:
        output.show_json({"schema_version": 1, **found})
    else:
        from relance.reports.handover_table import case_table

        output.show(case_table(found, call.language))
    return Exit.DONE


def hand_over(call: Call, policy: Policy, given: Given) -> int:
    """Hand over: write the dossier, record it, send it where the step has a channel."""
    from relance.runs.dossier_mail import Parcel, send_dossier
    from relance.runs.handovers import give

    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        ready = _ready(call, given, proposal, history)
        made = give(ready, proposal, history)
        parcel = Parcel(made, ready.dossier.content, ready.step, proposal.today)
        findings = [*ready.findings, *send_dossier(parcel, policy, history)]
    partly = Exit.PARTLY if any(d.code == "D174" for d in findings) else Exit.DONE
    if call.json:
        found = [d.as_json(call.language) for d in findings]
        output.show_json({"schema_version": 1, **made, "diagnostics": found})
        return partly
    output.report(call, findings)
    text = _("Case {number}: {invoices} handed over to {to}, until {date}. Dossier: {file}")
    output.tell(
        call,
        text.format(
            number=made["case"], invoices=", ".join(made["numbers"]), to=made["to_name"],
            date=day_text(date.fromisoformat(made["until"]), call.language), file=made["file"],
        ),
    )  # fmt: skip
    if made["missing"]:
        text = _("Not in the dossier, since no file is known: {numbers}. `relance note add NUMBER --attach FILE` names one.")  # fmt: skip
        output.tell(call, text.format(numbers=", ".join(made["missing"])))
    return partly


def _ready(call: Call, given: Given, proposal: Proposal, history: History) -> Ready:
    from relance.runs.handovers import prepare, task_named

    if given.task and task_named(given.subject, proposal, history) is None:
        raise Stop(
            Exit.USAGE,
            _("no open task {number} proposes a handover").format(number=given.subject),
            _("`relance handover list` shows those that do"),
        )
    ready = prepare(given.asked, proposal, history)
    if isinstance(ready, list):
        raise project.refused_by(call, ready)
    return ready


def take_back(call: Call, policy: Policy, subject: str, reason: str | None) -> int:
    """Record that claims came back."""
    from relance.diagnostics import Diagnostic
    from relance.runs.handover_cases import Back
    from relance.runs.handover_cases import take_back as back

    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        made = back(Back(subject, operator_name(), reason), proposal, history)
    if isinstance(made, Diagnostic):
        raise project.refused_by(call, [made])
    if call.json:
        output.show_json({"schema_version": 1, **made})
        return Exit.DONE
    text = _("Taken back: {invoices}; dunning goes on.")
    output.tell(call, text.format(invoices=", ".join(made["numbers"]) or made["debtor"]))
    if made["next"]:
        text = _("Next in the cascade: relance handover give {debtor} --to {to}")
        output.tell(call, text.format(debtor=made["debtor"], to=made["next"]))
    return Exit.DONE


def result(
    call: Call, policy: Policy, subject: str, told: tuple[date | None, Decimal, Decimal, str | None]
) -> int:
    """Record what was collected and the fee; `told` is day, both amounts and the remark."""
    from relance.diagnostics import Diagnostic
    from relance.runs.handover_cases import Result, report_result

    day, collected, fee, reason = told
    with project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        asked = Result(subject, day or proposal.today, collected, fee, operator_name(), reason)
        made = report_result(asked, proposal, history)
    if isinstance(made, Diagnostic):
        raise project.refused_by(call, [made])
    if call.json:
        output.show_json({"schema_version": 1, **made})
    else:
        text = _("Case {number}: {collected} collected, fee {fee}, {net} for us. What is open changes when the money is in the books.")  # fmt: skip
        output.tell(call, text.format(number=made["case"], **_sums(made, call.language)))
    return Exit.DONE


def _sums(made: dict[str, Any], language: str) -> dict[str, str]:
    """Return what was collected, its fee and what is left, as the reader writes sums."""
    currency = made["currency"]
    return {
        name: sum_text(to_minor(Decimal(made[name]), currency), currency, language)
        for name in ("collected", "fee", "net")
    }


def send(call: Call, policy: Policy, subject: str) -> int:
    """Send the dossier of a case again, as it lies in its folder."""
    from relance.diagnostics import Diagnostic
    from relance.dunning.handovers import step_of
    from relance.runs.dossier_mail import Parcel, send_dossier
    from relance.runs.handover_cases import case_named, shown_case

    with project.locked(policy), project.history_of(policy, readonly=False) as history:
        proposal = project.proposal_of(call, policy, history)
        case = case_named(subject, proposal)
        if isinstance(case, Diagnostic):
            raise project.refused_by(call, [case])
        step, told = step_of(case.to, policy), shown_case(case, proposal, history)
        if step is None or step.channel is None:
            raise Stop(
                Exit.USAGE,
                _("no channel carries dossiers to {to}").format(to=told["to_name"] or "–"),
                _("name one under `handovers` in relance.yaml, or send the file by hand"),
            )
        path = policy.root / step.folder / (told["file"] or "")
        content = _as_given(path, told["sha256"])
        parcel = Parcel({**told, "file": str(path)}, content, step, proposal.today)
        findings = send_dossier(parcel, policy, history)
    if call.json:
        found = [d.as_json(call.language) for d in findings]
        output.show_json({"schema_version": 1, "case": case.number, "diagnostics": found})
    elif not findings:
        output.tell(call, _("Sent to {email}.").format(email=step.email))
    else:
        output.report(call, findings)
    return Exit.PARTLY if findings else Exit.DONE


def _as_given(path: Path, sha256: str | None) -> bytes:
    """Return the dossier in `path`, which must be the one that was given."""
    import hashlib

    try:
        content = path.read_bytes()
    except OSError as error:
        raise Stop(Exit.USAGE, _("{file} cannot be read: {why}").format(file=path, why=error.strerror or error)) from None  # fmt: skip
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Stop(
            Exit.USAGE,
            _("{file} is not the dossier that was handed over: it changed").format(file=path),
            _("take it back and hand it over again"),
        )
    return content


def document(
    call: Call, policy: Policy, given: Given, file: Path | None, sheet: str | None
) -> int:  # fmt: skip
    """Write a dossier, or a data sheet unless `sheet` is ""; nothing is handed over by it."""
    from relance.runs.handover_papers import dossier_about, sheet_about

    with project.history_of(policy) as history:
        proposal = project.proposal_of(call, policy, history)
        if sheet == "":
            made = dossier_about(given.asked, proposal, history)
        else:
            made = sheet_about(given.asked, sheet, proposal, history)
    if isinstance(made, list):
        raise project.refused_by(call, made)
    content, told, findings = made
    if file is not None:
        files.write(file, [content], over=False, private=True)
    if call.json:
        found = [d.as_json(call.language) for d in findings]
        output.show_json({"schema_version": 1, **told, "diagnostics": found})
        return Exit.DONE
    output.report(call, findings)
    if file is None:
        raise Stop(Exit.USAGE, _("where to?"), _("name a new file with -o FILE, or take --json"))
    output.tell(call, _("Written: {file}. Nothing was handed over.").format(file=file))
    return Exit.DONE
