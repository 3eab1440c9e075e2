"""What is given to delivery, a dispatch with its claims and its message; and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from relance.channels.contract import Capabilities
from relance.dunning.plan import Line, Notice, Task
from relance.history.values import Claim, Dispatch, State
from relance.money import to_text
from relance.notices.message import Message
from relance.policy.desk import THANKS

Prepared = tuple[Dispatch, Sequence[Claim], Message]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message.

    Attributes:
        state: a state of the history; or "already" (covered by another dispatch), "waiting" (it
            may leave at `until`), "stopped" (its channel is not used any more in this run),
            "held_back" (nothing may leave any more: a pause, a changed bank account).
        detail: for people: the server's words, the key of the other dispatch, why it was cancelled.
        channel_down: the channel as a whole could not send; the run's exit code says so.
    """

    key: str
    state: State | Literal["already", "waiting", "stopped", "held_back"]
    detail: str = ""
    until: datetime | None = None
    channel_down: bool = False


def of_notice(notice: Notice, message: Message, capabilities: Capabilities) -> Prepared:
    """Return `notice` ready for `deliver`."""
    dispatch = Dispatch(
        key=notice.key,
        kind="notice",
        run_date=notice.run_date,
        debtor=notice.debtor.id,
        channel=notice.channel,
        medium=notice.medium,
        recipient=notice.recipient,
        currency=notice.currency,
        total=notice.total_due,
        procedure=notice.procedure,
        level=notice.level,
        level_number=notice.level_number,
        idempotent=capabilities.idempotent,
        contact=capabilities.contact and notice.procedure != THANKS,  # it is no reminder
    )
    claims = [_claim(line, notice.procedure, notice.part) for line in notice.receivables]
    return dispatch, claims, message


def of_task(task: Task, channel: str, run_date: date) -> Prepared:
    """Return `task` ready for `deliver` by `channel`, a channel of the kind task, on `run_date`.

    A task that no level asked for claims nothing: its key alone keeps it from being given twice.
    """
    dispatch = Dispatch(
        key=task.key,
        kind="task",
        run_date=run_date,
        debtor=task.debtor.id,
        channel=channel,
        medium="task",
        recipient=task.owner or "",
        currency=task.currency,
        total=sum(line.open for line in task.receivables),
        procedure=task.procedure,
        level=task.level,
        level_number=task.level_number,
        idempotent=True,
        contact=False,
    )
    claims = [_claim(line, task.procedure, "") for line in task.receivables if task.procedure]
    content = json.dumps(_told(task), ensure_ascii=False, sort_keys=True).encode()
    message = Message(
        key=task.key,
        medium="task",
        recipient=dispatch.recipient,
        sender="",
        subject=task.subject,
        content=content,
        message_id="",
        filename=f"{task.kind}-{task.key[:8]}.txt",
    )
    return dispatch, claims, message


def _told(task: Task) -> dict[str, Any]:
    """Return what a task tells whoever does it, ready for JSON; amounts as they are on its day."""
    return {
        "schema_version": 1,
        "kind": task.kind,
        "subject": task.subject,
        "text": task.text,
        "debtor": task.debtor.id,
        "debtor_name": task.debtor.name,
        "owner": task.owner or "",
        "due": task.due.isoformat(),
        "currency": task.currency,
        "receivables": [
            {
                "item": line.item,
                "number": line.number,
                "open": to_text(line.open, task.currency),
                "due": line.due.isoformat() if line.due else None,
            }
            for line in task.receivables
        ],
    }


def _claim(line: Line, procedure: str, part: str) -> Claim:
    return Claim(line.item, procedure, line.level or "", line.level_number, line.cycle, part)
