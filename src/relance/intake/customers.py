"""The customers' file as debtors."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import amounts, codes, days, values
from relance.intake.columns import Wanted
from relance.intake.contacts import read_contacts
from relance.intake.echo import form, left_out, understood
from relance.intake.encoding import Text, read_text
from relance.intake.files import Content, load, matching, newest
from relance.intake.findings import Refusal, shown
from relance.intake.headers import Heading, find_heading
from relance.intake.items import check_email, check_order
from relance.intake.reading import FileRead
from relance.intake.records import cell, tabulate
from relance.intake.sieve import Sieve
from relance.intake.synonyms import customers, key, needs
from relance.intake.texts import as_iban, clean, trimmed, without_edges
from relance.ledger.schema import DEBTORS, conform, empty
from relance.money import digits
from relance.policy.links import is_link
from relance.policy.model import Creditor, CustomersSource, Need

SOURCE = "customers"
REQUIRED = (("id",),)
_KNOWN: dict[str, tuple[Callable[[str], str | None], str]] = {
    "kind": (values.debtor_kind_of, "business, consumer, public"),
    "country": (values.country_of, "FR, BE, NL, … (ISO 3166)"),
    "language": (values.language_of, "fr, nl, de, en"),
}


def read_customers(
    source: CustomersSource, creditor: Creditor, root: Path
) -> tuple[pl.DataFrame, list[Diagnostic], list[FileRead]]:
    """Return the debtors of the customers' file, what is said of them, and the file read.

    Debtors have the columns of `ledger.schema.DEBTORS`. Of a pattern the newest file is read. A
    file that is refused gives no debtors and a diagnostic of severity error.
    """
    try:
        last, said = newest(root, matching(root, source.path))
        debtors, findings, file = _read_file(load(root, last), source, creditor)
    except Refusal as refusal:
        return empty(DEBTORS), list(refusal.diagnostics), []
    return debtors, said + findings, [file]


def _read_file(
    content: Content, source: CustomersSource, creditor: Creditor
) -> tuple[pl.DataFrame, list[Diagnostic], FileRead]:
    file = content.path
    text = read_text(content.data, file, source.encoding, source.unterminated == "accept")
    asked = Wanted(customers(), REQUIRED, source.columns)
    heading = find_heading(text.data, file, asked, source.delimiter)
    frame, unsafe = rows_of(text, file, heading)
    rows = frame.height
    sieve = Sieve(file, frame)
    header = shown(heading.read_from()["id"])
    sieve.reject(codes.MISSING, pl.col("id").is_null(), column=header)
    _unique(sieve)
    _read_words(sieve, heading)
    _read_needs(sieve, heading)
    dates = _read_since(sieve, heading, source, creditor)
    decimal = _read_limit(sieve, heading, source, creditor)
    _read_score(sieve, heading)
    if "email" in sieve.frame.columns:
        check_email(sieve, "email")
    _check_link(sieve, heading)
    read_contacts(sieve, heading)
    found = form(text, heading, decimal, dates)
    said = [
        *text.diagnostics,
        *understood(file, heading, found, rows),
        *sieve.diagnostics,
        *left_out(file, rows, sieve.rejected, unsafe),
    ]
    read = FileRead(SOURCE, file, "csv", rows, content.fingerprint, found, content.modified)
    return _debtors(sieve.frame, file), said, read


def rows_of(text: Text, file: str, heading: Heading) -> tuple[pl.DataFrame, int]:
    """Return the rows that are not blank, cleaned, and how many cells held unsafe characters."""
    rows = tabulate(text.data, file, heading)
    cells = [trimmed(pl.col(cell(p))).is_not_null() for p in range(len(heading.cells))]
    columns = [pl.col(cell(p[0])).alias(name) for name, p in heading.columns.items()]
    frame = without_edges(rows.filter(pl.any_horizontal(cells)).select("line", *columns))
    texts = [clean(frame[name], lines=name == "address") for name in heading.columns]
    return frame.with_columns(text for text, _ in texts), sum(count for _, count in texts)


def _unique(sieve: Sieve) -> None:
    """Leave out repeats, and all rows of an id that has several contents: none is known right."""
    ids = sieve.frame["id"]
    if ids.n_unique() == len(ids):
        return
    cells = [name for name in sieve.frame.columns if name != "line"]
    first = pl.col("line").min().over("id")
    sieve.frame = sieve.frame.with_columns(first=first, whole=pl.col("line").min().over(cells))
    text = {"text": pl.col("id"), "first": pl.col("first")}
    sieve.reject(codes.REPEATED, pl.col("line") > pl.col("whole"), text)
    several = pl.len().over("id") > 1
    sieve.reject(codes.TWO_CUSTOMERS, several, text)
    sieve.frame = sieve.frame.drop("first", "whole")


def _read_words(sieve: Sieve, heading: Heading) -> None:
    for name, (read, known) in _KNOWN.items():
        if name not in sieve.frame.columns:
            continue
        found = values.mapped(sieve.frame[name], read)
        sieve.frame = sieve.frame.with_columns(found.alias("found"))
        text = pl.col(name)
        unknown = text.is_not_null() & pl.col("found").is_null()
        facts = {"column": shown(heading.read_from()[name]), "known": known}
        sieve.tell(codes.BAD_VALUE, unknown, {"text": text}, **facts)
        sieve.frame = sieve.frame.with_columns(found.alias(name)).drop("found")


def _read_needs(sieve: Sieve, heading: Heading) -> None:
    """Write what a customer requires in words of the policy; say which words are not known."""
    if "requires" not in sieve.frame.columns:
        return
    cells = sieve.frame["requires"].unique().drop_nulls().to_list()
    words = {cell: [word for word in re.split("[,;|]", cell) if key(word)] for cell in cells}
    known = {cell: ";".join(filter(None, map(_need, of))) for cell, of in words.items()}
    odd = {cell: ", ".join(w.strip() for w in of if not _need(w)) for cell, of in words.items()}
    text = pl.col("requires")
    strange = text.replace_strict(odd, default=None, return_dtype=pl.String)
    facts = {"column": shown(heading.read_from()["requires"]), "known": ", ".join(get_args(Need))}
    sieve.tell(codes.BAD_VALUE, strange != "", {"text": strange}, **facts)
    read = text.replace_strict(known, default=None, return_dtype=pl.String)
    sieve.frame = sieve.frame.with_columns(requires=read)


def _check_link(sieve: Sieve, heading: Heading) -> None:
    """Make links null that are no https address, and say so."""
    if "link" not in sieve.frame.columns:
        return
    known = [text for text in sieve.frame["link"].unique().drop_nulls() if is_link(text)]
    text = pl.col("link")
    strange = text.is_not_null() & ~text.is_in(known)
    facts = {"column": shown(heading.read_from()["link"]), "known": "https://…"}
    sieve.tell(codes.BAD_VALUE, strange, {"text": text}, **facts)
    sieve.frame = sieve.frame.with_columns(pl.when(~strange).then(text).alias("link"))


def _need(word: str) -> str | None:
    return needs().get(key(word))


def _read_since(sieve: Sieve, heading: Heading, source: CustomersSource, creditor: Creditor) -> str:
    check_order(source.dates, sieve.file)
    if "since" not in sieve.frame.columns:
        return ""
    texts = days.distinct([sieve.frame["since"]])
    order = days.detect(texts, source.dates, creditor.country)
    table = days.read(texts, order)
    if order.mixed or order.guessed:
        facts = {"order": order.order, "example": shown(order.unsure or order.mdy)}
        sieve.diagnostics.append(Diagnostic(codes.AMBIGUOUS_DATES, Span(sieve.file), facts))
    frame = sieve.frame.join(
        table, left_on="since", right_on="text", how="left", maintain_order="left"
    )
    sieve.frame = frame
    text = pl.col("since")
    bad = text.is_not_null() & pl.col("day").is_null() & ~pl.col("none")
    header = shown(heading.read_from()["since"])
    sieve.tell(codes.BAD_DATA_VALUE, bad, {"text": text}, column=header)
    sieve.frame = sieve.frame.with_columns(since=pl.col("day")).drop("day", "none")
    return order.echo if len(texts) else ""


def _read_limit(sieve: Sieve, heading: Heading, source: CustomersSource, creditor: Creditor) -> str:
    if "credit_limit" not in sieve.frame.columns:
        return ""
    marks = amounts.detect([sieve.frame["credit_limit"]], source.decimal)
    found = amounts.parse(sieve.frame["credit_limit"], marks)
    step = pl.lit(10 ** (6 - digits(creditor.currency)))
    minor, bad = amounts.to_minor(pl.col("micro"), step)
    sieve.frame = sieve.frame.with_columns(found)
    if "symbol" in found.columns:
        symbols = values.mapped(found["symbol"], values.currency_of)
        foreign = found["symbol"].is_not_null() & symbols.ne_missing(creditor.currency)
        sieve.frame = sieve.frame.with_columns(foreign.alias("foreign"))
        bad = bad | pl.col("fault").is_not_null() | pl.col("foreign")
    header = shown(heading.read_from()["credit_limit"])
    text = {"text": pl.col("credit_limit")}
    sieve.tell(codes.BAD_DATA_VALUE, bad, text, column=header)
    limit = pl.when(~bad).then(minor)
    sieve.frame = sieve.frame.with_columns(credit_limit=limit)
    extra = ("micro", "symbol", "fault", "foreign")
    sieve.frame = sieve.frame.drop(*extra, strict=False)
    return marks.decimal or ""


def _read_score(sieve: Sieve, heading: Heading) -> None:
    """Read scores as plain numbers, with a point or a comma: each agency has its own scale."""
    if "score" not in sieve.frame.columns:
        return
    text = pl.col("score")
    plain = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    number = pl.when(plain.is_finite()).then(plain)
    header = shown(heading.read_from()["score"])
    bad = text.is_not_null() & number.is_null()
    sieve.tell(codes.BAD_DATA_VALUE, bad, {"text": text}, column=header)
    sieve.frame = sieve.frame.with_columns(score=number)


def _debtors(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    none = pl.lit([], pl.List(pl.String))
    frame = frame.with_columns(
        pl.coalesce(_listed(frame, name), none).alias(name) for name in ("tags", "requires")
    )
    if "virtual_iban" in frame.columns:
        frame = frame.with_columns(virtual_iban=as_iban("virtual_iban"))
    return conform(frame.with_columns(debtor=pl.col("id"), file=pl.lit(file)), DEBTORS)


def _listed(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The words of a cell that commas, semicolons or bars separate; null for an empty cell."""
    if name not in frame.columns:
        return pl.lit(None, pl.List(pl.String))
    separated = pl.col(name).str.replace_all(r"\s*[,;|]\s*", ";").str.strip_chars("; ")
    return pl.when(separated != "").then(separated.str.split(";"))
