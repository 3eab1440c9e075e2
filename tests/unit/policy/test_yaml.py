from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.policy.document import mask
from relance.policy.yaml import read_yaml


def value_of(text: str) -> object:
    document, found = read_yaml(text.encode(), "relance.yaml")
    assert document is not None
    assert found == []
    return document.value


def codes_of(data: bytes) -> list[str]:
    return [one.code for one in read_yaml(data, "relance.yaml")[1]]


@pytest.mark.parametrize("text", ["NO", "yes", "0612345670", "1e3", "2026-03-02", "0x1F", "1_000"])
def test_plain_scalars_stay_the_text_that_was_written(text: str) -> None:
    assert value_of(f"key: {text}\n") == {"key": text}


def test_only_nothing_null_and_tilde_without_quotes_mean_no_value() -> None:
    text = 'a:\nb: null\nc: ~\nd: ""\ne: "null"\n'

    assert value_of(text) == {"a": None, "b": None, "c": None, "d": "", "e": "null"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert value_of("<<: {a: b}\n") == {"<<": {"a": "b"}}


def test_an_empty_file_has_no_value() -> None:
    assert value_of("# nothing but a comment\n") is None


def test_each_key_and_value_knows_its_line_and_column() -> None:
    document, _ = read_yaml("été: 1\nlevels:\n  - {id: a, days: -3}\n".encode(), "p.yaml")

    assert document is not None
    assert str(document.span("levels", 0, "days")) == "p.yaml:3:19"
    assert str(document.span("levels", 0, "days", key=True)) == "p.yaml:3:13"
    assert document.span("levels", 0, "days").excerpt == "  - {id: a, days: -3}"
    assert document.span("levels", 0, "days").end_column == 21
    assert str(document.span("levels", 0, "tone")) == "p.yaml:3:5"


def test_line_numbers_count_every_kind_of_line_break_that_yaml_knows() -> None:
    document, _ = read_yaml("a: 1\r\nb: 2\r\u2028c: 3\n".encode(), "p.yaml")

    assert document is not None
    assert document.span("c").excerpt == "c: 3"


def test_faults_that_leave_the_rest_readable_are_all_told_at_once() -> None:
    assert codes_of(b"a: 1\na: 2\nb: &x !!str 3\nc: *x\n") == ["P007", "P008", "P009", "P008"]


def test_a_billion_laughs_are_refused_without_being_told() -> None:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]

    assert set(codes_of("\n".join(lines).encode())) == {"P008"}


def test_deep_nesting_is_refused_before_it_is_built() -> None:
    assert codes_of(b"[" * 100_000) == ["P011"]
    assert codes_of(b"- " * 3000 + b"x") == ["P011"]
    assert codes_of(b"{a: " * 3000) == ["P011"]


def test_a_file_of_duplicate_keys_ends_after_some_findings() -> None:
    assert len(codes_of(b"a: 1\n" * 50_000)) == 200


def test_utf_16_and_byte_order_marks() -> None:
    assert codes_of("a: 1\n".encode("utf-16")) == ["P002"]
    assert value_of("\ufeffa: 1\n") == {"a": "1"}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda t: t.encode("utf-8"))))
def test_reading_never_raises(data: bytes) -> None:
    document, found = read_yaml(data, "relance.yaml")

    assert document is not None or found


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:-&*!?[]{},#|>%@'\"\\ \n\t~<", max_size=60))
def test_reading_never_raises_on_what_looks_like_yaml(text: str) -> None:
    document, found = read_yaml(text.encode(), "relance.yaml")

    assert document is not None or found
    for one in found:
        assert one.message()
        assert one.hint()


@pytest.mark.parametrize(
    "line",
    [
        "  password: hunter2",
        "email: {kind: smtp, password: hunter2, port: 587}",
        'x: {"api_key":"hunter2"}',
        "database: postgresql+psycopg://relance:hunter2@db.example/relance",
        "hook: https://hook.example/?token=hunter2&x=1",
        "  smtp_password:  'hunter2'",
        "{user: env:NAME, password: env:NAME, secret: hunter2}",
    ],
)
def test_a_secret_in_clear_is_not_shown_in_the_line_of_a_finding(line: str) -> None:
    assert "hunter2" not in mask(line)
    assert len(mask(line)) == len(line)


@pytest.mark.parametrize(
    "line",
    [
        "  password: env:SMTP_PASSWORD",
        'password: "file:secrets/smtp"',
        "email: {user: env:USER, password: env:PASS, from: a@b.example}",
        "path: exports/token-list.csv",
        "procedure: key-accounts",
        "payment_link: https://pay.example/{number}",
    ],
)
def test_lines_without_a_secret_are_shown_as_they_are(line: str) -> None:
    assert mask(line) == line
