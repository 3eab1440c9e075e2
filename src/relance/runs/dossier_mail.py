"""A dossier on its way: an e-mail with the ZIP, by the channel that the step names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from relance.channels.contract import Accepted
from relance.channels.faults import ChannelUnavailable
from relance.channels.registry import open_channel
from relance.diagnostics import Diagnostic, Phrase
from relance.dunning.handovers import NOT_SENT, SENT
from relance.history.store import History
from relance.history.values import Record
from relance.language import N_, translator
from relance.notices.codes import RenderError
from relance.notices.figures import date_long, locale_name
from relance.notices.mail import Bodies, Enclosure, Envelope, message_id, mime
from relance.notices.message import Message
from relance.policy.handovers import Handover
from relance.policy.model import Policy
from relance.runs import handover_codes as codes
from relance.runs.environment import guarded

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A dossier to send: what `runs.handovers.give` returned, the ZIP, to whom, on which day."""

    given: Fields
    content: bytes
    step: Handover
    day: date


def send_dossier(parcel: Parcel, policy: Policy, history: History) -> list[Diagnostic]:
    """Send a dossier, record what came of it; return what went wrong.

    The same dossier has the same key and Message-ID: whoever gets it twice can tell.
    """
    given, step = parcel.given, parcel.step
    if step.channel is None or step.email is None:
        return []
    wrong = _carried(parcel, policy, history)
    told = {"file": given["file"].rpartition("/")[2], "sha256": given["sha256"], "detail": wrong}
    history.record(
        [
            Record(NOT_SENT if wrong else SENT, parcel.day, given["debtor"], owner=step.id,
                   about=given["case"], facts={**told, "recipient": step.email})
        ]
    )  # fmt: skip
    if not wrong:
        return []
    facts = {"number": given["case"], "file": given["file"], "why": Phrase(wrong)}
    return [Diagnostic(codes.NOT_SENT, None, facts)]


def _carried(parcel: Parcel, policy: Policy, history: History) -> str:
    """Return why the dossier was not sent, or is not known to be; "" if it was."""
    if history.paused() is not None:
        return N_("sending is paused")
    name = parcel.step.channel or ""
    try:
        channel = guarded(open_channel(name, policy.channels[name], policy.root), name, policy)
    except ChannelUnavailable as error:
        return error.diagnostics[0].message()
    try:
        message = _message(parcel, policy)
        outcome = channel.send(message, message.key, lambda: None)
    except RenderError as error:
        return error.diagnostic.message()
    except OSError as error:
        return str(error)
    finally:
        channel.close()
    return "" if isinstance(outcome, Accepted) else outcome.detail or N_("not known")


def _message(parcel: Parcel, policy: Policy) -> Message:
    given, step, day, creditor = parcel.given, parcel.step, parcel.day, policy.creditor
    config = policy.channels[step.channel or ""].model_extra or {}
    sender = str(config.get("from") or config.get("sender") or creditor.email)
    identity = (
        f"handover|{creditor.registration or creditor.name}|{given['case']}|{given['sha256']}"
    )
    key = hashlib.sha256(identity.encode()).hexdigest()[:32]
    bodies = _bodies(given, policy)
    filename = given["file"].rpartition("/")[2]
    envelope = Envelope(creditor.name, sender, creditor.email, step.email or "")
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    raw = mime(key, envelope, bodies, moment, (Enclosure(filename, parcel.content),))
    name = f"{day}-dossier-{key[:8]}.eml"
    return Message(key, "email", step.email or "", sender, bodies.subject, raw, message_id(key, sender), name)  # fmt: skip


def _bodies(given: Fields, policy: Policy) -> Bodies:
    creditor = policy.creditor
    _ = translator(creditor.language)
    locale = locale_name(creditor.language, creditor.country)
    until = date_long(date.fromisoformat(given["until"]), locale)
    # The name of the debtor stays out of the subject, which many can read on the way.
    subject = _("{creditor}: dossier {number} for collection").format(
        creditor=creditor.name, number=given["case"]
    )
    lines = [
        _("Dear Sir or Madam,"),
        _("Please find enclosed our dossier {number}, which we entrust to you: {invoices}.").format(
            number=given["case"], invoices=", ".join(given["numbers"])
        ),
        _(
            "Please tell us of each payment, with your fee, and send back by {date} what you did not collect. We tell you at once of what is paid to us."
        ).format(date=until),
        _("Digest of the file (SHA-256): {digest}").format(digest=given["sha256"]),
        "\n".join(line for line in (creditor.contact, creditor.name, creditor.email, creditor.phone) if line),
    ]  # fmt: skip
    text = "\n\n".join(lines) + "\n"
    html = "".join(f"<p>{escape(line).replace(chr(10), '<br>')}</p>" for line in lines)
    page = f'<!DOCTYPE html><html lang="{creditor.language}"><head><meta charset="utf-8"><title>{escape(subject)}</title></head><body>{html}</body></html>'
    return Bodies(subject, creditor.language, text, page, None)
