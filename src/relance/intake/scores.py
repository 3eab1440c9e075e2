"""Files of scores of others as rows: one per debtor, provider and date."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from relance.diagnostics import Diagnostic, Phrase, Span
from relance.dunning.scores import SCORES
from relance.intake import codes, days, score_codes
from relance.intake.columns import Wanted
from relance.intake.customers import rows_of
from relance.intake.encoding import read_text
from relance.intake.files import Content, load, matching
from relance.intake.findings import Refusal, shown
from relance.intake.headers import find_heading
from relance.intake.items import check_order
from relance.intake.sieve import Sieve
from relance.intake.synonyms import CUSTOMERS, Known, known
from relance.language import N_
from relance.ledger.schema import conform, empty
from relance.policy.model import Creditor, ScoreFile

HEADERS = {
    "id": CUSTOMERS["id"],
    "registration": CUSTOMERS["registration"],
    "vat": CUSTOMERS["vat"],
    "score": (f"{CUSTOMERS['score'][0]}; note; rating; cotation", ""),
    "dated": (
        "score date; date of score; as of; date du score; date de la note; scoredatum; stichtag",
        "date; datum; updated; mis à jour",
    ),
    "provider": (
        "provider; agency; agence; fournisseur; bureau; auskunftei; leverancier",
        "source",
    ),
}
REQUIRED = (("id", "registration", "vat"), ("score",), ("dated",))


def read_scores(
    source: ScoreFile, place: int, creditor: Creditor, root: Path, today: date
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    """Return the scores of all files of `source`, and what is said of them.

    Columns of `dunning.scores.SCORES`, and `registration` and `vat` (text as it stands) by which
    a debtor is found where `debtor` is null. A file that cannot be read gives no scores and a warning.

    Args:
        place: of the source in the policy.
        today: scores dated after it are left out.
    """
    frames, said = [_none()], []
    try:
        files = matching(root, source.path)
    except Refusal as refusal:
        return frames[0], [_unread(source, refusal)]
    for path in files:
        try:
            frame, findings = _read_file(load(root, path), source, creditor, today)
        except Refusal as refusal:
            said.append(_unread(source, refusal))
            continue
        named = pl.col("provider").fill_null(pl.lit(source.name))
        frames.append(
            frame.with_columns(
                named.alias("provider"),
                source=pl.lit(source.name),
                place=pl.lit(place, pl.Int32),
                worst=pl.lit(source.worst),
                best=pl.lit(source.best),
            ).select(_none().columns)
        )
        said += findings
    return pl.concat(frames), said


@cache
def _headers() -> Known:
    return known(HEADERS)


def _none() -> pl.DataFrame:
    keys = {"registration": pl.String, "vat": pl.String}
    return empty(SCORES).with_columns(pl.lit(None, kind).alias(name) for name, kind in keys.items())


def _unread(source: ScoreFile, refusal: Refusal) -> Diagnostic:
    first = refusal.diagnostics[0]
    facts = {"source": source.name, "reason": first.message()}
    return Diagnostic(score_codes.NOT_READ, first.span, facts)


def _read_file(
    content: Content, source: ScoreFile, creditor: Creditor, today: date
) -> tuple[pl.DataFrame, list[Diagnostic]]:
    file = content.path
    text = read_text(content.data, file, source.encoding, source.unterminated == "accept")
    asked = Wanted(_headers(), REQUIRED, source.columns)
    heading = find_heading(text.data, file, asked, source.delimiter)
    frame, _ = rows_of(text, file, heading)
    sieve = Sieve(file, frame)
    _read_dates(sieve, source, creditor)
    _read_marks(sieve, source)
    low, high = sorted((source.worst, source.best))
    nameless = pl.all_horizontal(pl.col("id", "registration", "vat").is_null())
    for why, fault in (
        (N_("it names no debtor"), nameless),
        (N_("its date cannot be read"), pl.col("dated").is_null()),
        (N_("it is dated after today"), pl.col("dated") > today),
        (N_("its score cannot be read"), pl.col("score").is_null()),
        (N_("its score is off the scale"), ~pl.col("score").is_between(low, high)),
    ):
        sieve.reject(score_codes.ROW_LEFT, fault, why=Phrase(why))
    rows = sieve.frame.with_columns(pl.col("id").alias("debtor"))
    known = conform(rows, SCORES)
    return pl.concat(
        [known, rows.select("registration", "vat")], how="horizontal"
    ), sieve.diagnostics


def _read_dates(sieve: Sieve, source: ScoreFile, creditor: Creditor) -> None:
    """Make `dated` days, and fill in the columns that the file has not got."""
    check_order(source.dates, sieve.file)
    missing = [n for n in ("id", "registration", "vat", "provider") if n not in sieve.frame.columns]
    frame = sieve.frame.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    texts = days.distinct([frame["dated"]])
    order = days.detect(texts, source.dates, creditor.country)
    if order.mixed or order.guessed:
        facts = {"order": order.order, "example": shown(order.unsure or order.mdy)}
        sieve.diagnostics.append(Diagnostic(codes.AMBIGUOUS_DATES, Span(sieve.file), facts))
    table = days.read(texts, order)
    joined = frame.join(table, left_on="dated", right_on="text", how="left", maintain_order="left")
    sieve.frame = joined.with_columns(dated=pl.col("day")).drop("day", "none")


def _read_marks(sieve: Sieve, source: ScoreFile) -> None:
    """Make `score` numbers: plain ones, with a point or a comma."""
    text = pl.col("score")
    if source.decimal == ",":
        text = text.str.replace_all(".", "", literal=True)
    plain = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    sieve.frame = sieve.frame.with_columns(score=pl.when(plain.is_finite()).then(plain))
