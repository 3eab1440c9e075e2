"""Mails that came in: each is taken once, with what it says, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select

from relance.history import dispatches, schema
from relance.history.events import Event, Mark, append, moment, packed, stamp
from relance.history.opened import Opened
from relance.history.records import unless_there
from relance.history.values import LEFT

_dispatches, _messages, _incoming = schema.dispatches, schema.messages, schema.incoming
_BY = "inbox"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Left:
    """An e-mail as its answers and bounces find it.

    Attributes:
        state: of its dispatch; only what left (`values.LEFT`) can come back.
        since: when it came to that state.
        sender, message_id: as they stand in the e-mail.
    """

    key: str
    debtor: str
    recipient: str
    state: str
    since: datetime
    sender: str
    message_id: str

    @property
    def left(self) -> bool:
        """Whether it left, or may have."""
        return self.state in LEFT


@dataclass(frozen=True, slots=True)
class News:
    """What a mail says of a dispatch.

    `kind` bounced: it reached nobody and never will at that address. returned: it reached nobody
    for a passing reason, and may be tried again. Others leave the dispatch as it is.
    """

    kind: Literal["bounced", "returned", "delayed", "delivered", "auto_reply"]
    dispatch: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a debtor wrote; it holds the debtor's items up to and with `until`.

    `dispatch` is the notice that is answered, None if the mail names none.
    """

    debtor: str
    day: date
    until: date
    sender: str
    subject: str
    text: str
    dispatch: str | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that is taken: its identity, what it is, and what it says."""

    identity: str
    kind: str
    news: tuple[News, ...] = ()
    reply: Reply | None = None


class Receiving(Opened):
    """What comes in by mail. Take mails with the run lock held: a run has read the past before."""

    def mails_taken(self, identities: Collection[str]) -> dict[str, str]:
        """Return what those of `identities` were that were taken, by identity."""
        wanted = sorted(set(identities))
        found: dict[str, str] = {}
        with self._transaction() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = _incoming.c.message_id.in_(wanted[start : start + _AT_ONCE])
                rows = connection.execute(
                    select(_incoming.c.message_id, _incoming.c.kind).where(some)
                )
                found |= {row.message_id: row.kind for row in rows}
        return found

    def mails_left(self, message_ids: Sequence[str]) -> list[Left]:
        """Return the e-mails with one of `message_ids`, in the order of those."""
        with self._transaction() as connection:
            rows = connection.execute(_mails().where(_messages.c.message_id.in_(message_ids)))
            found = {row.message_id: _left(row) for row in rows}
        return [found[name] for name in dict.fromkeys(message_ids) if name in found]

    def mails_left_to(self, address: str, since: datetime, until: datetime) -> list[Left]:
        """Return the e-mails that left to `address` (in lower case) from `since` to `until`."""
        wanted = (
            _mails()
            .where(
                func.lower(_dispatches.c.recipient) == address,
                _dispatches.c.state.in_(LEFT),
                _dispatches.c.changed.between(stamp(since), stamp(until)),
            )
            .order_by(_dispatches.c.changed)
        )
        with self._transaction() as connection:
            return [_left(row) for row in connection.execute(wanted)]

    def written_to(self) -> list[tuple[str, str]]:
        """Return debtor and address of all whom an e-mail was sent to."""
        pairs = select(_dispatches.c.debtor, _dispatches.c.recipient).where(
            _dispatches.c.kind == "notice",
            _dispatches.c.medium == "email",
            _dispatches.c.state.in_(LEFT),
        )
        with self._transaction() as connection:
            return [(row.debtor, row.recipient) for row in connection.execute(pairs.distinct())]

    def take(self, mail: Incoming) -> bool:
        """Record `mail` with what it says; return False, with nothing done, if it was taken before."""
        with self._transaction() as connection:
            return _take(connection, self._mark(), mail)


def _take(connection: Connection, mark: Mark, mail: Incoming) -> bool:
    debtor = mail.reply.debtor if mail.reply else None
    about = mail.news[0].dispatch if mail.news else mail.reply.dispatch if mail.reply else None
    row = {
        "message_id": mail.identity,
        "at": stamp(mark.at),
        "kind": mail.kind,
        "dispatch": about,
        "debtor": debtor,
    }
    if not connection.execute(unless_there(connection, _incoming), row).rowcount:
        return False
    for news in mail.news:
        _apply(connection, mark, news)
    if mail.reply:
        _settle_doubt(connection, mark, mail.reply.dispatch)
        append(connection, mark, [_event(mail.reply, mail.identity)])
    return True


def _apply(connection: Connection, mark: Mark, news: News) -> None:
    if news.kind in ("bounced", "returned"):
        passing = news.kind == "returned"
        dispatches.bounce(connection, mark, news.dispatch, news.detail, passing=passing)
        return
    _settle_doubt(connection, mark, news.dispatch)
    dispatches.note(connection, mark, news.dispatch, news.kind, {"detail": news.detail})


def _settle_doubt(connection: Connection, mark: Mark, key: str | None) -> None:
    """A mail about a notice shows that it left, whatever was not known of it."""
    if key is None:
        return
    state = connection.execute(select(_dispatches.c.state).where(_dispatches.c.key == key)).scalar()
    if state == "in_doubt":
        dispatches.resolve(connection, mark, key, "sent", _BY)


def _event(reply: Reply, identity: str) -> Event:
    data = {
        "until": reply.until.isoformat(),
        "reason": f"{reply.sender}: {reply.subject}",
        "sender": reply.sender,
        "subject": reply.subject,
        "text": reply.text,
        "mail": identity,
        "notice": reply.dispatch,
        "by": _BY,
    }
    return Event("reply", reply.day, debtor=reply.debtor, data=packed(data))


def _mails() -> Select[Any]:
    """Return the query of e-mails with what their dispatches are."""
    joined = _messages.join(_dispatches, _messages.c.dispatch == _dispatches.c.key)
    columns = [_dispatches.c[name] for name in ("key", "debtor", "recipient", "state", "changed")]
    return (
        select(*columns, _messages.c.sender, _messages.c.message_id)
        .select_from(joined)
        .where(_messages.c.medium == "email", _dispatches.c.kind == "notice")
    )


def _left(row: Row[Any]) -> Left:
    return Left(
        key=row.key,
        debtor=row.debtor,
        recipient=row.recipient,
        state=row.state,
        since=moment(row.changed),
        sender=row.sender,
        message_id=row.message_id,
    )
