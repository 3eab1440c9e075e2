"""Items out of rows of text: typed, signed, and each fault said with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes, days, values
from relance.intake.amount_cells import AMOUNTS, Settings, read_amounts, read_currencies
from relance.intake.findings import refuse, shown
from relance.intake.presets import Preset
from relance.intake.sieve import Sieve
from relance.intake.synonyms import key
from relance.ledger.schema import CREDIT_KINDS, RECEIVABLE_KINDS

EMAIL = r"^[^\s@<>(),;:\\\"\[\]]+@[^\s@<>(),;:\\\"\[\]]+\.[A-Za-z0-9-]{2,}$"
_OPENING_BOOKS = ("an", "ran", "ano", "anouv", "ouv", "opn")


@dataclass(frozen=True)
class Typed:
    """Items of one file, with how they were read.

    Attributes:
        frame: `line`, `number`, `debtor`, `kind`, `issued`, `due`, `currency`, `amount`, `open`, …
        diagnostics: all that is said of the rows.
        rejected: how many rows were left out because they could not be read.
        suppliers: how many rows were documents of suppliers.
        decimal: the decimal mark, "" if no amount has one.
        dates: the order of dates, "" if there are none.
    """

    frame: pl.DataFrame
    diagnostics: list[Diagnostic]
    rejected: int
    suppliers: int
    decimal: str
    dates: str


def type_items(
    frame: pl.DataFrame, names: Mapping[str, str], file: str, preset: Preset | None, ask: Settings
) -> Typed:
    """Return the items of the rows of text in `frame`.

    Args:
        frame: `line` and columns of text, as from `rows.extract`.
        names: column → header, for the messages.
        file: path for the diagnostics.
        preset: the preset in use; None if none.
        ask: what the policy says.

    Raises:
        Refusal: if days and months are swapped in some dates only.
    """
    sieve = Sieve(file, frame)
    _require(sieve, names)
    order = read_dates(sieve, names, ("issued", "due", "settled_on"), preset, ask)
    marks = read_amounts(sieve, names, ask)
    suppliers = _read_kinds(sieve, preset)
    read_currencies(sieve, names, ask)
    _sign(sieve, preset)
    _number_credits(sieve, names)
    _check_dates(sieve)
    _check_email(sieve)
    return Typed(
        sieve.frame,
        sieve.diagnostics,
        sieve.rejected,
        suppliers,
        marks,
        order.echo if order else "",
    )


def _require(sieve: Sieve, names: Mapping[str, str]) -> None:
    given = sieve.frame.columns
    if "debtor" not in given:
        name = pl.col("debtor_name") if "debtor_name" in given else pl.lit(None, pl.String)
        sieve.frame = sieve.frame.with_columns(debtor=name)
    present = [name for name in AMOUNTS if name in given]
    if "amount" in given:
        present = ["amount"]
    lacking = pl.all_horizontal([pl.col(name).is_null() for name in present])
    header = " / ".join(shown(names.get(name, name)) for name in present)
    sieve.reject(codes.MISSING, lacking, column=header)
    debtor = "debtor" if "debtor" in given else "debtor_name"
    header = shown(names.get(debtor, "debtor"))
    sieve.reject(codes.MISSING, pl.col("debtor").is_null(), column=header)


def read_dates(
    sieve: Sieve,
    names: Mapping[str, str],
    columns: tuple[str, ...],
    preset: Preset | None,
    ask: Settings,
) -> days.Order | None:
    """Replace the text `columns` of the rows by dates; return their order, None without dates.

    A bad date leaves its row out.

    Raises:
        Refusal: if both day first and month first are proven and the policy does not choose.
    """
    check_order(ask.dates, sieve.file)
    columns = tuple(name for name in columns if name in sieve.frame.columns)
    texts = days.distinct([sieve.frame[name] for name in columns])
    if not len(texts):
        dates = [pl.lit(None, pl.Date).alias(name) for name in columns]
        sieve.frame = sieve.frame.with_columns(dates)
        return None
    order = days.detect(texts, ask.dates or (preset.dates if preset else None), ask.country)
    if order.mixed:
        raise refuse(codes.MIXED_DATES, sieve.file, dmy=shown(order.dmy), mdy=shown(order.mdy))
    if order.guessed:
        facts = {"order": order.order, "example": shown(order.unsure)}
        sieve.diagnostics.append(Diagnostic(codes.AMBIGUOUS_DATES, Span(sieve.file), facts))
    table = days.read(texts, order)
    for name in columns:
        _read_date(sieve, name, shown(names.get(name, name)), table)
    return order


def _read_date(sieve: Sieve, name: str, header: str, table: pl.DataFrame) -> None:
    frame = sieve.frame.join(
        table, left_on=name, right_on="text", how="left", maintain_order="left"
    )
    sieve.frame = frame
    text, day = pl.col(name), pl.col("day")
    bad = text.is_not_null() & day.is_null() & ~pl.col("none")
    sieve.reject(codes.BAD_DATE, bad, {"text": text}, column=header)
    sieve.frame = sieve.frame.with_columns(day.alias(name)).drop("day", "none")


def check_order(dates: str | None, file: str) -> None:
    """Refuse `file` if the policy's `dates` is neither an order nor a format of dates."""
    if dates is not None and not days.is_order(dates):
        raise refuse(codes.BAD_SETTING, file, setting="dates", text=shown(dates))


def _read_kinds(sieve: Sieve, preset: Preset | None) -> int:
    if "kind" not in sieve.frame.columns:
        sieve.frame = sieve.frame.with_columns(kind=pl.lit(None, pl.String))
        return 0
    own = {key(word): kind for word, kind in preset.kinds.items()} if preset else {}
    read = values.mapped(sieve.frame["kind"], lambda word: values.kind_of(word, own))
    sieve.frame = sieve.frame.with_columns(read.alias("read"))
    text = pl.col("kind")
    sieve.reject(codes.BAD_KIND, text.is_not_null() & pl.col("read").is_null(), {"text": text})
    suppliers = sieve.leave_out(pl.col("read") == values.SUPPLIER)
    sieve.frame = sieve.frame.with_columns(kind=pl.col("read")).drop("read")
    return suppliers


def _sign(sieve: Sieve, preset: Preset | None) -> None:
    """Give each row its kind and signs: credits are negative whatever the file's convention."""
    sieve.frame = _with_amounts(sieve.frame, preset)
    amount, opened, kind = pl.col("amount_minor"), pl.col("open_minor"), pl.col("kind")
    credit = kind.is_in(CREDIT_KINDS)
    contrary = ~credit & (amount.sign() * opened.sign() < 0)
    shown_texts = {"text": pl.col("open_text"), "amount": pl.col("amount_text")}
    sieve.reject(codes.SIGNS, contrary, shown_texts)
    turned = ~credit & ((amount < 0) | (opened < 0))
    sieve.frame = sieve.frame.with_columns(
        kind=pl.when(turned).then(pl.lit("credit_note")).otherwise(kind),
        amount=pl.when(credit).then(-amount.abs()).otherwise(amount),
        open=pl.when(credit).then(-opened.abs()).otherwise(opened),
    )
    over = pl.col("open").abs() > pl.col("amount").abs()
    sieve.tell(codes.OVER_OPEN, over, shown_texts)


def _with_amounts(frame: pl.DataFrame, preset: Preset | None) -> pl.DataFrame:
    """Return the rows with `amount_minor`, `open_minor`, their texts, and `kind` filled."""
    names = frame.columns
    kind = pl.col("kind")
    if "amount_minor" not in names and ("debit_minor" in names or "credit_minor" in names):
        nothing = pl.lit(0, pl.Int64)
        debit = pl.col("debit_minor").fill_null(0) if "debit_minor" in names else nothing
        credit = pl.col("credit_minor").fill_null(0) if "credit_minor" in names else nothing
        sides = [pl.col(n) for n in ("debit", "credit") if n in names]
        frame = frame.with_columns(amount_minor=debit - credit, amount=pl.coalesce(sides))
    elif "amount_minor" not in names:
        frame = frame.with_columns(amount_minor=pl.col("open_minor"), amount=pl.col("open"))
    if "open_minor" not in names:
        frame = frame.with_columns(open_minor=pl.lit(None, pl.Int64), open=pl.lit(None, pl.String))
    opened = pl.coalesce("open_minor", "amount_minor")
    by_book = _kind_by_book(frame, preset)
    return frame.with_columns(
        open_minor=opened,
        amount_text=pl.col("amount"),
        open_text=pl.coalesce("open", "amount"),
        kind=pl.coalesce(kind, by_book, pl.lit("invoice")),
    )


def _kind_by_book(frame: pl.DataFrame, preset: Preset | None) -> pl.Expr:
    """The kind of a ledger's row: by the book it stands in and its side."""
    ledger = "debit" in frame.columns or (preset is not None and "journal" in preset.columns)
    if not ledger or "journal" not in frame.columns:
        return pl.lit(None, pl.String)
    book = pl.col("journal").str.to_lowercase().fill_null("")
    beginnings = preset.sales if preset else ("v", "sal")
    sales = pl.any_horizontal([book.str.starts_with(word) for word in beginnings])
    negative = pl.col("amount_minor") < 0
    return (
        pl.when(negative & ~sales).then(pl.lit("payment"))
        .when(~negative & book.is_in(_OPENING_BOOKS)).then(pl.lit("opening"))
    )  # fmt: skip


def _number_credits(sieve: Sieve, names: Mapping[str, str]) -> None:
    """Name credits without a number by their kind and date: left out they would be claimed."""
    number, kind = pl.col("number"), pl.col("kind")
    receivable = kind.is_in(RECEIVABLE_KINDS)
    header = shown(names.get("number", "number"))
    sieve.reject(codes.MISSING, number.is_null() & receivable, column=header)
    if not sieve.frame["number"].null_count():
        return
    dated = "issued" in sieve.frame.columns
    day = pl.col("issued").cast(pl.String) if dated else pl.lit(None, pl.String)
    made = pl.concat_str([kind, day], separator=" ", ignore_nulls=True)
    sieve.frame = sieve.frame.with_columns(number=pl.coalesce(number, made))


def _check_dates(sieve: Sieve) -> None:
    if not {"issued", "due"} <= set(sieve.frame.columns):
        return
    issued, due = pl.col("issued"), pl.col("due")
    texts = {"due": due.cast(pl.String), "issued": issued.cast(pl.String)}
    sieve.tell(codes.DUE_FIRST, due < issued, texts)


def _check_email(sieve: Sieve) -> None:
    if "email" in sieve.frame.columns:
        check_email(sieve, "email")


def check_email(sieve: Sieve, column: str) -> None:
    """Make the texts of `column` that are no e-mail address null, and say so."""
    text = pl.col(column)
    bad = sieve.tell(codes.BAD_EMAIL, ~text.str.contains(EMAIL), {"text": text})
    if bad.any():
        kept = pl.when(~bad).then(text)
        sieve.frame = sieve.frame.with_columns(kept.alias(column))
