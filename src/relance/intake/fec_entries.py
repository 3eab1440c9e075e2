"""What the entries of a FEC are: their key, their kind of book, and which are openings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import fec_codes as codes
from relance.intake.fec_header import plain
from relance.intake.fec_rows import difference
from relance.intake.findings import Refusal, row_findings
from relance.money import to_text

CUSTOMERS = ("411", "416")
ADVANCES = ("419",)
NOT_CHASED = ("413", "417", "418")
_OPENING_CODES = ("an", "ano", "anouv", "ran", "ouv")
_OPENING_NAMES = re.compile(r"nouveau|report|ouverture|opening|\bran\b", re.IGNORECASE)
_OPENING_LABELS = r"(?i)\b[aà][- ]nouveau|\br\.?a\.?n\b|solde d.ouverture|opening balance"


def entries_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per accounting entry of a file's `rows` (columns of `read_rows`).

    Columns: `entry_id`, `book`; `sum` of its amounts in cents; whether it touches revenue (`sale`:
    class 7), a `bank` or till (51, 53, 54, 58), the `result` (classes 6 and 7) and accounts of
    `doubtful` customers (416); whether it has accounts of the `balance_sheet` only, and of
    customers only (`one_sided`: 41); its first `line`, its `number`, and whether that is `sure`.
    """
    two = pl.col("account").str.head(2)
    first = pl.col("account").str.head(1)
    what = {
        "sale": first == "7",
        "bank": two.is_in(["51", "53", "54", "58"]),
        "result": first.is_in(["6", "7"]),
        "doubtful": pl.col("account").str.starts_with("416"),
        "other": ~first.is_in(["1", "2", "3", "4", "5"]),
        "others": two != "41",
    }
    bits = {name: 1 << n for n, name in enumerate(what)}
    mask = pl.sum_horizontal(flag.cast(pl.UInt8) * bits[name] for name, flag in what.items())
    entries = (
        rows.select("entry_id", "book", "amount", "line", "entry", "keyed", mask=mask)
        .group_by("entry_id")
        .agg(
            pl.col("book", "entry", "keyed").first(),
            pl.col("amount").sum().alias("sum"),
            pl.col("mask").bitwise_or(),
            pl.col("line").min(),
        )
    )
    flags = {name: (pl.col("mask") & bit) != 0 for name, bit in bits.items()}
    return (
        entries.with_columns(**flags)
        .with_columns(balance_sheet=~pl.col("other"), one_sided=~pl.col("others"))
        .drop("mask", "other", "others")
        .rename({"entry": "number", "keyed": "sure"})
    )


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with `amount` (debit less credit), `entry_id` and `keyed`.

    The key of an entry is its book and number. Where the number is blank, zero, or one and the
    same over several dates of a book, it is the date and PieceRef (`keyed` is then false). Lines
    of an entry need not be together.
    """
    entry, day = pl.col("entry"), pl.col("date")
    constant = (entry.min() == entry.max()) & entry.is_not_null().all() & (day.min() != day.max())
    books = rows.group_by("book").agg(constant=constant).filter("constant")["book"].to_list()
    whole = rows.select(constant).item()
    blank = pl.col("entry").str.strip_chars("0").fill_null("") == ""
    unusable = blank | pl.col("book").is_in(books) | pl.lit(whole)
    other = pl.concat_str(
        [pl.col("date").cast(pl.String), pl.col("piece").str.strip_chars().fill_null("")],
        separator="|",
    )
    keyed = rows.with_columns(amount=pl.col("debit") - pl.col("credit"), keyed=~unusable)
    if keyed["keyed"].all():
        return keyed.with_columns(_entry_ids(keyed.select("book", key="entry")))
    key = pl.when("keyed").then("entry").otherwise(other)
    return keyed.with_columns(_entry_ids(keyed.select("book", key=key)))


def _entry_ids(keys: pl.DataFrame) -> pl.Series:
    """A number for each distinct key; runs of equal keys are looked up once."""
    changed = keys.select(
        (pl.col("book").ne_missing(pl.col("book").shift()))
        | (pl.col("key").ne_missing(pl.col("key").shift()))
    ).to_series()
    run = changed.cum_sum() - changed[0]
    runs = keys.filter(changed | pl.int_range(len(changed), eager=True).eq(0)).with_row_index("run")
    first = runs.select(pl.col("run").min().over("book", "key")).to_series()
    return first.gather(run).alias("entry_id")


def with_openings(rows: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Return `entries` with `opening`: by their book, or by their labels on the first day."""
    names = rows.select("book", "book_name").unique()
    books = names.group_by("book").agg(pl.col("book_name").drop_nulls())
    all_sheet = entries.group_by("book").agg(pl.col("balance_sheet").all())
    sheet = all_sheet.filter("balance_sheet")["book"].to_list()
    named = [b for b, names in books.iter_rows() if b in sheet and is_opening_book(b, names)]
    first_day = rows.filter(pl.col("date") == rows["date"].min())
    labelled = first_day.filter(pl.col("label").str.contains(_OPENING_LABELS))["entry_id"]
    by_label = pl.col("entry_id").is_in(labelled.unique().implode())
    return entries.with_columns(
        opening=pl.col("book").is_in(named) | (by_label & pl.col("balance_sheet") & ~pl.col("bank"))
    )


def is_opening_book(code: str, names: Iterable[str]) -> bool:
    """Return whether a book's code or one of its names is that of the opening balance."""
    return plain(code) in _OPENING_CODES or any(_OPENING_NAMES.search(name) for name in names)


def unbalanced(entries: pl.DataFrame, file: str) -> list[Diagnostic]:
    """Return a warning for each entry with a sure number that does not balance."""
    wrong = entries.filter((pl.col("sum") != 0) & pl.col("sure") & ~pl.col("opening"))
    texts = [to_text(cents, "EUR") for cents in wrong["sum"]]
    wrong = wrong.select("line", "number", journal="book").with_columns(
        difference=pl.Series(texts, dtype=pl.String)
    )
    return row_findings(codes.UNBALANCED_ENTRY, file, wrong, ("number", "journal", "difference"))


def check_balance(
    rows: pl.DataFrame, entries: pl.DataFrame, tolerance: int, file: str
) -> list[Diagnostic]:
    """Return a warning for an opening balance without its other half.

    Some software exports the opening of the customers' accounts alone, and books cents of
    rounding on one side. Any other difference of debits and credits is refused.

    Raises:
        Refusal: if debits and credits differ otherwise.
    """
    total = int(entries["sum"].sum())
    alone = entries.filter("one_sided")
    opening = int(alone.filter("opening")["sum"].sum())
    small = alone.filter(~pl.col("opening") & (pl.col("sum").abs() <= tolerance))
    cents = int(small["sum"].sum())
    if total != 0 and total - opening != 0 and total - opening - cents != 0:
        raise Refusal(*difference(rows, file))
    if total == 0 or opening == 0:
        return []
    facts = {"amount": to_text(opening, "EUR")}
    return [Diagnostic(codes.OPENING_ALONE, Span(file), facts)]


def span_of_dates(rows: pl.DataFrame, entries: pl.DataFrame) -> tuple[date, date]:
    """Return the first and the last date of the entries that are no opening; of all, if all are."""
    openings = entries.filter("opening")["entry_id"]
    moving = rows["date"].filter(~rows["entry_id"].is_in(openings.implode()))
    dates = moving if len(moving) else rows["date"]
    return dates.min(), dates.max()  # type: ignore[return-value]
