"""CODA, CFONB 120 and MT940: any movements come back; any cut or change is refused or adds up."""

from __future__ import annotations

import bank_samples
import fixed_forms as f
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.diagnostics import Diagnostic, has_errors
from relance.intake.bank.cfonb import read_cfonb
from relance.intake.bank.checks import added_up
from relance.intake.bank.coda import read_coda
from relance.intake.bank.mt940 import read_mt940
from relance.intake.bank.statement import OWN, Defaults, Statement

READERS = {"coda": read_coda, "cfonb": read_cfonb, "mt940": read_mt940}

SAMPLES = {form: bank_samples.SAMPLES[form] for form in READERS}
SUM = {"coda": 21_568, "cfonb": 11_568, "mt940": 11_568}

forms = pytest.mark.parametrize("form", SAMPLES)


def refused(form: str, content: bytes) -> tuple[list[Statement], bool]:
    """Return the statements and whether the file is refused, after what must hold of any reading."""
    statements, said = READERS[form](content, "f", Defaults("EUR", f.ACCOUNT))
    for finding in said:
        assert finding.message()
        assert finding.span is not None
        assert 1 <= (finding.span.line or 0) <= content.count(b"\n") + content.count(b"\r") + 2
    if has_errors(said):
        assert not statements
        return [], True
    for statement in statements:
        assert {len(statement.movements[name]) for name in OWN} == {
            len(statement.movements["line"])
        }
        assert all(type(amount) is int for amount in statement.movements["amount"])
        assert None not in statement.movements["booked"]
    return statements, has_errors(added_up("f", statements))


def total(statements: list[Statement]) -> int:
    return sum(sum(statement.movements["amount"]) for statement in statements)


@forms
def test_the_samples_are_whole(form: str) -> None:
    statements, wrong = refused(form, SAMPLES[form])
    assert not wrong
    assert total(statements) == SUM[form]


@forms
def test_a_file_cut_anywhere_is_refused_or_complete(form: str) -> None:
    sample = SAMPLES[form]
    for at in range(len(sample)):
        statements, wrong = refused(form, sample[:at])
        assert wrong or total(statements) == SUM[form], at


@forms
@given(data=st.data())
@settings(max_examples=300)
def test_a_changed_file_is_refused_or_adds_up(form: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[form])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 130))
        content[at : at + data.draw(st.sampled_from([0, 1, length]))] = data.draw(
            st.binary(max_size=3)
            | st.sampled_from(
                [
                    b"\xd9\xa1",
                    b"\xef\xbb\xbf",
                    b"\x00",
                    b"\r",
                    b"\n:61:",
                    b":86:",
                    b"9" * 5000,
                    b"-\n",
                ]
            )
        )
    statements, wrong = refused(form, bytes(content))
    for statement in [] if wrong else statements:
        if (
            statement.opening is not None
            and statement.closing is not None
            and not statement.partial
        ):
            moved = sum(statement.movements["amount"])
            assert statement.opening + moved == statement.closing


@forms
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(form: str, content: bytes) -> None:
    refused(form, content)
    refused(form, SAMPLES[form][:40] + content)


@forms
def test_a_line_left_out_or_doubled_never_changes_what_was_paid(form: str) -> None:
    lines = SAMPLES[form].splitlines(keepends=True)
    for at, line in enumerate(lines):
        for other in ([], [line, line]):
            statements, wrong = refused(form, b"".join([*lines[:at], *other, *lines[at + 1 :]]))
            assert wrong or total(statements) == SUM[form], (at, line)


MOVEMENTS = st.lists(st.integers(-(10**11), 10**11), max_size=20)


@given(amounts=MOVEMENTS, start=st.integers(-(10**11), 10**11))
def test_any_coda_comes_back(amounts: list[int], start: int) -> None:
    records = [f.movement(n, amount) for n, amount in enumerate(amounts, 1)]
    (statement,) = refused("coda", f.coda(records, start))[0]
    assert statement.movements["amount"] == amounts


@given(amounts=MOVEMENTS, start=st.integers(-(10**11), 10**11))
def test_any_cfonb_comes_back(amounts: list[int], start: int) -> None:
    (statement,) = refused("cfonb", f.cfonb([f.entry(amount) for amount in amounts], start))[0]
    assert statement.movements["amount"] == amounts
    assert statement.closing == start + sum(amounts)


@given(
    parts=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=9), wrong=st.integers(-2, 2)
)
def test_totals_count_once_whatever_their_details(parts: list[int], wrong: int) -> None:
    whole = sum(parts) + wrong
    records = [f.movement(1, whole, code="20150000")]
    records += [
        f.movement(1, part, detail=n, code="60150000" if n % 2 else "70150000")
        for n, part in enumerate(parts, 1)
    ]
    (statement,), said = read_coda(f.coda(records), "f", Defaults("EUR"))
    assert total([statement]) == whole
    assert statement.movements["amount"] == ([whole] if wrong else parts)
    assert _codes(said) == (["I155"] if wrong else [])


def _codes(said: list[Diagnostic]) -> list[str]:
    return [finding.code for finding in said]
