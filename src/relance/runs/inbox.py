"""What came in by mail: each mail is understood, and recorded once.

Reading is slow and records nothing, so that it goes without the run lock; recording is short, and
holds it: no run decides meanwhile from a past that lacks what the mails say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from relance.diagnostics import Diagnostic
from relance.history.incoming import Incoming
from relance.history.store import History
from relance.intake.mail import codes
from relance.intake.mail.faults import InboxUnavailable, UnreadableMail
from relance.intake.mail.mailbox import Held, Mailbox, name_of, opened
from relance.intake.mail.message import Mail, read_mail
from relance.policy.inbox import Inbox
from relance.policy.model import Policy
from relance.runs.understanding import OURS, Understanding, Understood

MOST = 500
"""Mails that are taken at once; the others wait for the next time."""


class Fetched(NamedTuple):
    """A mail as it was read; `mail` is None, and `fault` says why, where that could not be."""

    held: Held
    mail: Mail | None
    fault: str = ""


@dataclass
class Intake:
    """What one look into the mailbox gave.

    Attributes:
        fetched: the mails that were not taken before, oldest first.
        again: handles of mails that were taken before and still lie where they should not.
        left: how many more wait for the next time.
        understood: what each mail was taken for.
        findings: what there is to say beside.
    """

    inbox: Inbox
    fetched: list[Fetched] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    left: int = 0
    understood: list[Understood] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how many mails were taken for what, the most frequent first."""
        return dict(Counter(entry.kind for entry in self.understood).most_common())


def look(policy: Policy, inbox: Inbox, today: date, history: History) -> Intake:
    """Return the mails of `inbox` that were not taken before. Changes nothing anywhere.

    Raises:
        InboxUnavailable: if the mailbox cannot be read.
    """
    intake = Intake(inbox)
    with opened(inbox, policy.root) as mailbox:
        held = list({mail.identity: mail for mail in _held(mailbox, inbox, today)}.values())
        taken = history.mails_taken([mail.identity for mail in held])
        new = [mail for mail in held if mail.identity not in taken]
        intake.fetched = list(_fetch(mailbox, new[:MOST]))
    intake.left = max(0, len(new) - MOST)
    if inbox.move_to is not None:
        intake.again = [mail.handle for mail in held if taken.get(mail.identity) in OURS]
    if intake.left:
        intake.findings.append(Diagnostic(codes.MORE, None, {"count": intake.left}))
    return intake


def understand(
    intake: Intake, policy: Policy, today: date, history: History, *, recording: bool
) -> None:
    """Add what each mail is taken for; `recording` records it, with the run lock held.

    One after the other: what the first mail changes is what the second one finds. What another
    program took since the look is left out.

    Raises:
        InputRefused: if a mail can only be understood by the sender's address, and the files that
            have the addresses are refused.
    """
    understanding = Understanding(policy, intake.inbox, today, history)
    for fetched in intake.fetched:
        if fetched.mail is None:
            intake.findings.append(_unreadable(fetched))
            entry = Understood.nothing(fetched.held.identity, "unreadable")
        else:
            entry = understanding.of(fetched.mail)
        if not recording or entry.kind == "later" or _taken(entry, history):
            intake.understood.append(entry)


def _taken(entry: Understood, history: History) -> bool:
    return history.take(Incoming(entry.identity, entry.kind, entry.news, entry.reply))


def file(intake: Intake, policy: Policy) -> None:
    """Mark and move what was understood, as the policy says; what fails is a finding.

    Mails that say nothing to us are left as they are: they may be another project's.
    """
    inbox = intake.inbox
    if not inbox.seen and inbox.move_to is None:
        return
    ours = {entry.identity for entry in intake.understood if entry.kind in OURS}
    handles = [f.held.handle for f in intake.fetched if f.held.identity in ours]
    if not handles + intake.again:
        return
    try:
        with opened(inbox, policy.root) as mailbox:
            mailbox.file([*intake.again, *handles])
    except InboxUnavailable as unavailable:
        facts = {"mailbox": name_of(inbox), "reason": unavailable.diagnostic.message()}
        intake.findings.append(Diagnostic(codes.NOT_FILED, None, facts))


def _held(mailbox: Mailbox, inbox: Inbox, today: date) -> list[Held]:
    return mailbox.held(today - timedelta(days=inbox.days))


def _fetch(mailbox: Mailbox, held: list[Held]) -> Iterator[Fetched]:
    for mail in held:
        content = mailbox.content(mail.handle)
        if not content:
            continue  # somebody moved it while we read
        try:
            yield Fetched(mail, read_mail(content))
        except UnreadableMail as fault:
            yield Fetched(mail, None, str(fault))


def _unreadable(fetched: Fetched) -> Diagnostic:
    facts = {"mail": fetched.held.handle, "reason": fetched.fault}
    return Diagnostic(codes.UNREADABLE, None, facts)
