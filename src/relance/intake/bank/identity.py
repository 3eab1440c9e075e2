"""Which movements of several files are one: identities that overlapping statements share.

A movement is known by account, currency, booking date, amount and the bank's own reference of the
entry; where the bank gives none, by its other party and its text. Equal movements of one file are
told apart by a number: across files each identity counts as often as in the file that has it most
often. An identity depends on its movement alone, so that it is the same in every later run.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from relance.ledger.schema import MOVEMENTS, empty, schema

_ENTRY = ("held", "currency", "booked", "bank_reference")
_SEPARATOR = "\x1f"
_ORDER = ("value", "text", "counterparty", "counterparty_iban", "reference", "end_to_end", "line")


def once(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the movements of `frame`, each once, and how many each file repeats of others.

    Args:
        frame: columns of `frames.ROWS`, of all files together; `movement` is ignored.

    Returns:
        The movements with their identity, by account and date; and `file`, `count`. Which row is
        kept of several does not depend on the order of files: the one that tells most.
    """
    if not frame.height:
        return empty(MOVEMENTS), pl.DataFrame(schema={"file": pl.String, "count": pl.Int64})
    frame = identified(_without_wholes(frame))
    told = sum(pl.col(name).is_not_null().cast(pl.Int32) for name in _ORDER[1:-1])
    told += (pl.col("account") != pl.col("held")).cast(pl.Int32)
    length = pl.col("text").str.len_chars().fill_null(0)
    order = ["movement", "told", "length", "file", "source", "line"]
    ranked = frame.with_columns(told=told, length=length)
    if ranked["movement"].n_unique() < ranked.height:
        falling = [False, True, True, False, False, False]
        ranked = ranked.sort(order, descending=falling)
        kept = ranked.unique("movement", keep="first", maintain_order=True)
    else:
        kept = ranked
    repeated = _counts(frame, kept)
    names = schema(MOVEMENTS).names()
    return kept.select(names).sort("account", "currency", "booked", "movement"), repeated


def _counts(frame: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Return by file how many of its movements are told by another file's row."""
    if frame.height == kept.height:
        return pl.DataFrame(schema={"file": pl.String, "count": pl.Int64})
    both = frame.group_by("file").len("all").join(
        kept.group_by("file").len("kept"), on="file", how="left"
    )  # fmt: skip
    count = pl.col("all").cast(pl.Int64) - pl.col("kept").fill_null(0).cast(pl.Int64)
    return both.select("file", count=count).filter(pl.col("count") > 0).sort("file")


def identified(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with `movement` filled: 24 hexadecimal digits, and a number after the first.

    `frame` has the columns of `frames.ROWS`. The identity depends on what the movement is, never on the name or the order of files.
    """
    keyed = frame.with_columns(key=_key(frame))
    keyed = keyed.with_columns(number=_number(keyed))
    texts = keyed["key"].to_list()
    hashes = [blake2b(text.encode(), digest_size=12).hexdigest() for text in texts]
    suffix = pl.when(pl.col("number") > 0).then(pl.format("-{}", pl.col("number") + 1))
    named = keyed.with_columns(pl.Series("hash", hashes, pl.String))
    return named.with_columns(
        movement=pl.concat_str("hash", suffix.fill_null(""))
    ).drop("key", "number", "hash")  # fmt: skip


def _number(keyed: pl.DataFrame) -> pl.Series:
    """Number equal movements of one file, in an order that is not that of its rows."""
    if keyed["key"].n_unique() == keyed.height:
        return pl.repeat(0, keyed.height, dtype=pl.UInt32, eager=True)
    place = keyed.with_row_index("place")
    twins = place.filter(pl.len().over("source", "file", "key") > 1).sort(
        "source", "file", "key", *_ORDER, nulls_last=True
    )
    numbers = twins.select(
        "place", number=pl.int_range(pl.len(), dtype=pl.UInt32).over("source", "file", "key")
    )
    joined = place.select("place").join(numbers, on="place", how="left", maintain_order="left")
    return joined["number"].fill_null(0)


def _key(frame: pl.DataFrame) -> pl.Expr:
    known: pl.Expr = pl.col("bank_reference").fill_null("")
    if frame["bank_reference"].null_count():
        party = pl.concat_str(
            pl.coalesce("counterparty_iban", _plain(pl.col("counterparty")), pl.lit("")),
            _plain(pl.coalesce("reference", "end_to_end", pl.lit(""))),
            _plain(pl.col("text").fill_null("")),
            separator=_SEPARATOR,
        )
        known = pl.when(pl.col("bank_reference").is_null()).then(party).otherwise(known)
    return pl.concat_str(
        "held",
        "currency",
        pl.col("booked").cast(pl.String),
        pl.col("amount").cast(pl.String),
        known,
        separator=_SEPARATOR,
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """Letters and digits only, without accents: banks change the rest from form to form."""
    bare = text.str.normalize("NFKD").str.replace_all(r"[^\p{L}\p{N}]+", "")
    return bare.str.to_uppercase()


def _without_wholes(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out batches told whole whose payments another file tells one by one.

    Banks give the sum of a batch in camt.053 and its payments in camt.054, under one reference.
    """
    whole = (pl.col("parts") > 1) & pl.col("bank_reference").is_not_null()
    if not frame.select(whole.any()).item():
        return frame
    sums = (
        frame.filter(pl.col("parts") == 1, pl.col("bank_reference").is_not_null())
        .group_by("source", "file", *_ENTRY)
        .agg(pl.col("amount").sum())
        .select(*_ENTRY, "amount")
        .unique()
    )
    split = frame.filter(whole).join(sums, on=[*_ENTRY, "amount"], how="semi")
    keys = ["source", "file", "line", *_ENTRY, "amount"]
    return frame.join(split.select(keys).unique(), on=keys, how="anti", maintain_order="left")
