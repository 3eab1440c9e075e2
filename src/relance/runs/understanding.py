"""What a mail is about: which notice it answers, who wrote it, what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from relance.diagnostics import Diagnostic
from relance.history.incoming import Left, News, Reply
from relance.history.store import History
from relance.intake.mail.headers import plain_address
from relance.intake.mail.message import Mail
from relance.intake.mail.reports import Delivery
from relance.policy.inbox import Inbox
from relance.policy.model import Policy
from relance.runs.addressees import mail_of_people

OURS = ("bounced", "returned", "delayed", "delivered", "auto_reply", "reply")
"""What mails can be that say something to us; the others are nothing to us, or not yet."""

_WAITED = timedelta(days=6)
"""Servers give up after five days (RFC 5321, 4.5.4.1); a bounce that names no mail is tied so far."""

_FATES = {"failed": "bounced", "refused_for_now": "returned", "delayed": "delayed", "delivered": "delivered"}  # fmt: skip


class InputRefused(Exception):  # noqa: N818
    """The files with the debtors' addresses cannot be read; `diagnostics` say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__("the customers' file was refused")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a mail is taken for.

    Attributes:
        kind: one of OURS; or own (we wrote it), list, unmatched (nobody we know, or several),
            stale (about what never left, or came back before), later (a run is sending what it is
            about: it is read again), unreadable.
        news, reply: what of it is recorded.
        detail: for people.
    """

    identity: str
    kind: str
    mail: Mail | None = None
    news: tuple[News, ...] = ()
    reply: Reply | None = None
    debtor: str | None = None
    detail: str = ""

    @classmethod
    def nothing(cls, identity: str, kind: str) -> Understood:
        """Return a mail that says nothing to us."""
        return cls(identity, kind)

    @property
    def notice(self) -> str | None:
        """The key of the notice that it is about, None if there is none."""
        if self.news:
            return self.news[0].dispatch
        return self.reply.dispatch if self.reply else None


class Understanding:
    """Understands mails by what was sent and by the debtors' addresses; both are only read."""

    def __init__(self, policy: Policy, inbox: Inbox, today: date, history: History) -> None:
        self._policy = policy
        self._inbox = inbox
        self._today = today
        self._history = history

    def of(self, mail: Mail) -> Understood:
        """Return what `mail` is taken for."""
        if mail.nature == "report":
            return self._report(mail)
        if mail.sender in self._own_addresses:
            return self._as(mail, "own")
        answered = next(iter(self._history.mails_left(mail.answers[::-1])), None)
        if answered is not None and answered.state == "transmitting":
            return self._as(mail, "later")
        if mail.nature == "automatic":
            return self._automatic(mail, answered)
        return self._letter(mail, answered)

    def _letter(self, mail: Mail, answered: Left | None) -> Understood:
        """A person's mail: an answer to what we sent, else of the one debtor with that address."""
        if answered is not None:
            return self._reply(mail, answered.debtor, answered.key if answered.left else None)
        if mail.nature == "list":
            return self._as(mail, "list")
        debtors = self._debtors_at(mail.sender)
        if len(debtors) == 1:
            return self._reply(mail, *debtors)
        return self._as(mail, "unmatched", ", ".join(sorted(debtors)[:5]))

    def _report(self, mail: Mail) -> Understood:
        """A report changes what it names and what left, to an address that it names, and nothing else."""
        pairs = list(self._reported(mail))
        if any(left.state == "transmitting" for _, left in pairs):
            return self._as(mail, "later")
        news = tuple(
            News(_FATES[said.fate], left.key, said.detail)  # type: ignore[arg-type]
            for said, left in pairs
            if left.left
        )
        if not news:
            kind = "stale" if pairs else "unmatched"
            return self._as(mail, kind, "; ".join(d.detail for d in mail.deliveries[:3]))
        debtor = next(left.debtor for _, left in pairs if left.left)
        return Understood(
            mail.identity, news[0].kind, mail, news, debtor=debtor, detail=news[0].detail
        )

    def _reported(self, mail: Mail) -> Iterator[tuple[Delivery, Left]]:
        """Yield what is said of each of our mails, each once."""
        named = self._history.mails_left(mail.original.ids)
        done: set[str] = set()
        for said in mail.deliveries:
            found = [left for left in named if _is_about(mail, said, left)]
            if not mail.original.ids:
                found = self._by_address(mail, said)
            for left in found[:1]:
                if left.key not in done:
                    done.add(left.key)
                    yield said, left

    def _by_address(self, mail: Mail, said: Delivery) -> list[Left]:
        """Return the last mail that left to the address, in the days that a server tries."""
        if mail.written is None:
            return []
        since = mail.written - _WAITED
        until = mail.written + timedelta(hours=1)  # clocks differ
        for address in dict.fromkeys((said.original, said.recipient)):
            if address and (found := self._history.mails_left_to(address, since, until)):
                return found[::-1]
        return []

    def _automatic(self, mail: Mail, answered: Left | None) -> Understood:
        if answered is None and mail.written is not None and mail.sender:
            since, until = mail.written - _WAITED, mail.written + timedelta(hours=1)
            answered = next(reversed(self._history.mails_left_to(mail.sender, since, until)), None)
        if answered is None or not answered.left:
            return self._as(mail, "unmatched", mail.subject)
        news = (News("auto_reply", answered.key, mail.subject),)
        return Understood(
            mail.identity, "auto_reply", mail, news, debtor=answered.debtor, detail=mail.subject
        )

    def _reply(self, mail: Mail, debtor: str, notice: str | None = None) -> Understood:
        until = self._today + timedelta(days=self._inbox.hold - 1)
        reply = Reply(debtor, self._today, until, mail.sender, mail.subject, mail.text, notice)
        return Understood(
            mail.identity, "reply", mail, reply=reply, debtor=debtor, detail=mail.text
        )

    def _as(self, mail: Mail, kind: str, detail: str = "") -> Understood:
        return Understood(mail.identity, kind, mail, detail=detail)

    def _debtors_at(self, address: str) -> set[str]:
        """Return whose address it is: by the files, and by what was sent there."""
        if not address:
            return set()
        return self._addresses.get(address, set()) | self._written_to.get(address, set())

    @cached_property
    def _written_to(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for debtor, recipient in self._history.written_to():
            found[plain_address(recipient)].add(debtor)
        return found

    @cached_property
    def _own_addresses(self) -> frozenset[str]:
        """The addresses that we write from."""
        policy = self._policy
        given = [policy.creditor.email or ""]
        for channel in policy.channels.values():
            settings = channel.model_extra or {}
            given += [str(settings.get(name) or "") for name in ("from", "sender", "reply_to")]
        return frozenset(filter(None, map(plain_address, given)))

    @cached_property
    def _addresses(self) -> dict[str, set[str]]:
        """Debtors by e-mail address, read from the files when they are first asked for."""
        from relance.intake.reading import read

        reading = read(self._policy)
        if reading.refused:
            raise InputRefused(reading.diagnostics)
        found: dict[str, set[str]] = defaultdict(set)
        rows = [
            *reading.debtors.select("debtor", "email").rows(),
            *mail_of_people(reading.debtors),
            *reading.items.select("debtor", "debtor_email").unique().rows(),
        ]
        for debtor, email in rows:
            if debtor and email:
                found[plain_address(email)].add(debtor)
        return found


def _is_about(mail: Mail, said: Delivery, left: Left) -> bool:
    """Return whether a report that names the Message-ID of `left` is about it and nothing else.

    The address must be the one that it went to, by itself or by the returned mail (it may have been
    forwarded since); what is returned must come from us.
    """
    sender, recipient = plain_address(left.sender), plain_address(left.recipient)
    if mail.original.sender and sender and mail.original.sender != sender:
        return False
    return recipient in (said.recipient, said.original, *mail.original.recipients)
