"""Cut, mutated and invented e-invoices and workbooks never raise: they are read, left out or refused."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from einvoice_forms import cii, ubl
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.diagnostics import has_errors
from relance.intake.reading import Reading, read
from relance.policy.model import Policy

OURS = {"registration": "732829320"}
WHOLE = {
    "order": "PO-9", "service": "S-7", "reference": "+++090/9337/55493+++", "terms": "30 jours",
    "seller": OURS,
}  # fmt: skip


@cache
def _pdf() -> bytes:
    from facturx import generate_from_binary
    from weasyprint import HTML

    page = HTML(string="<p>F1").write_pdf()
    made: bytes = generate_from_binary(
        page, cii("F1", **WHOLE), check_xsd=False, level="en16931", lang="fr"
    )
    return made


@cache
def _workbook() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Ventes")
    sheet.write_row(0, 0, ["number", "debtor", "due", "amount", "open"])
    for row in range(1, 12):
        sheet.write_row(row, 0, [f"F{row}", f"C{row % 3}", 46000 + row, row * 1.25, "1 234,56"])
    book.close()
    return content.getvalue()


def reading_of(content: bytes, kind: str, name: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in").mkdir()
        (Path(folder) / "in" / name).write_bytes(content)
        path = "in" if kind == "einvoice" else f"in/{name}"
        policy = Policy.model_validate(
            {
                "creditor": {
                    "name": "Lenoir",
                    "country": "FR",
                    "registration": "732829320",
                    "address": ["Lyon"],
                    "email": "a@lenoir.example",
                },
                "sources": [{"name": "s", "kind": kind, "path": path}],
                "segments": [{"name": "standard", "procedure": "standard"}],
                "channels": {},
            }
        )
        return read(policy.model_copy(update={"root": Path(folder)}))


def accounted(reading: Reading) -> None:
    """Nothing is lost in silence: what gives no item has a finding with its file."""
    assert reading.refused == has_errors(reading.diagnostics)
    if reading.items.is_empty():
        assert [d for d in reading.diagnostics if d.span and d.severity != "info"]
    for found in reading.diagnostics:
        assert found.message()
        assert found.span is not None


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """`content` with some bytes changed, taken out, doubled, or cut off."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(1, 40))
        match draw(st.integers(0, 4)):
            case 0:
                data[place : place + length] = draw(st.binary(max_size=40))
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data = data[:place]
            case _:
                if data:
                    data[place % len(data)] ^= 1 << draw(st.integers(0, 7))
    return bytes(data)


FORMS: dict[str, tuple[bytes, str, str]] = {
    "ubl": (ubl("F1", **WHOLE), "einvoice", "a.xml"),
    "credit note": (ubl("A1", root="CreditNote", **WHOLE), "einvoice", "a.xml"),
    "cii": (cii("F1", **WHOLE), "einvoice", "a.xml"),
}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(data=st.data())
def test_damaged_xml_never_raises(form: str, data: st.DataObject) -> None:
    content, kind, name = FORMS[form]
    accounted(reading_of(data.draw(damaged(content)), kind, name))


@pytest.mark.parametrize("made", [_pdf, _workbook])
@settings(max_examples=20)
@given(data=st.data())
def test_damaged_documents_never_raise(made: Any, data: st.DataObject) -> None:
    kind, name = ("einvoice", "a.pdf") if made is _pdf else ("xlsx", "a.xlsx")
    accounted(reading_of(data.draw(damaged(made())), kind, name))


_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"]),
    max_size=30,
)
_XML = _TEXTS.filter(lambda text: "\ufffe" not in text and "\uffff" not in text)


@settings(max_examples=50)
@given(
    number=_XML, total=_XML | st.decimals(allow_nan=True).map(str), due=_XML | st.dates().map(str),
    currency=_XML | st.sampled_from(["EUR", "JPY", "KWD", "XXX"]), kind=_XML | st.just("381"),
    buyer=st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "registration", "vat", "postcode", "email", "country"), _XML)),
)  # fmt: skip
def test_whatever_stands_in_the_fields_is_read_or_told(
    number: str, total: str, due: str, currency: str, kind: str, buyer: dict[str, str]
) -> None:
    content = ubl(
        number, total=total, due=due, currency=currency, type=kind, buyer=buyer, seller=OURS
    )
    accounted(reading_of(content, "einvoice", "a.xml"))


@settings(max_examples=30)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.xml", "a.pdf"]))
def test_any_bytes_are_told(content: bytes, name: str) -> None:
    accounted(reading_of(content, "einvoice", name))
    accounted(reading_of(b"PK\x03\x04" + content, "xlsx", "a.xlsx"))


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(["F1", "F2", "F3"]), st.sampled_from(["100.00", "90.00"])),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_an_invoice_counts_once_whatever_the_names_of_its_files(
    rows: list[tuple[str, str]],
) -> None:
    """Of each number that its files agree on there is one item; of others none."""
    files = {
        f"{n}.xml": ubl(number, total=total, seller=OURS) for n, (number, total) in enumerate(rows)
    }
    turned = {f"{9 - n}.xml": content for n, content in enumerate(files.values())}
    by_number: dict[str, set[str]] = {}
    for number, total in rows:
        by_number.setdefault(number, set()).add(total)
    expected = sorted((n, int(float(*t) * 100)) for n, t in by_number.items() if len(t) == 1)
    for folder in (files, turned):
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "in").mkdir()
            for name, content in folder.items():
                (Path(root) / "in" / name).write_bytes(content)
            policy = Policy.model_validate(
                {
                    "creditor": {
                        "name": "L",
                        "country": "FR",
                        "address": ["x"],
                        "email": "a@b.example",
                    },
                    "sources": [{"name": "s", "kind": "einvoice", "path": "in"}],
                    "segments": [{"name": "standard", "procedure": "standard"}],
                    "channels": {},
                }
            )
            found = read(policy.model_copy(update={"root": Path(root)})).items
        assert sorted(found.select("number", "amount").rows()) == expected
