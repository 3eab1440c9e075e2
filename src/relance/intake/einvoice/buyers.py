"""The buyers of e-invoices among the customers: the same registration, VAT number or customer number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from relance.diagnostics import Diagnostic, Span
from relance.intake import einvoice_codes as codes
from relance.intake.findings import shown
from relance.ledger.schema import DEBTORS, conform
from relance.policy.numbers import compact

_Index = dict[str, list[str]]


def with_customers(
    items: pl.DataFrame,
    sources: list[str],
    found: list[pl.DataFrame],
    customers: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, list[Diagnostic]]:
    """Return the items under the ids of customers, all debtors, and what is said of the buyers.

    A buyer is the customer of the same SIRET, else of the same SIREN or enterprise number, else of
    the same VAT number, else the one whose id the invoice gives as the seller's number for it
    (BT-46). Where several customers fit, that number decides, else the buyer stays apart. A buyer
    who is no customer is a debtor of its own.

    Args:
        items: columns of `ledger.schema.ITEMS` of all sources.
        sources: names of the sources of e-invoices: the debtors of others have their ids already.
        found: frames of `einvoice.frames.debtors_frame`, one per source of e-invoices.
        customers: columns of `ledger.schema.DEBTORS`.
    """
    buyers = pl.concat(found).unique("debtor", keep="first", maintain_order=True)
    names, said = _names(buyers, customers)
    table = pl.DataFrame(
        {"debtor": list(names), "customer": list(names.values())},
        schema={"debtor": pl.String, "customer": pl.String},
    )
    named = items.join(table, on="debtor", how="left", maintain_order="left")
    ours = pl.col("customer").is_not_null() & pl.col("source").is_in(sources)
    debtor = pl.when(ours).then("customer").otherwise("debtor")
    items = named.with_columns(debtor=debtor).drop("customer")
    own = buyers.join(table, on="debtor", how="anti", maintain_order="left")
    own = own.join(customers, on="debtor", how="anti", maintain_order="left")
    return items, pl.concat([customers, conform(own, DEBTORS)]), said


def _names(
    buyers: pl.DataFrame, customers: pl.DataFrame
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return customer by own id of the buyer."""
    indexes = _indexes(customers)
    ids = set(customers["debtor"])
    names: dict[str, str] = {}
    said: list[Diagnostic] = []
    for buyer in buyers.iter_rows(named=True):
        fitting = next(filter(None, _fitting(buyer, indexes)), [])
        called = [number for number in buyer["numbers"] if number in ids]
        chosen = [c for c in fitting if c in called] if len(fitting) > 1 else fitting or called[:1]
        if len(chosen) == 1:
            names[buyer["debtor"]] = chosen[0]
        elif fitting:
            facts = {
                "name": shown(buyer["name"]), "id": shown(buyer["debtor"]),
                "customers": ", ".join(map(shown, sorted(fitting)[:5])),
            }  # fmt: skip
            place = Span(buyer["file"], buyer["line"])
            said.append(Diagnostic(codes.AMBIGUOUS_DEBTOR, place, facts))
    return names, said


def _fitting(buyer: dict[str, Any], indexes: tuple[_Index, _Index, _Index]) -> Iterator[list[str]]:
    full, legal, vat = indexes
    yield full.get(buyer["registration"] or "", [])
    yield legal.get(buyer["legal"] or "", [])
    yield vat.get(buyer["vat"] or "", [])


def _indexes(customers: pl.DataFrame) -> tuple[_Index, _Index, _Index]:
    """Return the customers by registration in full, by legal person and by VAT number."""
    full, legal, vat = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in customers.select("debtor", "country", "registration", "vat").iter_rows():
        debtor, country, registration, number = row
        plain = legal_number(registration or "", country)
        if plain:
            full[plain].append(debtor)
            legal[plain[:9] if len(plain) == 14 else plain].append(debtor)
        if number:
            bare = compact(number)
            vat[bare if bare[:2].isalpha() else f"{country or ''}{bare}"].append(debtor)
    return full, legal, vat


def legal_number(number: str, country: str | None) -> str:
    """Return a registration as it is compared: SIREN, SIRET, or ten digits of an enterprise number."""
    plain = compact(number).removeprefix("BE")
    belgian = country == "BE" or compact(number).startswith("BE")
    return plain.zfill(10) if belgian and plain.isdigit() and len(plain) == 9 else plain
