"""Bank statements that are cut, mutated or hostile: refused with a line or read, never a crash."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from bank_samples import SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relance.diagnostics import Diagnostic, Severity
from relance.intake.bank.checks import added_up
from relance.intake.bank.forms import form_of, read_statement, reader_of
from relance.intake.bank.frames import ROWS, rows
from relance.intake.bank.identity import once
from relance.intake.bank.statement import Defaults, Statement
from relance.ledger.schema import schema

DEFAULTS = Defaults("EUR", "FR7630006000011234567890189", {"country": "FR"})
WHOLE_FILE = {"I003", "I004", "I006", "I010", "I012", "I014", "I015", "I016"}
"""Codes about a file in which no line can be named."""

HOSTILE = [
    b"\0", b"\xff", b"\xed\xa0\x80", b"&#xD800;", b"&x;", b"&#0;", b"<", b">", b"]]>", b"<![CDATA[",
    b"<!--", b"<?x?>", b"9" * 40, b"-", b"1e308", b"NaN", b"\r", b"\n\n", b"\xef\xbb\xbf",
    b"\xe2\x80\xae", b"<Ntry>", b"</Ntry>", b"<STMTTRN>", b"</STMTTRN>", b'"', b";", b":20:",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"\x85", b"\x1f", b" " * 200,
]  # fmt: skip


def read(form: str, content: bytes) -> tuple[list[Statement], list[Diagnostic]]:
    """Read through the form's own reader, check what must hold of any result, and return it."""
    statements, said = reader_of(form)(content, "f", DEFAULTS)
    errors = [d for d in said if d.severity is Severity.ERROR]
    for finding in said:
        assert finding.message()
        assert finding.message("fr")
    for error in errors:
        assert error.span is not None
        assert error.span.line or error.code in WHOLE_FILE, (error.code, error.message())
    if not errors and not any(d.severity is Severity.ERROR for d in added_up("f", statements)):
        frame = rows(statements, "s", "f")
        assert frame.schema == schema(ROWS)
        assert frame.select(pl.col("booked", "amount", "account", "currency").null_count()).row(
            0
        ) == (0, 0, 0, 0)
        assert once(frame)[0]["movement"].is_unique().all()
    return statements, errors


@pytest.mark.parametrize("form", SAMPLES)
def test_the_samples_are_recognised_and_read(form: str) -> None:
    assert form_of(SAMPLES[form]) == form
    statements, errors = read(form, SAMPLES[form])
    assert not errors
    assert not added_up("f", statements)
    assert sum(len(s.movements["amount"]) for s in statements) > 1


@pytest.mark.parametrize("form", SAMPLES)
@given(cut=st.data())
@settings(max_examples=60, deadline=None)
def test_a_file_cut_anywhere_is_refused_or_keeps_whole_movements(
    form: str, cut: st.DataObject
) -> None:
    sample = SAMPLES[form]
    at = cut.draw(st.integers(0, len(sample.rstrip()) - 1))
    statements, errors = read(form, sample[:at])
    if not errors and not added_up("f", statements):
        assert form == "csv"  # whole rows are left: the form has no end to miss
        assert sample[:at].endswith(b"\n")


@pytest.mark.parametrize("form", SAMPLES)
@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_file_is_refused_with_a_line_or_read(form: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 12))
        put = data.draw(st.sampled_from(HOSTILE) | st.binary(max_size=6))
        content[at : at + length] = put
    read(form, bytes(content))
    read_statement(bytes(content), "f", DEFAULTS)


@given(content=st.binary(max_size=300), form=st.sampled_from(sorted(SAMPLES)))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_refused_or_read(content: bytes, form: str) -> None:
    read(form, content)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Document><BkToCstmrStmt><Stmt>&c;</Stmt></BkToCstmrStmt></Document>"""
DEEP = b"<Document>" + b"<Stmt>" * 5000 + b"</Stmt>" * 5000 + b"</Document>"
WIDE = b"<Document><BkToCstmrStmt><Stmt>" + b"<Id>1</Id>" * 20_000
LONG = b"<Document><BkToCstmrStmt><Stmt><Id>" + b"9" * 11_000_000
UNCLOSED = b"<OFX>" + b"<STMTTRN>" * 20_000 + b"</OFX>"
SECTIONS = b"<OFX>" + b"<![CDATA[" * 20_000 + b"</OFX>"
SEVEN = b'<?xml version="1.0" encoding="UTF-7"?><Document/>'


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("camt", BOMB), ("camt", BOMB.decode().encode("utf-16")), ("camt", DEEP), ("camt", WIDE),
        ("camt", LONG), ("camt", SEVEN), ("ofx", UNCLOSED), ("ofx", SECTIONS),
        ("csv", b'"' * 20_000), ("csv", b";" * 20_000), ("csv", b"Date;Montant\n" * 2_000 + b'"'),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_at_once(form: str, content: bytes) -> None:
    statements, errors = read(form, content)
    assert errors
    assert not statements


ROW = st.tuples(
    st.sampled_from(["FR7630006000011234567890189", "BE68539007547034"]),
    st.integers(1, 3),
    st.sampled_from([100, -100, 2500]),
    st.sampled_from([None, "R1", "R2"]),
    st.sampled_from(["VIR DUPONT", "vir  Dupont.", "PRLV"]),
)


def frame_of(name: str, movements: list[tuple[str, int, int, str | None, str]]) -> pl.DataFrame:
    statements = []
    for line, (account, day, amount, reference, text) in enumerate(movements, 1):
        one = Statement(account, "EUR")
        values = {"line": line, "booked": date(2026, 11, day), "amount": amount, "text": text}
        for column in one.movements:
            one.movements[column].append(values.get(column))
        one.movements["bank_reference"][0] = reference
        statements.append(one)
    return rows(statements, "banque", name)


def plain_key(row: dict[str, object]) -> tuple[object, ...]:
    text = "".join(c for c in str(row["text"]).upper() if c.isalnum())
    known = row["bank_reference"] or ("", text)
    return row["account"], row["booked"], row["amount"], known


@given(files=st.lists(st.lists(ROW, max_size=6), min_size=1, max_size=4), data=st.data())
@settings(max_examples=80, deadline=None)
def test_each_identity_counts_as_often_as_in_the_file_that_has_it_most(
    files: list[list[tuple[str, int, int, str | None, str]]], data: st.DataObject
) -> None:
    frames = [frame_of(f"f{number}", movements) for number, movements in enumerate(files)]
    most: dict[tuple[object, ...], int] = {}
    for frame in frames:
        counts: dict[tuple[object, ...], int] = {}
        for row in frame.iter_rows(named=True):
            counts[plain_key(row)] = counts.get(plain_key(row), 0) + 1
        for key, count in counts.items():
            most[key] = max(most.get(key, 0), count)
    together, _ = once(pl.concat(frames))
    assert together["amount"].sum() == sum(int(str(k[2])) * n for k, n in most.items())
    assert together.height == sum(most.values())
    order = data.draw(st.permutations(range(len(frames))))
    again, _ = once(pl.concat([frames[place] for place in order]))
    assert together.equals(again)
    twice, _ = once(pl.concat([*frames, *(f.with_columns(file=pl.lit("z")) for f in frames[:1])]))
    assert twice["movement"].to_list() == together["movement"].to_list()
