"""The rows of a file that are items: without sums, headings, drafts and other accounts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from relance.intake.headers import Heading
from relance.intake.records import SUM, cell
from relance.intake.synonyms import key
from relance.intake.texts import clean, trimmed, without_edges
from relance.intake.values import mapped, status_of

_TEXTS = (
    "number", "debtor", "debtor_name", "reference", "email", "order_number", "market_number",
    "service_code", "virtual_iban", "notes",
)  # fmt: skip
_NOT_PAID = ("", "no", "non", "nee", "nein", "false", "faux", "n")
_AMOUNTS = ("amount", "open", "debit", "credit")


@dataclass(frozen=True)
class Raw:
    """Rows by column of relance, still as text.

    Attributes:
        frame: `line` and a column of cleaned or trimmed text for each column that the file has.
        names: column → header, as the file spells it.
        blank: rows without any text.
        sums: rows of sums.
        headings: rows that name a group.
        headers: repetitions of the header row.
        drafts: rows of drafts and of cancelled or paid documents.
        accounts: rows on accounts that are not customers'.
        unsafe: cells that held control or direction characters.
    """

    frame: pl.DataFrame
    names: dict[str, str]
    blank: int = 0
    sums: int = 0
    headings: int = 0
    headers: int = 0
    drafts: int = 0
    accounts: int = 0
    unsafe: int = 0


def extract(rows: pl.DataFrame, heading: Heading, plain: bool) -> Raw:
    """Return the rows that are items.

    Args:
        rows: from `records.tabulate`.
        heading: the header row and what its cells are.
        plain: whether no cell needs cleaning (see `texts.is_plain`).
    """
    places = sorted({place for places in heading.columns.values() for place in places})
    read = without_edges(rows.select("line", *(cell(place) for place in places)), plain)
    frame = read.select("line", *(_column(heading, name) for name in heading.columns))
    frame, counts = _without_others(frame, rows, heading)
    frame, accounts, drafts = _kept(frame, rows, heading)
    frame, closed = _without_closed(frame)
    frame = with_row_identity(frame, rows)
    texts = [clean(frame[name], plain=plain) for name in _TEXTS if name in frame.columns]
    frame = frame.with_columns(text for text, _ in texts)
    unsafe = sum(count for _, count in texts)
    return Raw(frame, heading.read_from(), *counts, drafts + closed, accounts, unsafe)


def with_row_identity(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the hash of each whole row as `row`, if any number stands twice."""
    if frame["number"].n_unique() == frame.height:
        return frame
    hashes = rows.select("line", row=rows.drop("line").hash_rows())
    return frame.join(hashes, on="line", how="left", maintain_order="left")


def _column(heading: Heading, name: str) -> pl.Expr:
    preset = heading.preset
    blanks = preset.blanks.get(name, ()) if preset else ()
    cells = [pl.col(cell(position)) for position in heading.columns[name]]
    if blanks:
        cells = [pl.when(~text.is_in(list(blanks))).then(text) for text in cells]
    return (pl.coalesce(cells) if len(cells) > 1 else cells[0]).alias(name)


def _without_others(
    frame: pl.DataFrame, rows: pl.DataFrame, heading: Heading
) -> tuple[pl.DataFrame, tuple[int, int, int, int]]:
    """Return the rows without blank ones, sums, headings and headers, and how many there were."""
    suspect = frame.select(_suspect(frame, heading).alias("s"))["s"]
    if not suspect.any():
        return _grouped(frame, None, heading), (0, 0, 0, 0)
    few = frame.filter(suspect).join(rows, on="line", how="left", maintain_order="left")
    few = few.with_columns(_class(few, heading).alias("class"))
    dropped = few.filter(pl.col("class").is_not_null())
    groups = dropped.filter(pl.col("class") == "heading")
    counts = {str(name): int(count) for name, count in dropped["class"].value_counts().iter_rows()}
    kept = frame.join(dropped, on="line", how="anti", maintain_order="left")
    told = tuple(counts.get(name, 0) for name in ("blank", "sum", "heading", "header"))
    return _grouped(kept, groups, heading), (told[0], told[1], told[2], told[3])


def _suspect(frame: pl.DataFrame, heading: Heading) -> pl.Expr:
    number = pl.col("number")
    amounts = [pl.col(name).is_null() for name in _AMOUNTS if name in frame.columns]
    header = heading.cells[heading.columns["number"][0]]
    return (
        number.is_null()
        | pl.all_horizontal(amounts)
        | number.str.contains(SUM).fill_null(False)
        | (number == header).fill_null(False)
    )


def _class(few: pl.DataFrame, heading: Heading) -> pl.Expr:
    """What a suspect row is: blank, header, sum or heading; null for an item."""
    cells = [trimmed(pl.col(cell(position))) for position in range(len(heading.cells))]
    count = pl.sum_horizontal([text.is_not_null() for text in cells])
    number = pl.col("number")
    debtor = pl.col("debtor") if "debtor" in few.columns else pl.lit(None, pl.String)
    dated = pl.any_horizontal(
        [pl.col(n).is_not_null() for n in ("issued", "due") if n in few.columns] or [pl.lit(False)]
    )
    sums = pl.any_horizontal([text.str.contains(SUM).fill_null(False) for text in cells])
    amounts = pl.any_horizontal([pl.col(n).is_not_null() for n in _AMOUNTS if n in few.columns])
    named = "debtor" not in heading.columns and "debtor_name" not in heading.columns
    alone = (count <= 2) if named else (count == 1) & number.str.contains(" ", literal=True)
    header = number == heading.cells[heading.columns["number"][0]]
    # A number such as "Report 12" is one, if it has a debtor; "Total" is never one.
    summed = number.str.contains(SUM) & ~(number.str.contains(r"\d") & debtor.is_not_null())
    return (
        pl.when(count == 0).then(pl.lit("blank"))
        .when(header.fill_null(False)).then(pl.lit("header"))
        .when(sums & ~dated & (number.is_null() | summed)).then(pl.lit("sum"))
        .when(~amounts & ((number.is_null() & (count <= 2)) | alone)).then(pl.lit("heading"))
    )  # fmt: skip


def _grouped(frame: pl.DataFrame, groups: pl.DataFrame | None, heading: Heading) -> pl.DataFrame:
    """Return the rows with the debtor of the heading above them, if no column gives one."""
    if groups is None or "debtor" in heading.columns or "debtor_name" in heading.columns:
        return frame
    cells = [trimmed(pl.col(cell(position))) for position in range(len(heading.cells))]
    texts = pl.concat_list(cells).list.drop_nulls()
    named = groups.select(
        pl.col("line"), debtor=texts.list.first(), debtor_name=texts.list.last()
    ).sort("line")
    return frame.sort("line").join_asof(named, on="line", strategy="backward")


def _kept(
    frame: pl.DataFrame, rows: pl.DataFrame, heading: Heading
) -> tuple[pl.DataFrame, int, int]:
    """Return the rows that the preset keeps, and how many were on other accounts and drafts."""
    preset = heading.preset
    if not preset:
        return frame, 0, 0
    others, drafts = pl.lit(False), pl.lit(False)
    for header, beginnings in preset.keep.items():
        if (position := heading.position(header)) is not None:
            text = trimmed(pl.col(cell(position))).fill_null("")
            others |= ~pl.any_horizontal([text.str.starts_with(word) for word in beginnings])
    for header, words in preset.drafts.items():
        if (position := heading.position(header)) is not None:
            text = trimmed(pl.col(cell(position))).str.to_lowercase().fill_null("")
            drafts |= text.is_in(list(words)) | pl.any_horizontal(
                [text.str.starts_with(word) for word in words if len(word) > 3]
            )
    marked = rows.select("line", others=others, drafts=drafts & ~others)
    out = marked.filter(pl.col("others") | pl.col("drafts"))
    out = out.join(frame.select("line"), on="line", how="semi")
    kept = frame.join(out, on="line", how="anti", maintain_order="left") if out.height else frame
    return kept, int(out["others"].sum()), int(out["drafts"].sum())


def _without_closed(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the rows whose status and payment date leave them open, and how many do not.

    Where a row has an open balance, that alone says whether it is paid.
    """
    unknown = pl.col("open").is_null() if "open" in frame.columns else pl.lit(True)
    closed = pl.lit(False)
    if "status" in frame.columns:
        status = mapped(frame["status"], status_of).alias("_status")
        frame = frame.with_columns(status)
        closed |= (pl.col("_status") == "draft") | (unknown & (pl.col("_status") == "paid"))
    # Without a due date beside it, a "date of payment" may well be the due date.
    if "paid" in frame.columns and "due" in frame.columns:
        unpaid = mapped(frame["paid"], _not_paid).is_not_null().alias("_unpaid")
        frame = frame.with_columns(unpaid)
        closed |= unknown & pl.col("paid").is_not_null() & ~pl.col("_unpaid")
    kept = frame.filter(~closed.fill_null(False)).drop(
        "status", "paid", "_status", "_unpaid", strict=False
    )
    return kept, frame.height - kept.height


def _not_paid(cell: str) -> str | None:
    """Return `cell` if a payment column says by it that nothing was paid."""
    return cell if key(cell).strip("0") in _NOT_PAID else None
