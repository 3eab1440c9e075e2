"""Statements as rows of one frame: texts cleaned, references in one form, kinds filled in."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from relance.intake.bank.references import with_references
from relance.intake.bank.statement import OWN, Statement
from relance.intake.texts import clean, without_edges
from relance.ledger.schema import MOVEMENTS, Column, empty, schema

ROWS = (
    *MOVEMENTS,
    Column("held", pl.String, "account of the statement; `account` may be a virtual IBAN of it"),
)
"""MOVEMENTS, and what their identity is made of beside them."""

_TYPES = schema(ROWS)
_TEXTS = ("counterparty", "counterparty_iban", "reference", "end_to_end", "text",
          "bank_reference", "mandate")  # fmt: skip
_NO_REFERENCE = r"(?i)^(not ?provided|non ?ref|none|not ?available|n/?a|kref\+?|[0\s.-]*)$"
_TAKEN_BACK = (
    r"(?i)\b(IMPAY|REJET|RETOURN|RETOUR (VIR|PRLV|PRELEV|SEPA)|CHARGEBACK|R(UE|Ü)CKLAST|"
    r"TERUGBOEK|NIET UITGEVOERD|UNPAID|RETURNED|RETURN OF|STORNO)"
)
_CHARGED = r"(?i)\b(FRAIS|COMM(ISSION)?S?|FEES?|CHARGES?|KOSTEN|GEB(UE|Ü)HR|CONTRIBUTION)\b"


def rows(statements: Sequence[Statement], source: str, file: str) -> pl.DataFrame:
    """Return the movements of `statements` with the columns of ROWS, `movement` null.

    Texts have no control or direction characters; a reference that says there is none is null.
    `kind` is what the form says; where it says nothing, the sign and the text do.
    """
    parts = [_part(statement) for statement in statements if len(statement.movements["amount"])]
    if not parts:
        return empty(ROWS)
    frame = pl.concat(parts).with_columns(
        movement=pl.lit(None, pl.String), source=pl.lit(source), file=pl.lit(file)
    )
    frame = without_edges(frame.with_columns(clean(frame[name])[0] for name in _TEXTS))
    frame = frame.with_columns(
        pl.when(~pl.col(name).str.contains(_NO_REFERENCE)).then(pl.col(name))
        for name in ("end_to_end", "bank_reference", "reference", "mandate")
    ).with_columns(
        value=pl.coalesce("value", "booked"),
        counterparty_iban=pl.col("counterparty_iban").str.replace_all(r"\s", "").str.to_uppercase(),
        parts=pl.col("parts").fill_null(1),
        kind=_kind(),
    )
    return with_references(frame).select(_TYPES.names())


def _part(statement: Statement) -> pl.DataFrame:
    columns = {name: pl.Series(name, statement.movements[name], dtype=_TYPES[name]) for name in OWN}
    frame = pl.DataFrame(columns).with_columns(
        account=pl.lit(statement.account),
        held=pl.lit(statement.account),
        currency=pl.lit(statement.currency),
    )
    if statement.credited:
        own = frame["account"].scatter(list(statement.credited), list(statement.credited.values()))
        frame = frame.with_columns(own)
    return frame


def _kind() -> pl.Expr:
    text = pl.col("text").fill_null("")
    back = (pl.col("amount") < 0) & text.str.contains(_TAKEN_BACK) & ~text.str.contains(_CHARGED)
    told = pl.when(back).then(pl.lit("return")).when(pl.col("amount") > 0).then(pl.lit("payment"))
    return pl.coalesce(pl.col("kind"), told, pl.lit("other"))
