"""The last import of each source, and the figures of all of them."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from relance.history import schema
from relance.history.events import Mark, packed, stamp
from relance.history.values import Snapshot

ADDRESSES = " addresses"
"""Name under which addresses are kept; no source has it: their names begin with no space."""


def last(connection: Connection, source: str) -> Snapshot | None:
    """Return the last import of `source`; None before the first."""
    wanted = select(schema.snapshots).where(schema.snapshots.c.source == source)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Snapshot(
        source=row.source,
        run_date=row.run_date,
        fingerprint=row.fingerprint,
        rows=row._mapping["rows"],
        items=pl.read_parquet(io.BytesIO(row.frame)),
        open_totals=json.loads(row.open_totals),
    )


def save(
    connection: Connection,
    mark: Mark,
    snapshot: Snapshot,
) -> None:
    """Keep `snapshot` as the last import of its source, and its figures for good."""
    figures = {
        "source": snapshot.source,
        "run_date": snapshot.run_date,
        "fingerprint": snapshot.fingerprint,
        "rows": snapshot.rows,
        "open_totals": packed(snapshot.open_totals),
    }
    same = schema.snapshots.c.source == snapshot.source
    before = connection.execute(select(schema.snapshots.c.fingerprint).where(same)).scalar()
    _replace(connection, figures | {"frame": _packed_frame(snapshot.items)})
    if before != snapshot.fingerprint:  # the same content again is no other import
        connection.execute(schema.imports.insert().values(figures | {"at": stamp(mark.at)}))


def save_frame(connection: Connection, name: str, run_date: date, frame: pl.DataFrame) -> None:
    """Keep `frame`, which is no import, under `name`."""
    figures = {"source": name, "run_date": run_date, "fingerprint": "", "rows": frame.height}
    _replace(connection, figures | {"open_totals": "{}", "frame": _packed_frame(frame)})


def _replace(connection: Connection, values: dict[str, Any]) -> None:
    same = schema.snapshots.c.source == values["source"]
    connection.execute(schema.snapshots.delete().where(same))
    connection.execute(schema.snapshots.insert().values(values))


def _packed_frame(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def taken(source: str, run_date: date, fingerprint: str, items: pl.DataFrame) -> Snapshot:
    """Return the snapshot of `items`, which has the columns `currency` and `open` among others."""
    totals = items.group_by("currency").agg(pl.col("open").sum())
    open_totals = dict(totals.iter_rows())
    return Snapshot(source, run_date, fingerprint, items.height, items, open_totals)
