"""What proves a claim: the notices as they left and what became of them, invoices, the history."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from relance.history.store import History
from relance.policy.model import EinvoiceSource
from relance.reports.names import STATES
from relance.runs.notes import notes_of
from relance.runs.proposal import Proposal

Fields = dict[str, Any]

SUFFIXES = {"email": "eml", "letter": "pdf", "sms": "txt"}
_ENDINGS = ("sent", "resolved_sent", "in_doubt", "bounced", "rejected", "failed", "cancelled", "resolved_unsent", "abandoned", "retry")  # fmt: skip
_PROOFS = ("delivered", "receipt", "printed")
_PRIVATE = (
    "note", "task_added", "task_done", "task_moved", "task_reopened", "called", "rendered", "claimed",
    "transmitting", "hold_approved", "approved", "scored", "exposed", "terms_approved", "handover_result", "handover_sent", "handover_not_sent",
)  # fmt: skip
"""What stays in the house: notes in people's own words, and steps that lead nowhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a dossier; `content` None: it should be there and is not."""

    name: str
    kind: str
    content: bytes | None
    about: str = ""
    date: str = ""


def safe_name(text: str) -> str:
    """Return `text` as part of a file name on any system, told apart from others like it.

    Letters, digits, `.`, `_` and `-`, 48 at most; what was changed ends in a digest of what it was.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._")[:48].rstrip("-._")
    if kept == text:
        return kept
    return f"{kept or 'x'}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def happened(rows: pl.DataFrame, history: History) -> list[Fields]:
    """Return what happened to the items of `rows` and may leave the house, oldest first, each once."""
    found: dict[str, Fields] = {}
    for row in rows.sort("due", "item", nulls_last=True).iter_rows(named=True):
        for event in history.timeline(row["item"], row["debtor"]):
            told = {**event, "numbers": [row["number"]]}
            same = found.setdefault(repr(sorted(_plain(event).items())), told)
            if same is not told:
                same["numbers"].append(row["number"])
    kept = [e for e in found.values() if e["type"] not in _PRIVATE and e.get("kind") != "task"]
    return sorted(kept, key=lambda event: (event.get("date") or str(event.get("at", ""))[:10], event.get("at") or ""))  # fmt: skip


def _plain(event: Mapping[str, Any]) -> Fields:
    """Return what is the same for each item that a notice covers."""
    return {name: value for name, value in event.items() if name not in ("procedure", "level")}


def notices_in(events: list[Fields]) -> list[Fields]:
    """Return the notices among `events`: what each was, its last state, and the proofs of it."""
    found: dict[str, Fields] = {}
    for event in events:
        key = event.get("dispatch")
        if not key or event.get("kind") != "notice":
            continue
        notice = found.setdefault(key, {"key": key, "date": event.get("date"), "proofs": [], "numbers": []})  # fmt: skip
        for name in ("level", "channel", "recipient"):
            notice[name] = event.get(name) or notice.get(name)
        notice["numbers"] = sorted({*notice["numbers"], *event["numbers"]})
        if event["type"] in _ENDINGS:
            notice["state"], notice["detail"] = event["type"], event.get("detail", "")
        if event["type"] in _PROOFS:
            told = [event["type"], event.get("date"), event.get("reference")]
            notice["proofs"].append(" ".join(str(word) for word in told if word))
    return [
        {
            **notice,
            "state_name": STATES.get(notice["state"], notice["state"]),
            "proof": "; ".join(notice["proofs"]),
        }
        for notice in found.values()
        if "state" in notice
    ]


def notice_parts(notices: list[Fields], history: History) -> Iterator[Part]:
    """Yield each notice as it left, byte for byte; without content where it was erased."""
    for notice in notices:
        message = history.message(notice["key"])
        level = f"{safe_name(notice['level'] or 'notice')}-{safe_name(notice['channel'] or '')}"
        suffix = SUFFIXES.get(message.medium, "bin")
        name = f"notices/{notice['date']}-{level}-{notice['key'][:8]}.{suffix}"
        notice |= {"file": name if message.content else "", "sha256": message.sha256, "message_id": message.message_id}  # fmt: skip
        content = message.content or None
        kind = "notice" if content else "erased"
        yield Part(name, kind, content, ", ".join(notice["numbers"]), notice["date"] or "")


def invoice_parts(rows: pl.DataFrame, proposal: Proposal, history: History) -> Iterator[Part]:
    """Yield the invoices of `rows`: the file that a source names, or what a note about it attached.

    An invoice that is nowhere is a part without content. Attachments that changed since count as none.
    """
    root = proposal.policy.root
    folders = {s.name for s in proposal.policy.sources if isinstance(s, EinvoiceSource)}
    attached: dict[str, list[str]] = {}
    for note in notes_of(history, root, rows["debtor"][0]):
        files = [each["path"] for each in note["attachments"] if each["state"] == "as_attached"]
        attached.setdefault(note["item"] or "", []).extend(files)
    for row in rows.sort("due", "number", "item", nulls_last=True).iter_rows(named=True):
        own = [row["file"]] if row["source"] in folders and row["file"] else []
        paths = list(dict.fromkeys([*own, *attached.get(row["item"], ())]))
        number, day = row["number"], row["issued"].isoformat() if row["issued"] else ""
        read = [(path, (root / path).read_bytes()) for path in paths if (root / path).is_file()]
        invoices = 0
        for nth, (path, content) in enumerate(read, 1):
            is_invoice = path in own or _names(path, number)
            invoices += is_invoice
            folder, kind = ("invoices", "invoice") if is_invoice else ("documents", "document")
            suffix = re.sub(r"[^a-z0-9]", "", path.rpartition(".")[2].lower())[:8] or "bin"
            again = "" if nth == 1 else f"-{nth}"
            yield Part(f"{folder}/{safe_name(number)}{again}.{suffix}", kind, content, number, day)
        if not invoices:
            yield Part("", "missing", None, number, day)


def _names(path: str, number: str) -> bool:
    """Whether the name of the file has the number of the invoice, but for signs between its parts."""
    plain = re.sub(r"[^A-Z0-9]", "", path.rpartition("/")[2].upper())
    wanted = re.sub(r"[^A-Z0-9]", "", number.upper())
    return bool(wanted) and wanted in plain
