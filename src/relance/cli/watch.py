"""Tells the outside how a run goes: log, monitoring service, figures, mail to the team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from relance import clock
from relance.cli import exits, output
from relance.cli.call import Call
from relance.cli.run_log import RunLog
from relance.diagnostics import Diagnostic
from relance.history.errors import AlreadyRunning

if TYPE_CHECKING:
    from relance.policy.model import Policy
    from relance.runs.monitoring import Figures
    from relance.runs.report import RunReport


@dataclass
class Watch:
    """One run as the outside sees it. Whatever fails here is told, and stops nothing."""

    call: Call
    policy: Policy
    today: date
    log: RunLog
    begun: datetime = field(default_factory=clock.now)
    report: RunReport | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell how what is done inside ended, whatever ends it.

        Not of a run that found another one under way: that one tells. Nor of one that was stopped
        from outside, where only the log is told: whoever stops a machine should not wait.
        """
        try:
            yield
        except (KeyboardInterrupt, AlreadyRunning):
            self.log.write("run_left", self.report.run if self.report else None)
            raise
        except Exception as error:
            if self.report and self.report.hindsight:  # of a run that a brake stopped, for one
                output.alarm(self.call, self.report.hindsight.alarms)
            self.end(exits.code_of(error))
            raise

    def begin(self) -> None:
        """Tell that a run begins; call it with the run lock held."""
        self.log.write("run_begun", date=self.today)
        self._ping("/start", "")

    def planned(self, report: RunReport) -> None:
        """Tell what the run set out to do."""
        self.report = report
        self.log.plan(report)

    def advanced(self, report: RunReport) -> None:
        """Tell what became of messages."""
        self.report = report
        self.log.deliveries(report)

    def end(self, code: int) -> None:
        """Tell how the run ended, and the operator what could not be told."""
        from relance.runs.monitoring import End, in_figures

        now = clock.now()
        ended = End(code, (now - self.begun).total_seconds(), now)
        figures = in_figures(self.policy, self.today, self.report, ended)
        self._log_end(figures)
        troubles = [*self._write_textfile(figures), *self._mail(figures)]
        troubles += self._ping(f"/{code}", _body(figures))
        if self.log.trouble:
            troubles.append(self._trouble("NO_LOG", reason=self.log.trouble, file=self.log.file))
        output.report(self.call, troubles, "concise")

    def _log_end(self, figures: Figures) -> None:
        report = self.report
        for found in (*figures.alarms, *(report.stops if report else ())):
            self.log.diagnostic(found, figures.run)
        for fault in report.faults if report else []:
            self.log.diagnostic(fault, figures.run)
        seconds = round(figures.seconds, 3)
        self.log.write("run_ended", figures.run, exit=figures.exit, seconds=seconds,
                       notices=dict(figures.states), tasks=figures.tasks, doubts=figures.doubts)  # fmt: skip

    def _write_textfile(self, figures: Figures) -> list[Diagnostic]:
        path = self.policy.monitoring.textfile
        if path is None:
            return []
        from relance.runs.textfile import exposition, write

        try:
            write(self.policy.root / path, exposition(figures))
        except OSError as error:
            return [self._trouble("NO_TEXTFILE", file=path, reason=error.strerror or error)]
        return []

    def _mail(self, figures: Figures) -> list[Diagnostic]:
        summary, report = self.policy.monitoring.summary, self.report
        if summary is None or report is None:
            return []
        from relance.runs.run_mail import Mail, bodies

        said = bodies(self.policy, report, figures, self.call.language)
        moment = clock.moment_of(self.today, self.policy.creditor.timezone)
        trouble = Mail(self.policy, said, report.run or 0, moment).send(summary)
        return [self._trouble("NO_SUMMARY", reason=trouble)] if trouble else []

    def _ping(self, path: str, body: str) -> list[Diagnostic]:
        url = self.policy.monitoring.ping
        if url is None:
            return []
        from relance.runs.ping import ping

        trouble = ping(url, self.policy.root, f"{path}?rid={self._rid}", body)
        return [self._trouble("NO_PING", reason=trouble)] if trouble else []

    @property
    def _rid(self) -> str:
        """The run's id in the form that services of monitoring want: that of a UUID."""
        creditor = self.policy.creditor.registration or self.policy.creditor.name
        digest = hashlib.sha256(f"{creditor}|{self.begun.isoformat()}".encode()).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))

    def _trouble(self, rule: str, **facts: object) -> Diagnostic:
        from relance.runs import monitoring_codes

        return Diagnostic(getattr(monitoring_codes, rule), None, facts)


def _body(figures: Figures) -> str:
    """Return what the monitoring service keeps: figures, no names."""
    lines = [
        f"creditor {figures.creditor}", f"run {figures.run} of {figures.run_date}",
        f"exit {figures.exit}", f"seconds {figures.seconds:.1f}", f"tasks {figures.tasks}",
        f"awaiting approval {figures.awaiting}", f"in doubt {figures.doubts}",
    ]  # fmt: skip
    lines += [f"notices {state} {count}" for state, count in sorted(figures.states.items())]
    lines += [f"{alarm.code} {alarm.message('en')}" for alarm in figures.alarms]
    lines += [f"stopped by {code}" for code in figures.stops]
    return "\n".join(lines) + "\n"
