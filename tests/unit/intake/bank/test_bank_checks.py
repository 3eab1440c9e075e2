"""Statements that do not add up are refused; missing ones and foreign accounts are told."""

from __future__ import annotations

from .conftest import ReadBank, said_of
from .messages import IBAN, OTHER, balance, entry, message, statement


def day(date: str, opening: str, amount: str, closing: str, **more: str) -> str:
    return statement(
        balance("OPBD", opening, date), balance("CLBD", closing, date), entry(amount, day=date),
        **more,
    )  # fmt: skip


def test_a_statement_that_does_not_add_up_refuses_its_file(read_files: ReadBank) -> None:
    good, bad = day("2026-11-03", "0", "10", "10"), day("2026-11-04", "10", "5", "-15.50")
    frame, said, files = read_files({"a.xml": message(good, bad)})
    assert frame.height == 0
    assert files == []
    assert said_of(said, "I104") == [
        f"a.xml:8: I104 the statement of {IBAN} does not add up: 10.00 and movements of 5.00 make "
        "15.00, the closing balance is -15.50: -30.50 EUR apart"
    ]


def test_a_balance_in_another_currency_is_not_that_of_the_account(read_files: ReadBank) -> None:
    told = statement(balance("OPBD", "0"), balance("CLBD", "99", currency="SEK"), entry("1"))
    frame, _, _ = read_files({"a.xml": message(told)})
    assert frame.height == 1


def test_a_missing_statement_is_told_with_its_days(read_files: ReadBank) -> None:
    files = {
        "a.xml": message(day("2026-11-02", "0", "10", "10")),
        "c.xml": message(day("2026-11-04", "17", "5", "22")),
    }
    frame, said, _ = read_files(files)
    assert frame.height == 2
    assert said_of(said, "I121") == [
        f"c.xml:3: I121 a statement of {IBAN} is missing: it closes at 10.00 on 2026-11-02, the "
        "next one opens at 17.00 and closes on 2026-11-04"
    ]
    _, said, _ = read_files({"b.xml": message(day("2026-11-03", "10", "7", "17"))})
    assert not said_of(said, "I121")


def test_overlapping_statements_are_no_gap(read_files: ReadBank) -> None:
    month = statement(
        balance("OPBD", "0", "2026-11-01"), balance("CLBD", "30", "2026-11-04"),
        entry("10", day="2026-11-02"), entry("20", day="2026-11-04"),
    )  # fmt: skip
    later = statement(
        balance("OPBD", "10", "2026-11-03"), balance("CLBD", "35", "2026-11-05"),
        entry("20", day="2026-11-04"), entry("5", day="2026-11-05"),
    )  # fmt: skip
    frame, said, _ = read_files({"a.xml": message(month), "b.xml": message(later)})
    assert not said_of(said, "I121")
    assert sorted(frame["amount"]) == [500, 1000, 2000]


def pages(number: int, last: bool) -> str:
    flag = "true" if last else "false"
    return f"<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{flag}</LastPgInd></StmtPgntn>"


def test_pages_of_one_statement_are_added_together(read_files: ReadBank) -> None:
    one = statement(balance("OPBD", "0"), entry("10"), pages=pages(1, False))
    two = statement(entry("20"), balance("CLBD", "30"), pages=pages(2, True))
    frame, said, _ = read_files({"p1.xml": message(one), "p2.xml": message(two)})
    assert sorted(frame["amount"]) == [1000, 2000]
    assert not said_of(said, "I104", "I125")
    wrong = statement(entry("20"), balance("CLBD", "31"), pages=pages(2, True))
    frame, said, _ = read_files({"p2.xml": message(wrong)})
    assert said_of(said, "I104") == [
        f"p1.xml:3: I104 the statement of {IBAN} does not add up: 0.00 and movements of 30.00 make "
        "30.00, the closing balance is 31.00: 1.00 EUR apart"
    ]
    assert frame.height == 0


def test_a_page_without_its_next_one_is_told(read_files: ReadBank) -> None:
    one = statement(balance("OPBD", "0"), entry("10"), pages=pages(1, False))
    _, said, _ = read_files({"p1.xml": message(one)})
    assert said_of(said, "I125") == [
        f"p1.xml:3: I125 statement S1 of {IBAN} goes on in a file that is not here"
    ]


def test_an_account_that_is_not_the_creditors_is_told(read_files: ReadBank) -> None:
    content = message(statement(entry("1")), statement(entry("1"), account=OTHER, id="S2"))
    _, said, _ = read_files({"a.xml": content}, (f"{IBAN[:4]} {IBAN[4:]}",))
    assert said_of(said, "I122") == [f"a.xml:6: I122 account {OTHER} is not in accounts.yaml"]
    _, said, _ = read_files({})
    assert not said_of(said, "I122")


def test_a_refused_file_leaves_the_others_and_refuses_the_reading(read_files: ReadBank) -> None:
    content = message(statement(entry("1")))
    frame, said, files = read_files({"a.xml": content, "b.xml": content[:-60]})
    assert frame["amount"].to_list() == [100]
    assert [file.path for file in files] == ["a.xml"]
    assert [d.span.line for d in said if d.span and d.code == "I100"] == [4]
