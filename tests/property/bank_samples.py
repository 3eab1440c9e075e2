"""A small file of each form of bank statement, to be cut and mutated."""

from __future__ import annotations

import fixed_forms as f

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>
<MsgId>M1</MsgId><MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr><Stmt>
<Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-11-05T06:00:00</CreDtTm>
<Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-03</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">340.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-04</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">120.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-04</Dt></BookgDt><ValDt><Dt>2026-11-04</Dt></ValDt>
<AcctSvcrRef>R1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>Caf\u00e9 du Port</Nm></Pty></Dbtr>
<DbtrAcct><Id><IBAN>BE68539007547034</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>Facture F-2026-042 &amp; F-2026-043</Ustrd><Strd><CdtrRefInf>
<Ref>010806817183</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">120</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-11-04</Dt></BookgDt><NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Amt Ccy="EUR">100</Amt></TxDtls><TxDtls><Amt Ccy="EUR">20.00000</Amt></TxDtls>
</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>
"""

OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>30006<BRANCHID>00001<ACCTID>12345678901</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20261104120000[+1:CET]
<TRNAMT>+1.234,56
<FITID>A1
<NAME>VIR CAF\u00c9 DU PORT
<MEMO>F-2026-042 &amp; 043
</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261105<TRNAMT>-12.00<FITID>A2<NAME>FRAIS</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>2000,00<DTASOF>20261130</LEDGERBAL></STMTRS></STMTTRNRS>
</BANKMSGSRSV1></OFX>
"""

CSV = """Compte;FR76 3000 6000 0112 3456 7890 189
Date;Date de valeur;Libell\u00e9;D\u00e9bit;Cr\u00e9dit;Solde
15/11/2026;15/11/2026;VIR CAF\u00c9 DU PORT F-2026-042;;1 234,56;2 234,56
14/11/2026;14/11/2026;"FRAIS; TENUE";\u221210,00;;1 000,00
"""

CODA = f.coda(
    [
        f.movement(1, 12_345, "101010806817183", structured=True),
        f.second(1, reference="E2E-1"),
        f.third(1, f.ACCOUNT, "CAF\u00c9 DU PORT"),
        f.movement(2, 10_000, code="10150000"),
        f.movement(2, 4_000, "PART", detail=1, code="50150000"),
        f.movement(2, 6_000, "PART", detail=2, code="50150000"),
        f.note(2, "001CAF\u00c9 DU PORT SPRL", detail=3, structured=True),
        f.movement(3, -777, "REJET", code="00503000"),
    ],
    start=-4_321,
)
CFONB = f.cfonb(
    [
        f.entry(12_345, "VIR CAF\u00c9 DU PORT"),
        f.detail("NPY", "CAF\u00c9 DU PORT"),
        f.detail("LCC", "F-2026-042"),
        f.entry(-777, "REJET PRLV", reason="04"),
    ],
    start=-4_321,
)
MT940 = """{1:F01KREDBEBBAXXX0000000000}{4:
:20:M1
:25:BE68539007547034
:28C:7/1
:60F:D261130EUR43,21
:61:2611301201C123,45NTRFNONREF//B1
:86:/NAME/CAFE/REMI/F-2026-042/EREF/E1
:61:261201RC7,77NTRFNONREF
:86:109?20SVWZ+RETOURE?32MEIER
:62F:C261201EUR72,47
"""

SAMPLES = {
    "camt": CAMT.encode(),
    "ofx": OFX.encode("cp1252"),
    "csv": CSV.encode(),
    "coda": CODA,
    "cfonb": CFONB,
    "mt940": MT940.encode(),
}
"""Bytes of a whole, valid file by form."""
