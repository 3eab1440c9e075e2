"""What the reader of Excel workbooks has to say. Codes I192 to I197."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

E, I = Severity.ERROR, Severity.INFO  # noqa: E741

NOT_WORKBOOK = rule(
    "I192", E,
    N_("this is not an Excel workbook (xlsx): {what}"),
    N_("save it as “Excel workbook (.xlsx)”, or export CSV and declare `kind: csv`"),
    N_("The old format of Excel (.xls), its binary one (.xlsb), OpenDocument (.ods) and workbooks with a password are not read."),
)  # fmt: skip
BOMB = rule(
    "I193", E,
    N_("the workbook unpacks to more than an export has: {found}, at most {most}"),
    N_("do not open this file if you do not know who made it; else export fewer rows, or CSV"),
    N_("A small file can be made to unpack to more than the memory holds. It is measured before it is opened."),
)  # fmt: skip
UNSAFE = rule(
    "I194", E,
    N_("the workbook has a part that no spreadsheet writes, {part}: {reason}"),
    N_("do not open this file if you do not know who made it; else save it anew with Excel or LibreOffice"),
    N_("Document types, names that lead out of the workbook, doubled and encrypted parts are ways to attack a reader."),
)  # fmt: skip
DAMAGED = rule(
    "I195", E,
    N_("the workbook cannot be read: {reason}"),
    N_("the file is cut or damaged: export it again"),
    N_("A workbook is an archive with check sums; a copy that was interrupted does not open."),
)  # fmt: skip
NO_SHEET = rule(
    "I196", E,
    N_("the workbook has no sheet {sheet}; it has {sheets}"),
    N_("correct `sheet:` in relance.yaml; without it the first sheet is read"),
    N_("Sheets are found by their name, as its tab shows it."),
)  # fmt: skip
OTHER_SHEETS = rule(
    "I197", I,
    N_("sheet {sheet} is read; not read: {others}"),
    N_("set `sheet:` in relance.yaml to read another one"),
    N_("One source reads one sheet."),
)  # fmt: skip
