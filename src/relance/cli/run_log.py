"""The log of a run: one line of JSON per event, without names unless they are asked for."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relance import clock
from relance.diagnostics import Diagnostic

if TYPE_CHECKING:
    from relance.dunning.plan import Notice
    from relance.policy.model import Policy
    from relance.runs.consignment import Delivery
    from relance.runs.report import RunReport

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class RunLog:
    """Appends to `file` ("-": stderr, None: nowhere); a log that fails never stops a run.

    `trouble` is why it could not be written, "" as long as it can.
    """

    def __init__(self, file: str | None, policy: Policy, *, names: bool = False) -> None:
        self.file = file
        self._creditor = policy.creditor.registration or policy.creditor.name
        self._names = names
        self._told = 0
        self._notices: dict[str, Notice] = {}
        self._tasks: set[str] = set()
        self.trouble = ""

    def write(self, event: str, run: int | None = None, **facts: Any) -> None:
        """Append one event with its moment, and what of `facts` is not None."""
        if self.file is None or self.trouble:
            return
        line = {"at": clock.now().isoformat(timespec="milliseconds"), "event": event}
        line |= {"creditor": self._creditor, "run": run, **facts}  # type: ignore[dict-item]
        text = json.dumps({k: v for k, v in line.items() if v is not None}, default=str) + "\n"
        try:
            self._append(text.encode())
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def plan(self, report: RunReport) -> None:
        """Append what the run set out to do."""
        if self.file is None:
            return
        plan = report.proposal.plan
        self._notices = {notice.key: notice for notice in plan.notices}
        self._tasks = {task.key for task in plan.tasks}
        counts = {"notices": plan.notice_count, "tasks": len(plan.tasks)}
        verdicts = dict(plan.summary)
        self.write("plan", report.run, plan_hash=plan.plan_hash, **counts, verdicts=verdicts)
        for delivery in report.repeated:
            self._delivery(delivery, report.run)

    def deliveries(self, report: RunReport) -> None:
        """Append what became of the messages since the last call."""
        self._notices |= {notice.key: notice for notice in report.instead}
        self._tasks |= {task.key for task in report.opened}
        for delivery in report.deliveries[self._told :]:
            self._delivery(delivery, report.run)
        self._told = len(report.deliveries)

    def diagnostic(self, found: Diagnostic, run: int | None) -> None:
        """Append a finding: its code and place; its words, which may name people, if asked for."""
        place = found.span.file if found.span else None
        words = found.message("en") if self._names else None
        severity = found.severity.value
        self.write("finding", run, code=found.code, severity=severity, file=place, message=words)

    def _delivery(self, delivery: Delivery, run: int | None) -> None:
        notice = self._notices.get(delivery.key)
        kind = "task" if delivery.key in self._tasks else "notice"
        facts: dict[str, Any] = {"kind": kind, "dispatch": delivery.key, "state": delivery.state}
        if notice is not None:
            facts |= {"procedure": notice.procedure, "level": notice.level}
            facts |= {"channel": notice.channel, "medium": notice.medium}
        if delivery.until is not None:
            facts["until"] = delivery.until.isoformat()
        if self._names:
            facts["detail"] = delivery.detail or None
            facts["recipient"] = notice.recipient if notice else None
            facts["debtor"] = notice.debtor.id if notice else None
        self.write("delivery", run, **facts)

    def _append(self, line: bytes) -> None:
        if self.file == "-":
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            return
        handle = os.open(Path(str(self.file)), _FLAGS, 0o600)
        try:
            os.write(handle, line)  # one write: lines of several projects do not mix
        finally:
            os.close(handle)
