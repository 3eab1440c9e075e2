"""Reads the past as frames: the database writes lines of CSV, Polars reads them.

No Python object per row: hundreds of thousands of claims are read in a fraction of a second.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import text

from relance.dunning.events import (
    CONTACTS,
    CYCLES,
    HOLD_TYPES,
    HOLDS,
    LINE_SUMS,
    PAST_LEVELS,
    REJECTED,
    REPLIES,
    Past,
)
from relance.history import payments
from relance.history.database import Database
from relance.history.lines import as_frame, joined, joined_in_parts
from relance.history.schema import CONTACT, OTHER_MEDIA, TASK, quoted
from relance.ledger.schema import conform, empty, schema


def past(database: Database) -> Past:
    """Return all that the decision needs of the history."""
    with database.connection.begin():
        found = Past(
            levels=_levels(database),
            contacts=_contacts(database),
            cycles=cycles(database),
            holds=_holds(database),
            rejected=_rejected(database),
            tasks=_tasks(database),
            replies=_replies(database),
        )
        return _with_payments(found, database)


def _with_payments(found: Past, database: Database) -> Past:
    if not payments.are_kept(database.connection):
        return found
    return replace(
        found,
        movements=payments.movements(database),
        allocations=payments.allocations(database),
        rejections=payments.rejections(database),
    )


def _levels(database: Database) -> pl.DataFrame:
    columns = {
        "item": pl.String,
        "procedure": pl.String,
        "level": pl.String,
        "level_number": pl.Int32,
        "cycle": pl.Int32,
        "run_date": pl.String,
        "dispatch": pl.String,
    }
    live = "released = '' AND level_number IS NOT NULL"
    claims = as_frame(joined_in_parts(database, "line", "claims", "id", live), columns)
    state = pl.col("state").fill_null("sent")
    adopted = pl.col("dispatch") == ""
    levels = (
        claims.join(_unusual(database), on="dispatch", how="left", maintain_order="left")
        .join(_media(database), on="dispatch", how="left", maintain_order="left")
        .with_columns(
            state=pl.when(adopted).then(pl.lit("adopted")).otherwise(state),
            date=pl.col("run_date").str.to_date("%Y-%m-%d"),
        )
        .filter(pl.col("state") != "claimed")
        .with_columns(
            dispatch=pl.when(pl.col("state") != "adopted").then(pl.col("dispatch")),
            medium=pl.when(pl.col("state") != "adopted").then(pl.col("medium").fill_null("email")),
        )
    )
    return conform(levels, PAST_LEVELS)


def _media(database: Database) -> pl.DataFrame:
    """Return dispatch and medium of those that were no e-mails."""
    line = f"{quoted('key')} || ',' || {quoted('medium')}"
    content = joined(database, line, f"dispatches WHERE {OTHER_MEDIA}")
    return as_frame([content], {"dispatch": pl.String, "medium": pl.String})


def _unusual(database: Database) -> pl.DataFrame:
    """Return dispatch and state, as the decision sees it, of those that were not simply sent."""
    rows = database.connection.execute(
        text(
            "SELECT key, state, idempotent FROM dispatches WHERE state IN "
            "('claimed', 'transmitting', 'in_doubt', 'resolved_sent', 'abandoned')"
        )
    ).all()
    seen = {"resolved_sent": "sent", "abandoned": "adopted"}
    pairs = [
        (key, "sent" if idempotent else "in_doubt")
        if state == "transmitting"
        else (key, seen.get(state, state))
        for key, state, idempotent in rows
    ]
    columns = {"dispatch": pl.String, "state": pl.String}
    return pl.DataFrame(pairs, schema=columns, orient="row")


def _contacts(database: Database) -> pl.DataFrame:
    line = f"{quoted('debtor')} || ',' || run_date || ',' || count(*)"
    source = f"dispatches WHERE {CONTACT} GROUP BY debtor, run_date"
    content = joined(database, "line", f"(SELECT {line} AS line FROM {source}) AS contact")
    columns = {"debtor": pl.String, "date": pl.String, "contacts": pl.Int32}
    frame = as_frame([content], columns).with_columns(pl.col("date").str.to_date("%Y-%m-%d"))
    return conform(frame.sort("debtor", "date"), CONTACTS)


def last_recipients(database: Database) -> pl.DataFrame:
    """Return debtor, medium and recipient of the last notice that left, one row per pair."""
    columns = {"debtor": pl.String, "medium": pl.String, "recipient": pl.String}
    line = " || ',' || ".join(quoted(name) for name in (*columns, "changed"))
    with database.connection.begin():
        content = joined(database, line, f"dispatches WHERE {CONTACT}")
    frame = as_frame([content], {**columns, "changed": pl.String})
    return frame.sort("changed").unique(["debtor", "medium"], keep="last").select(*columns)


def _rejected(database: Database) -> pl.DataFrame:
    """Return the recipients that were refused for good, or bounced, and were not taken since.

    A letter that is refused says nothing of its address: electronic ones go to an e-mail address
    that reminders reach well.
    """
    rows = database.connection.execute(
        text(
            "SELECT debtor, recipient, state FROM dispatches WHERE kind = 'notice' AND medium <> 'letter' "
            "AND (state || '') IN ('rejected', 'bounced', 'sent', 'resolved_sent') AND recipient IN "
            "(SELECT recipient FROM dispatches WHERE state IN ('rejected', 'bounced') AND medium <> 'letter') "
            "ORDER BY changed"
        )
    )
    last = {(debtor, recipient): state for debtor, recipient, state in rows}
    refused = sorted(pair for pair, state in last.items() if state in ("rejected", "bounced"))
    return pl.DataFrame(refused, schema=schema(REJECTED), orient="row")


def _tasks(database: Database) -> frozenset[str]:
    """Return the keys of the tasks that were given."""
    return frozenset(joined(database, "key", f"dispatches WHERE {TASK}").split())


def cycles(database: Database) -> pl.DataFrame:
    """Return what was seen settled, and how often it was open again.

    A receivable is recorded as settled and as open again in turns: the numbers tell how it stands.
    """
    settled, reopened = (
        as_frame(
            [
                joined(
                    database, quoted("item"), f"events WHERE dispatch IS NULL AND type = '{kind}'"
                )
            ],
            {"item": pl.String},
        )
        .group_by("item")
        .agg(pl.len().cast(pl.Int32).alias(kind))
        for kind in ("settled_seen", "reopened_seen")
    )
    both = settled.join(reopened, on="item", how="left").with_columns(
        cycle=pl.col("reopened_seen").fill_null(0)
    )
    standing = both.with_columns(settled=pl.col("settled_seen") > pl.col("cycle"))
    return conform(standing.sort("item"), CYCLES)


def recorded(database: Database, types: Collection[str], debtor: str | None) -> pl.DataFrame:
    """Return the events of `types`, of `debtor` if one is given, in order. Columns: HOLDS."""
    with database.connection.begin():
        return _holds(database, types, debtor)


def _holds(
    database: Database, types: Collection[str] = HOLD_TYPES, debtor: str | None = None
) -> pl.DataFrame:
    named = ", ".join(f"'{kind}'" for kind in types)
    of_debtor = "" if debtor is None else "AND debtor = :debtor "
    query = text(
        "SELECT seq, date, type, debtor, item, data FROM events "
        f"WHERE dispatch IS NULL AND type IN ({named}) {of_debtor}ORDER BY seq"
    )
    rows = database.connection.execute(query, {} if debtor is None else {"debtor": debtor}).all()
    if not rows:
        return empty(HOLDS)
    return pl.DataFrame([_hold(dict(row._mapping)) for row in rows], schema=schema(HOLDS))


def _hold(row: Mapping[str, Any]) -> dict[str, Any]:
    data = json.loads(row["data"])
    return {
        "seq": row["seq"],
        "date": _day(row["date"]),
        "type": row["type"],
        "debtor": row["debtor"],
        "item": row["item"],
        "until": _day(data.get("until")),
        "amount": data.get("amount"),
        "open": data.get("open"),
        "schedule": [
            {"due": _day(due), "amount": amount} for due, amount in data.get("schedule", [])
        ],
        "covers": data.get("covers", []),
        "lines": [
            dict(zip(("item", *LINE_SUMS), line, strict=True))
            for line in (data.get("lines", []) if row["type"] == "instalments_proposed" else ())
        ],
        "less": data.get("less", []),
        **{name: data.get(name) for name in ("reason", "code", "owner", "about", "by")},
    }


def _replies(database: Database) -> pl.DataFrame:
    """Return what debtors answered; of an erased answer nothing is left to be read."""
    rows = database.connection.execute(
        text(
            "SELECT date, debtor, data FROM events "
            "WHERE dispatch IS NULL AND type = 'reply' ORDER BY seq"
        )
    ).all()
    told = [(row, json.loads(row.data or "{}")) for row in rows]
    answers = [
        {"date": _day(row.date), "debtor": row.debtor}
        | {name: data.get(name, "") for name in ("mail", "sender", "subject", "text")}
        for row, data in told
        if data.get("mail")
    ]
    return pl.DataFrame(answers, schema=schema(REPLIES)) if answers else empty(REPLIES)


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
