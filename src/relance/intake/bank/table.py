"""A bank's CSV file as statements: one per account and currency of its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import codes as csv_codes
from relance.intake import values
from relance.intake.amount_cells import Settings, read_amounts, read_currencies
from relance.intake.bank import codes
from relance.intake.bank.fixed import is_iban
from relance.intake.bank.statement import OWN, Defaults, Statement
from relance.intake.bank.table_balance import check_balances
from relance.intake.bank.table_headers import direction_of, headers
from relance.intake.columns import Wanted
from relance.intake.echo import form, understood
from relance.intake.encoding import Text, read_text
from relance.intake.findings import Refusal, refuse, shown
from relance.intake.headers import Heading, find_heading
from relance.intake.items import read_dates
from relance.intake.records import SUM, cell, tabulate
from relance.intake.sieve import Sieve
from relance.intake.texts import clean, trimmed, without_edges

REQUIRED = (("booked", "value"), ("amount", "debit", "credit"))
_AMOUNTS = ("amount", "debit", "credit")
_IBAN = re.compile(r"\b([A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30})\b")
_PREAMBLE = 60


def read_csv(
    content: bytes, name: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    """Return the statements in `content`, and what is said of them.

    Columns are those of `policy.BANK_COLUMNS`, mapped by the source or found by synonyms. A row
    that cannot be read refuses the file, and so does a balance column that does not add up.
    """
    try:
        return _read(content, name, defaults)
    except Refusal as refusal:
        return [], list(refusal.diagnostics)


def _read(
    content: bytes, file: str, defaults: Defaults
) -> tuple[list[Statement], list[Diagnostic]]:
    told = defaults.settings
    accepted = told.get("unterminated") == "accept"
    text = read_text(content, file, told.get("encoding"), accepted)
    asked = Wanted(headers(), REQUIRED, told.get("columns", {}))
    heading = find_heading(text.data, file, asked, told.get("delimiter"))
    frame, passed = _rows(text, file, heading)
    names = heading.read_from()
    ask = Settings(
        told.get("decimal"), told.get("dates"), None, defaults.currency, told.get("country", "")
    )
    sieve = Sieve(file, frame)
    dates = read_dates(sieve, names, ("booked", "value"), None, ask)
    decimal = _read_amounts(sieve, names, ask)
    _all_or_nothing(sieve, frame.height)
    account = _account(text, heading, defaults)
    statements = _statements(sieve, account, defaults.currency)
    found = form(text, heading, decimal, dates.echo if dates else "")
    said = [d for d in understood(file, heading, found, frame.height) if not _of_text(d)]
    if passed or heading.line > 1:
        facts = {"preamble": heading.line - 1, "blank": passed, "sums": 0, "headings": 0,
                 "headers": 0}  # fmt: skip
        said.append(Diagnostic(csv_codes.SKIPPED, Span(file), facts))
    return statements, [*text.diagnostics, *said, *sieve.diagnostics]


def _of_text(finding: Diagnostic) -> bool:
    """Whether it says that a text column is not read: all of them are."""
    return finding.rule is csv_codes.OTHER_HEADER and finding.facts["column"] == "text"


def _rows(text: Text, file: str, heading: Heading) -> tuple[pl.DataFrame, int]:
    """Return the rows that are movements, cleaned, and how many others there were.

    A row without amount is a heading, a balance or blank; one without date that names a sum is a
    sum.
    """
    rows = tabulate(text.data, file, heading)
    places = {name: list(found[:1]) for name, found in heading.columns.items()}
    more = [heading.position(header) for header in heading.others.get("text", ())]
    places.setdefault("text", []).extend(p for p in more if p is not None)
    columns = [_joined(found).alias(name) for name, found in places.items() if found]
    frame = without_edges(rows.select("line", *columns, _cells=pl.concat_str(
        [pl.col(cell(p)) for p in range(len(heading.cells))], separator="\n", ignore_nulls=True
    )))  # fmt: skip
    days = [pl.col(n) for n in ("booked", "value") if n in frame.columns]
    amounts = [pl.col(n) for n in _AMOUNTS if n in frame.columns]
    first = heading.columns.get("booked", heading.columns.get("value", (0,)))[0]
    repeated = (days[0] == heading.cells[first]).fill_null(False)
    summed = pl.coalesce(days).is_null() & pl.col("_cells").str.contains(_sums())
    kept = frame.filter(pl.coalesce(amounts).is_not_null() & ~summed.fill_null(False) & ~repeated)
    texts = [n for n in kept.columns if n not in ("line", "_cells", *_AMOUNTS, "balance")]
    kept = kept.with_columns(clean(kept[name])[0] for name in texts)
    passed = frame.height - kept.height
    return kept.drop("_cells").rename({"balance": "open"}, strict=False), passed


def _sums() -> str:
    return "(?im)" + SUM.removeprefix("(?i)") + r"|^\W*(solde|saldo|balance|kontostand)\b"


def _joined(places: list[int]) -> pl.Expr:
    cells = [trimmed(pl.col(cell(place))) for place in places]
    return cells[0] if len(cells) == 1 else pl.concat_str(cells, separator=" ", ignore_nulls=True)


def _read_amounts(sieve: Sieve, names: Mapping[str, str], ask: Settings) -> str:
    days = [pl.col(n) for n in ("booked", "value") if n in sieve.frame.columns]
    header = shown(names.get("booked") or names.get("value"))
    sieve.reject(csv_codes.MISSING, pl.coalesce(days).is_null(), column=header)
    decimal = read_amounts(sieve, {**names, "open": names.get("balance", "")}, ask)
    read_currencies(sieve, names, ask)
    given = sieve.frame.columns
    sieve.frame = sieve.frame.with_columns(
        booked=pl.coalesce(days), value=pl.coalesce(days[::-1]), amount=_signed(sieve.frame)
    )
    if "direction" in given:
        _turn(sieve, names)
    return decimal


def _signed(frame: pl.DataFrame) -> pl.Expr:
    """The signed amount of each row; debits count negative whatever sign the bank gives them."""
    if "amount_minor" in frame.columns:
        return pl.col("amount_minor")
    nothing = pl.lit(0, pl.Int64)
    credit = pl.col("credit_minor").fill_null(0) if "credit_minor" in frame.columns else nothing
    if "debit_minor" not in frame.columns:
        return credit
    debit = pl.col("debit_minor").fill_null(0)
    negative = bool((frame["debit_minor"] < 0).any())
    return credit + debit if negative else credit - debit


def _turn(sieve: Sieve, names: Mapping[str, str]) -> None:
    """Give unsigned amounts the sign that their row's direction says."""
    signs = values.mapped(sieve.frame["direction"], direction_of).cast(pl.Int64)
    sieve.frame = sieve.frame.with_columns(signs.alias("_sign"))
    header = shown(names.get("direction", "direction"))
    text = {"text": pl.col("direction")}
    sieve.reject(csv_codes.BAD_AMOUNT, pl.col("_sign").is_null(), text, column=header)
    signed = pl.col("amount").abs() * pl.col("_sign")
    sieve.frame = sieve.frame.with_columns(amount=signed)


def _all_or_nothing(sieve: Sieve, rows: int) -> None:
    if sieve.rejected:
        facts = {"count": sieve.rejected, "rows": rows}
        lines = [d.span.line for d in sieve.diagnostics if d.span and d.span.line]
        whole = Diagnostic(codes.UNREAD_ROWS, Span(sieve.file, min(lines, default=None)), facts)
        raise Refusal(*sieve.diagnostics, whole)


def _account(text: Text, heading: Heading, defaults: Defaults) -> str | None:
    """Return the IBAN that stands above the header, or else the one of the source."""
    above = text.data[: 1 << 16].decode("utf-8", "ignore").split("\n")[: heading.line - 1]
    for line in above[:_PREAMBLE]:
        for found in _IBAN.findall(line.upper()):
            plain = "".join(found.split())
            if is_iban(plain):
                return plain
    return defaults.account


def _statements(sieve: Sieve, account: str | None, currency: str) -> list[Statement]:
    frame, file = sieve.frame, sieve.file
    own = pl.lit(account, pl.String)
    if "account" in frame.columns:
        bare = pl.col("account").str.replace_all(r"\s", "").str.to_uppercase()
        own = pl.coalesce(bare, own)
    frame = frame.with_columns(account=own)
    if not frame.height:
        return [Statement(account, currency)] if account else []
    if frame["account"].null_count():
        line = frame.filter(pl.col("account").is_null())["line"][0]
        raise refuse(codes.NO_ACCOUNT, file, line)
    parts = frame.partition_by("account", "currency", maintain_order=True)
    return [_statement(part, file) for part in parts]


def _statement(frame: pl.DataFrame, file: str) -> Statement:
    statement = Statement(frame["account"][0], frame["currency"][0], line=int(frame["line"][0]))
    if "open_minor" in frame.columns:
        opening, closing = check_balances(frame, file)
        statement.opening, statement.closing = opening, closing
    statement.day = date.fromisoformat(str(frame["booked"].max()))
    moved = frame.filter(pl.col("amount") != 0)
    for name in OWN:
        if name in moved.columns:
            statement.movements[name] = moved[name]
        else:
            statement.movements[name] = pl.repeat(None, moved.height, dtype=pl.Null, eager=True)
    return statement
