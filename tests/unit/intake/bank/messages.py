"""Small camt messages, written entry by entry."""

from __future__ import annotations

IBAN = "FR7630006000011234567890189"
OTHER = "BE68539007547034"


def balance(code: str, amount: str, day: str = "2026-11-04", currency: str = "EUR") -> str:
    sign, bare = ("DBIT", amount[1:]) if amount.startswith("-") else ("CRDT", amount)
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{bare}</Amt>"
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def entry(amount: str, inner: str = "", **more: str) -> str:
    sign, bare = ("DBIT", amount[1:]) if amount.startswith("-") else ("CRDT", amount)
    status = more.get("status", "<Sts>BOOK</Sts>")
    reference = f"<AcctSvcrRef>{more['ref']}</AcctSvcrRef>" if "ref" in more else ""
    return (
        f"<Ntry><Amt Ccy='{more.get('currency', 'EUR')}'>{bare}</Amt><CdtDbtInd>{sign}</CdtDbtInd>"
        f"{more.get('mark', '')}{status}<BookgDt><Dt>{more.get('day', '2026-11-04')}</Dt></BookgDt>"
        f"{reference}{more.get('code', '')}"
        f"{f'<NtryDtls>{inner}</NtryDtls>' if inner else ''}</Ntry>\n"
    )


def details(inner: str = "", amount: str | None = None, currency: str = "EUR") -> str:
    told = f"<Amt Ccy='{currency}'>{amount}</Amt>" if amount else ""
    return f"<TxDtls>{told}{inner}</TxDtls>"


def statement(*parts: str, kind: str = "Stmt", account: str = IBAN, **more: str) -> str:
    head = f"<Id>{more.get('id', 'S1')}</Id>{more.get('pages', '')}"
    number = f"<ElctrncSeqNb>{more['number']}</ElctrncSeqNb>" if "number" in more else ""
    currency = f"<Ccy>{more.get('currency', 'EUR')}</Ccy>"
    return (
        f"<{kind}>{head}{number}<CreDtTm>2026-11-05T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id>{currency}</Acct>\n{''.join(parts)}</{kind}>\n"
    )


def message(*statements: str, version: str = "053.001.02") -> bytes:
    names = {"053": "BkToCstmrStmt", "052": "BkToCstmrAcctRpt", "054": "BkToCstmrDbtCdtNtfctn"}
    name = names[version[:3]]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{name}>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr>\n{''.join(statements)}</{name}></Document>\n"
    ).encode()
