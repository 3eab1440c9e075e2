"""Bank statements read: each form as a ratio to the floor of reading its bytes as lines.

python bench/statements.py                    1,000,000 statement lines per form
python bench/statements.py --lines 50000      fewer
python bench/statements.py --only camt,csv    some forms

Each form is read in a process of its own, from the file's bytes to the frame of movements with their
identities, and so is its floor, in turns. Ratios are of processor time, which other work disturbs less.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.run import in_turns, print_table  # noqa: E402

IBAN = "FR7630006000011234567890189"
START = date(2026, 1, 1)
PER_DAY = 5_000

FLOOR = """
import sys
total = 0
with open(sys.argv[1], "rb") as stream:
    for line in stream:
        total += len(line)
assert total
"""
READ = """
import sys
from pathlib import Path
from relance.intake.bank.reading import read_files
from relance.policy.model import Creditor
creditor = Creditor.model_validate({"name": "Lenoir", "country": "FR", "address": ["Lyon"],
                                    "email": "compta@lenoir.example"})
frame, said, _ = read_files([Path(sys.argv[1])], creditor, Path())
assert frame.height == int(sys.argv[2]), [d.message() for d in said if d.severity == "error"]
"""


def movements(count: int) -> Iterator[tuple[int, date, int]]:
    """Yield number, day and amount in cents of `count` payments received, day by day."""
    for number in range(count):
        yield number, START + timedelta(days=number // PER_DAY), 1_000 + number * 37 % 250_000


def cents(amount: int, mark: str = ".") -> str:
    """Return `amount` cents with its two decimals."""
    return f"{amount // 100}{mark}{amount % 100:02}"


def write_camt(out: TextIO, count: int) -> None:
    """Write camt.053.001.08: one statement, an entry with one payment each."""
    total = sum(amount for _, _, amount in movements(count))

    def balance(code: str, amount: int) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{cents(amount)}"
            "</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>\n"
        )

    out.write(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt>\n"
        f"<Stmt><Id>S1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n"
        f"{balance('OPBD', 0)}{balance('CLBD', total)}"
    )
    for number, day, amount in movements(count):
        out.write(
            f"<Ntry>\n<Amt Ccy='EUR'>{cents(amount)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"
            f"<Cd>BOOK</Cd></Sts>\n<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"<AcctSvcrRef>R{number}</AcctSvcrRef>\n<NtryDtls><TxDtls><Refs><EndToEndId>E{number}"
            f"</EndToEndId></Refs>\n<RltdPties><Dbtr><Pty><Nm>Client {number % 20_000}</Nm></Pty>"
            f"</Dbtr></RltdPties>\n<RmtInf><Ustrd>Facture F-2026-{number:06}</Ustrd></RmtInf>"
            "</TxDtls></NtryDtls>\n</Ntry>\n"
        )
    out.write("</Stmt></BkToCstmrStmt></Document>\n")


def write_coda(out: TextIO, count: int) -> None:
    """Write CODA version 2: a statement a day, records 21, 22 and 23 per payment."""
    account = f"{'BE68539007547034':<34}EUR"
    balance, block, opened = 0, 0, START
    records: list[str] = []

    def end(day: date) -> None:
        moved = sum(int(record[32:47]) for record in records[::3])
        out.write(f"{'0000004112653905':<83}00000{'':<39}2\n")
        out.write(f"12{block:03}{account}0{balance:015}{opened:%d%m%y}{'':<61}{block:03}\n")
        out.writelines(records)
        out.write(f"8{block:03}{account}0{balance + moved:015}{day:%d%m%y}{'':<64}0\n")
        out.write(f"9{'':<15}{len(records) + 2:06}{0:015}{moved:015}{'':<75}2\n")

    for number, day, amount in movements(count):
        if number % PER_DAY == 0 and records:
            end(opened)
            balance += sum(int(record[32:47]) for record in records[::3])
            records, block = [], (block + 1) % 1000
        opened = day
        head = f"{number % PER_DAY + 1:04}0000"
        text = f"Facture F-2026-{number:06}"
        short = f"{day:%d%m%y}"
        records.append(f"21{head}{f'R{number}':<21}0{amount * 10:015}{short}001500000{text:<53}"
                       f"{short}00100 0\n")  # fmt: skip
        records.append(f"22{head}{'':<53}{f'E{number}':<35}{'KREDBEBB':<14}{'':<13}0 0\n")
        records.append(f"23{head}{'BE62510007547061':<34}EUR{f'Client {number % 20_000}':<35}"
                       f"{'':<43}0 0\n")  # fmt: skip
    end(opened)


def write_cfonb(out: TextIO, count: int) -> None:
    """Write CFONB 120: one account, a record 04 and two records 05 per payment."""
    head = "30006    00001EUR2 12345678901"

    def signed(amount: int) -> str:
        figures = f"{amount:014}"
        return figures[:13] + "{ABCDEFGHI"[int(figures[13])]

    out.write(f"01{head}  {START:%d%m%y}{'':<50}{signed(0)}{'':<16}\n")
    day, total = START, 0
    for number, day, amount in movements(count):
        total += amount
        short, name = f"{day:%d%m%y}", f"VIR CLIENT {number % 20_000}"
        out.write(f"04{head}05{short}  {short}{name:<33}0000000  {signed(amount)}"
                  f"{f'R{number}':<16}\n")  # fmt: skip
        out.write(f"05{head}05{short}     NPY{f'Client {number % 20_000}':<70}  \n")
        out.write(f"05{head}05{short}     LCC{f'Facture F-2026-{number:06}':<70}  \n")
    out.write(f"07{head}  {day:%d%m%y}{'':<50}{signed(total)}{'':<16}\n")


def write_mt940(out: TextIO, count: int) -> None:
    """Write MT940: one statement, fields 61 and 86 per payment."""
    total = sum(amount for _, _, amount in movements(count))
    out.write(f":20:S1\n:25:{IBAN}\n:28C:1/1\n:60F:C260101EUR0,00\n")
    for number, day, amount in movements(count):
        out.write(f":61:{day:%y%m%d}{day:%m%d}C{cents(amount, ',')}NTRFE{number}//R{number}\n")
        out.write(f":86:/EREF/E{number}//CNTP/BE62510007547061/KREDBEBB/Client {number % 20_000}///"
                  f"REMI/USTD//Facture F-2026-{number:06}/\n")  # fmt: skip
    out.write(f":62F:C261104EUR{cents(total, ',')}\n-\n")


def write_ofx(out: TextIO, count: int) -> None:
    """Write OFX 1: one list of transactions, a tag per line."""
    out.write(
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>\n"
        "<STMTTRNRS><STMTRS><CURDEF>EUR\n<BANKACCTFROM><BANKID>30006<BRANCHID>00001"
        "<ACCTID>12345678901</BANKACCTFROM>\n<BANKTRANLIST>\n"
    )
    for number, day, amount in movements(count):
        out.write(
            f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{day:%Y%m%d}\n<TRNAMT>{cents(amount)}\n"
            f"<FITID>R{number}\n<NAME>VIR CLIENT {number % 20_000}\n"
            f"<MEMO>Facture F-2026-{number:06}\n</STMTTRN>\n"
        )
    out.write("</BANKTRANLIST></STMTRS></STMTTRNRS></OFX>\n")


def write_csv(out: TextIO, count: int) -> None:
    """Write a French bank's CSV file, oldest first, with its running balance."""
    out.write(f"Compte;{IBAN}\nDate;Date de valeur;Libellé;Référence;Débit;Crédit;Solde\n")
    balance = 0
    for number, day, amount in movements(count):
        balance += amount
        shown = f"{day:%d/%m/%Y}"
        out.write(f"{shown};{shown};VIR CLIENT {number % 20_000} F-2026-{number:06};R{number};;"
                  f"{cents(amount, ',')};{cents(balance, ',')}\n")  # fmt: skip


FORMS: dict[str, Callable[[TextIO, int], None]] = {
    "camt": write_camt,
    "coda": write_coda,
    "cfonb": write_cfonb,
    "mt940": write_mt940,
    "ofx": write_ofx,
    "csv": write_csv,
}


def bench(lines: int, forms: list[str], repeat: int) -> None:
    """Print the table of the `forms`, each with `lines` movements."""
    head = ("form", "file MB", "lines", "floor s", "s", "cpu s", "x floor", "MB", "µs/movement")
    rows: list[tuple[object, ...]] = [head]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        for form in forms:
            path = Path(folder) / f"statement.{form}"
            with path.open("w", encoding="cp1252" if form in ("ofx", "csv") else "utf-8") as out:
                FORMS[form](out, lines)
            physical = subprocess.run(
                ["wc", "-l", path], check=True, capture_output=True, text=True
            ).stdout.split()[0]
            commands = {
                "floor": [sys.executable, "-c", FLOOR, path.name],
                "read": [sys.executable, "-c", READ, path.name, str(lines)],
            }
            found = in_turns(commands, Path(folder), repeat)
            floor, read = found["floor"], found["read"]
            each = f"{read.cpu / lines * 1e6:.1f}"
            size = round(path.stat().st_size / 1e6)
            rows.append((form, size, f"{int(physical):,}", floor.seconds, read.seconds, read.cpu,
                         f"{read.cpu / floor.cpu:.0f}", round(read.megabytes), each))  # fmt: skip
            path.unlink()
    print_table(f"bank statements, {lines:,} movements each, whole process", rows)


def main() -> None:
    """Print the table that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lines", type=int, default=1_000_000, help="movements per form")
    parser.add_argument("--only", default=",".join(FORMS), help="forms, separated by commas")
    parser.add_argument("--repeat", type=int, default=1)
    asked = parser.parse_args()
    bench(asked.lines, asked.only.split(","), asked.repeat)


if __name__ == "__main__":
    main()
