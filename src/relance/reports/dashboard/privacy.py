"""The page without personal data: pseudonyms where codes and numbers were, and no names."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import polars as pl

from relance.indicators.report import OfCurrency, Report
from relance.reports.dashboard.view import View


def pseudonym(key: bytes, family: str, text: str) -> str:
    """Return what stands for `text`: the same each time for a key, and telling nothing without it."""
    digest = hmac.digest(key, f"{family}\0{text}".encode("utf-8", "replace"), sha256)
    return f"{family}-{b32encode(digest)[:8].decode()}"


def without_names(view: View, key: bytes) -> View:
    """Return `view` with nothing in it that names a person or a firm.

    Codes of debtors, numbers of invoices and owners become pseudonyms; names, files and the
    creditor are left out. Segments and levels, which are words of the policy, stay.
    """

    def disguised(column: pl.Series, family: str) -> pl.Series:
        texts = column.unique().drop_nulls()
        known = {text: pseudonym(key, family, text) for text in texts.to_list()}
        return column.replace_strict(known, return_dtype=pl.String)

    debtors = view.debtors.with_columns(
        disguised(view.debtors["code"], "D"),
        pl.lit("").alias("name"),
        disguised(view.debtors["owner"], "O"),
    ).with_row_index("was")
    # In the order of their pseudonyms: that of the names would tell who comes before whom.
    debtors = debtors.sort("code", "currency")
    places = debtors.select("was").with_row_index("place")
    items = (
        view.items.with_columns(disguised(view.items["number"], "F"))
        .rename({"place": "was"})
        .join(places, on="was", how="left")
        .sort("place", "due", "number", nulls_last=True)
        .select(view.items.columns)
    )
    return replace(
        view,
        creditor="",
        exports=[replace(export, source="", path="") for export in view.exports],
        debtors=debtors.drop("was"),
        items=items,
        report=_without(view.report, key),
        private=True,
    )


def _without(report: Report, key: bytes) -> Report:
    """Return `report` with pseudonyms instead of codes, numbers and owners."""
    return replace(
        report, creditor="", currencies=tuple(_of(one, key) for one in report.currencies)
    )


def _of(one: OfCurrency, key: bytes) -> OfCurrency:
    def owner(name: str) -> str:
        return name and pseudonym(key, "O", name)

    def party(each: Any) -> Any:
        return replace(
            each, debtor=pseudonym(key, "D", each.debtor), name="", owner=owner(each.owner)
        )

    scopes = [
        replace(scope, name=owner(scope.name)) if scope.kind == "owner" else scope
        for scope in one.scopes
    ]
    without = [
        replace(each, number=pseudonym(key, "F", each.number), debtor=pseudonym(key, "D", each.debtor), name="")
        for each in one.coverage.without
    ]  # fmt: skip
    return replace(
        one,
        scopes=tuple(scopes),
        top=tuple(map(party, one.top)),
        deviating=tuple(map(party, one.deviating)),
        coverage=replace(one.coverage, without=tuple(without)),
    )
