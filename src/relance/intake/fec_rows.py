"""The lines of a FEC as a frame of entries, with their amounts and dates."""

from __future__ import annotations

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import fec_codes as codes
from relance.intake.fec_header import Header, written
from relance.intake.fec_repair import Repair, repair
from relance.intake.fec_values import amounts, dates, sides
from relance.intake.findings import Refusal, row_findings
from relance.money import to_text

_SURPLUS = "_surplus"
_RAW = ("date_text", "first", "second", _SURPLUS)
_TEXTS = (
    "book", "book_name", "entry", "account", "account_name", "auxiliary", "auxiliary_name",
    "piece", "piece_date", "label", "letter", "letter_date", "valid_date",
)  # fmt: skip


def read_rows(data: bytes, header: Header, file: str) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """Return the entries of a FEC's text: `line`, `date`, `debit`, `credit` and the text columns.

    Amounts are cents, with the sign that they have. Text is null where empty; spaces around the
    fields of identity (book, entry, account) are gone, others are as they stand.

    Raises:
        Refusal: if lines cannot be read.
    """
    if b"\r" in data:
        data = data.replace(b"\r", b" ")
    rows = _valued(_split(data, header), header)
    odd = rows.filter(_odd())
    if odd.is_empty():
        return rows.drop(_RAW), []
    mended = repair(data, header, odd.get_column("line").to_list())
    _give_up_on_surplus(odd, mended, header)
    rows = _mended(rows, mended, header)
    _check(rows, mended, header, file)
    return rows.drop(_RAW), _repairs(mended, file)


_READ = {*_TEXTS, "date", "debit", "credit", "sum", "side"}


def _split(data: bytes, header: Header) -> pl.DataFrame:
    """The fields as text. One more column catches what stands after the last."""
    names = [name or f"_{n}" for n, name in enumerate(header.names)]
    first = header.separator.join([*names, _SURPLUS]).encode()
    return pl.read_csv(
        first + data[data.index(b"\n") :],
        separator=header.separator,
        quote_char=None,
        infer_schema=False,
        truncate_ragged_lines=True,
        columns=[name for name in names if name in _READ] + [_SURPLUS],
        row_index_name="line",
        row_index_offset=2,
    )


def _valued(raw: pl.DataFrame, header: Header) -> pl.DataFrame:
    """The rows with `debit`, `credit` and `date`, null where unreadable; blank lines are gone."""
    if header.quoted:
        raw = raw.with_columns(pl.col(pl.String).str.strip_chars(' "'))
    first, second = header.amounts
    rows = raw.select(
        pl.col("line").cast(pl.Int64),
        pl.col("book").str.strip_chars().fill_null(""),
        *(_stripped(name) for name in ("entry", "account", _SURPLUS)),
        *(_optional(name, raw) for name in _TEXTS if name not in ("book", "entry", "account")),
        pl.col("date").alias("date_text"),
        pl.col(first).alias("first"),
        pl.col(second).alias("second"),
    )
    blank = pl.all_horizontal(pl.col(pl.String).exclude("book").is_null()) & (pl.col("book") == "")
    rows = rows.filter(~blank)
    day = dates(rows["date_text"]).alias("date")
    return rows.with_columns(*_amounts(rows, header), day)


def _stripped(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def _optional(name: str, raw: pl.DataFrame) -> pl.Expr:
    return pl.col(name) if name in raw.columns else pl.lit(None, pl.String).alias(name)


def _amounts(rows: pl.DataFrame, header: Header) -> list[pl.Series]:
    cents = amounts(rows["first"])
    if "debit" in header.amounts:
        return [cents.alias("debit"), amounts(rows["second"]).alias("credit")]
    signed = pl.DataFrame({"cents": cents, "side": sides(rows["second"])})
    side = pl.when(pl.col("cents") == 0).then(1).otherwise("side")
    return signed.select(
        debit=pl.when(side == -1).then(pl.col("cents") * 0).otherwise("cents"),
        credit=pl.when(side == 1).then(0).when(side == -1).then(pl.col("cents").fill_null(0)),
    ).get_columns()


def _odd() -> pl.Expr:
    blank = pl.col("first").is_null() & pl.col("second").is_null()
    unread = pl.any_horizontal(pl.col("debit", "credit", "date", "account").is_null())
    return unread | blank | pl.col(_SURPLUS).is_not_null()


def _give_up_on_surplus(odd: pl.DataFrame, mended: Repair, header: Header) -> None:
    """Lines too long that nothing was done about, as there were too many of them."""
    done = mended.dropped | mended.broken.keys() | mended.repaired.keys()
    surplus = odd.filter(pl.col(_SURPLUS).is_not_null()).get_column("line")
    mended.broken.update({line: header.width + 1 for line in surplus if line not in done})


def _mended(rows: pl.DataFrame, mended: Repair, header: Header) -> pl.DataFrame:
    """The rows with the repaired ones in the place of the odd, and without those left out."""
    gone = [*mended.dropped, *mended.broken, *mended.repaired]
    kept = rows.filter(~pl.col("line").is_in(pl.Series(gone, dtype=pl.Int64).implode()))
    if not mended.repaired:
        return kept
    fields = {
        (name or f"_{n}"): [line[n] if n < len(line) else None for line in mended.repaired.values()]
        for n, name in enumerate(header.names)
    }
    raw = pl.DataFrame(
        {"line": list(mended.repaired), **fields, _SURPLUS: None},
        schema={"line": pl.Int64, **dict.fromkeys([*fields, _SURPLUS], pl.String)},
    )
    return pl.concat([kept, _valued(raw, header).select(kept.columns)]).sort("line")


def _check(rows: pl.DataFrame, mended: Repair, header: Header, file: str) -> None:
    """Refuse the file if a line cannot be read, and say by how much its sums then differ."""
    bad = rows.filter(pl.any_horizontal(pl.col("debit", "credit", "date", "account").is_null()))
    findings = [*_bad_values(bad, header, file), *_bad_fields(mended, header, file)]
    if not findings:
        return
    read = rows.height + len(mended.broken)
    facts = {"count": bad.height + len(mended.broken), "rows": read}
    findings.append(Diagnostic(codes.UNREADABLE_LINES, Span(file), facts))
    whole = rows.join(bad, on="line", how="anti")
    raise Refusal(*findings, *difference(whole, file))


def difference(rows: pl.DataFrame, file: str) -> list[Diagnostic]:
    """Return the error that debits and credits of `rows` differ; nothing if they do not."""
    debit, credit = (int(rows[side].sum()) for side in ("debit", "credit"))
    if debit == credit:
        return []
    sums = {"debit": debit, "credit": credit, "difference": debit - credit}
    facts = {name: to_text(cents, "EUR") for name, cents in sums.items()}
    return [Diagnostic(codes.UNBALANCED, Span(file), facts)]


def _bad_values(bad: pl.DataFrame, header: Header, file: str) -> list[Diagnostic]:
    first, second = header.amounts
    checks = (
        (codes.BAD_DATE, "date", "date", "date_text"),
        (codes.BAD_AMOUNT, first, "debit", "first"),
        (codes.BAD_SIDE if second == "side" else codes.BAD_AMOUNT, second, "credit", "second"),
        (codes.NO_ACCOUNT, "account", "account", "account"),
    )
    return [
        found
        for rule, name, wrong, text in checks
        for found in row_findings(
            rule,
            file,
            bad.filter(pl.col(wrong).is_null()).with_columns(value=text),
            ("value",),
            column=written(name),
        )
    ]


def _bad_fields(mended: Repair, header: Header, file: str) -> list[Diagnostic]:
    broken = pl.DataFrame(
        {"line": list(mended.broken), "found": list(mended.broken.values())},
        schema={"line": pl.Int64, "found": pl.Int64},
    )
    return row_findings(codes.BAD_FIELDS, file, broken, ("found",), expected=header.width)


def _repairs(mended: Repair, file: str) -> list[Diagnostic]:
    if not mended.repaired:
        return []
    span = Span(file, min(mended.repaired))
    return [Diagnostic(codes.REPAIRED, span, {"count": len(mended.repaired)})]
