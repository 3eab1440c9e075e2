"""The dossier for those who collect: one ZIP, the same bytes for the same claim on the same day."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic
from relance.dunning.charges import computed
from relance.dunning.writing import party_of
from relance.history.store import History
from relance.language import translator
from relance.ledger.build import number_in
from relance.money import to_text
from relance.notices.court_sheet import sheet_pdf
from relance.notices.dossier_pages import CONTENTS, index_pdf, interest_pdf, statement_pdf
from relance.policy.handovers import Handover
from relance.reports.history_table import TYPES
from relance.reports.workbook import comma_separated
from relance.runs import handover_codes as codes
from relance.runs.court_sheets import default_sheet, sheet_of, with_proofs
from relance.runs.evidence import (
    Part,
    happened,
    invoice_parts,
    notice_parts,
    notices_in,
    safe_name,
)
from relance.runs.proposal import Proposal
from relance.runs.stated import stated_item, stated_totals

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier as it is given.

    Attributes:
        facts: what it tells: `facts_of`.
        parts: its files in their order, `sha256` of each; those without `file` are missing.
        content: the ZIP.
        findings: why a data sheet is not in it.
    """

    facts: Fields
    parts: tuple[Fields, ...]
    content: bytes
    findings: tuple[Diagnostic, ...]

    @property
    def sha256(self) -> str:
        """Hex digest of the ZIP."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def filename(self) -> str:
        """A name for it: day, addressee, debtor, and 8 hex of its digest."""
        to, debtor = safe_name(self.facts["to"] or "dossier"), safe_name(self.facts["debtor"]["id"])
        return f"{self.facts['date']}-{to}-{debtor}-{self.sha256[:8]}.zip"


def facts_of(
    rows: pl.DataFrame, step: Handover | None, proposal: Proposal, history: History
) -> Fields:
    """Return what a dossier about `rows`, items of one debtor, tells: as JSON, amounts as text."""
    policy, today = proposal.policy, proposal.today
    rows = rows.sort("currency", "due", "number", "item", nulls_last=True)
    law = computed(
        rows.filter(pl.col("due") < today).with_columns(until=pl.lit(today)),
        proposal.portfolio.past.allocations,
        policy,
    )
    items = [stated_item(row, law.get(row["item"]), today) for row in rows.iter_rows(named=True)]
    events = happened(rows, history)
    party = party_of(rows.row(0, named=True), policy)
    names = ("id", "name", "kind", "country", "email", "phone", "mobile", "postcode", "city", "registration", "vat")  # fmt: skip
    return {
        "date": today.isoformat(),
        "to": step.id if step else None,
        "to_name": step.name if step else "",
        "debtor": {
            **{name: getattr(party, name) for name in names},
            "address": list(party.address),
        },
        "claim": {"items": items, "credits": [], "totals": stated_totals(rows, law)},
        "account": _account(rows, proposal),
        "payments": _payments(rows, proposal),
        "notices": notices_in(events),
        "history": events,
    }


def _account(rows: pl.DataFrame, proposal: Proposal) -> Fields:
    """Return all that is open of the debtor, by currency; `claimed` is what the dossier is about."""
    claimed = set(rows["item"])
    mine = proposal.facts.filter(
        (pl.col("debtor") == rows["debtor"][0]) & (pl.col("open") != 0) & ~pl.col("missing")
    ).sort("currency", "due", "number", "item", nulls_last=True)
    found: Fields = {}
    for row in mine.iter_rows(named=True):
        currency = row["currency"]
        account = found.setdefault(currency, {"items": [], "balance": 0})
        account["balance"] += row["open"]
        account["items"].append(
            {
                "number": row["number"],
                "issued": row["issued"].isoformat() if row["issued"] else None,
                "due": row["due"].isoformat() if row["due"] else None,
                "amount": to_text(row["amount"], currency),
                "open": to_text(row["open"], currency),
                "claimed": row["item"] in claimed,
            }
        )
    return {c: {**a, "balance": to_text(a["balance"], c)} for c, a in found.items()}


def _payments(rows: pl.DataFrame, proposal: Proposal) -> list[Fields]:
    """Return what was paid of `rows`, by item and day; what was taken back since is not in it."""
    currencies = dict(rows.select("item", "currency").iter_rows())
    paid = proposal.portfolio.past.allocations.filter(pl.col("item").is_in(list(currencies)))
    sums = paid.group_by("item", "movement", "day").agg(pl.col("amount").sum())
    kept = sums.filter(pl.col("amount") != 0).sort("day", "item", "movement", nulls_last=True)
    return [
        {
            "number": number_in(item),
            "day": day.isoformat() if day else None,
            "amount": to_text(amount, currencies[item]),
            "currency": currencies[item],
        }
        for item, _, day, amount in kept.iter_rows()
    ]


def make_dossier(
    rows: pl.DataFrame, step: Handover | None, proposal: Proposal, history: History
) -> Dossier | Diagnostic:
    """Return the dossier about `rows` for `step`, or why a page of it cannot be made."""
    facts = facts_of(rows, step, proposal, history)
    creditor = proposal.policy.creditor
    parts = [*invoice_parts(rows, proposal, history), *notice_parts(facts["notices"], history)]
    findings: list[Diagnostic] = []
    pages = {"statement": statement_pdf(facts, creditor), "interest": interest_pdf(facts, creditor)}
    sheet = _sheet(rows, step, facts, proposal, parts)
    if isinstance(sheet, Diagnostic):
        findings.append(replace(sheet, rule=codes.SHEET_LEFT_OUT))
    elif sheet is not None:
        pages["sheet"] = sheet_pdf(sheet, creditor)
    wrong = next((page for page in pages.values() if isinstance(page, Diagnostic)), None)
    if wrong is not None:
        return wrong
    parts += [Part(f"{kind}.pdf", kind, page) for kind, page in pages.items() if isinstance(page, bytes)]  # fmt: skip
    parts += _tables(facts, creditor.language)
    listed = [_listed(part) for part in sorted(parts, key=_place)]
    index = index_pdf(facts, listed, creditor)
    if isinstance(index, Diagnostic):
        return index
    files = {part.name: part.content for part in parts if part.content is not None}
    files |= {"index.pdf": index, "index.csv": _index_csv(listed, creditor.language)}
    return Dossier(facts, tuple(listed), _zipped(files, proposal.today), tuple(findings))


def _sheet(
    rows: pl.DataFrame,
    step: Handover | None,
    facts: Fields,
    proposal: Proposal,
    parts: Sequence[Part],
) -> Fields | Diagnostic | None:
    name = default_sheet(step, proposal.policy)
    if name is None:
        return None
    sheet = sheet_of(name, rows, facts, proposal)
    if isinstance(sheet, Diagnostic):
        return sheet
    proofs = [part.name for part in sorted(parts, key=_place) if part.content is not None]
    return with_proofs(sheet, ["statement.pdf", "interest.pdf", *proofs])


_ORDER = tuple(CONTENTS)


def _place(part: Part) -> tuple[int, str, str, str]:
    return (_ORDER.index(part.kind), part.date, part.about, part.name)


def _listed(part: Part) -> Fields:
    content = part.content
    return {
        "kind": part.kind,
        "about": part.about,
        "date": part.date,
        "file": part.name if content is not None else None,
        "bytes": len(content) if content is not None else None,
        "sha256": hashlib.sha256(content).hexdigest() if content is not None else None,
    }


def _tables(facts: Fields, language: str) -> list[Part]:
    """Return what happened and the notices as CSV."""
    _ = translator(language)
    history = [["date", "event", "numbers", "level", "channel", "recipient", "until", "detail"]]
    for event in facts["history"]:
        day = event.get("date") or str(event.get("at", ""))[:10]
        told = [str(event.get(name) or "") for name in ("level", "channel", "recipient", "until")]
        what = _(TYPES.get(event["type"], event["type"]))
        history.append(
            [day, what, " ".join(event["numbers"]), *told, str(event.get("detail") or "")]
        )
    notices = [["date", "numbers", "level", "channel", "recipient", "state", "detail", "proof", "message_id", "sha256", "file"]]  # fmt: skip
    for notice in facts["notices"]:
        cells = [notice["date"], " ".join(notice["numbers"])]
        cells += [notice.get(name) for name in ("level", "channel", "recipient", "state", "detail", "proof", "message_id", "sha256", "file")]  # fmt: skip
        notices.append([str(cell or "") for cell in cells])
    return [
        Part("history.csv", "history", comma_separated(history).encode()),
        Part("notices.csv", "notices", comma_separated(notices).encode()),
    ]


def _index_csv(listed: Sequence[Mapping[str, Any]], language: str) -> bytes:
    _ = translator(language)
    names = ("file", "kind", "about", "date", "bytes", "sha256")
    rows = [[*names, "content"]]
    for part in listed:
        cells = ["" if part[name] is None else str(part[name]) for name in names]
        rows.append([*cells, _(CONTENTS[part["kind"]])])
    return comma_separated(rows).encode()


def _zipped(files: Mapping[str, bytes], day: date) -> bytes:
    """Return a ZIP of `files` in the order of their names, all dated `day`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, files[name], compresslevel=6)
    return out.getvalue()
