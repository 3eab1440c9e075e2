"""The headers of banks' CSV files by column, in French, English, Dutch and German."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from relance.intake.synonyms import Known, key

HEADERS: Mapping[str, tuple[str, str]] = {
    "booked": (
        "booking date; posting date; posted date; transaction date; date comptable;"
        " date de comptabilisation; date opération; date d'opération; date de l'opération;"
        " date d'exécution; date mouvement; date du mouvement; date écriture; date d'écriture;"
        " boekingsdatum; boekdatum; datum boeking; transactiedatum; uitvoeringsdatum;"
        " buchungstag; buchungsdatum; datum der buchung",
        "date; datum",
    ),
    "value": (
        "value date; date de valeur; date valeur; valutadatum; valuta datum; rentedatum;"
        " wertstellung; wertstellungsdatum; wertstellungstag",
        "valeur; valuta",
    ),
    "amount": (
        "amount; transaction amount; montant; montant de l'opération; montant opération;"
        " montant du mouvement; bedrag; transactiebedrag; betrag; umsatz",
        "",
    ),
    "debit": (
        "debit; débit; débits; debit amount; montant débit; paid out; money out; withdrawals;"
        " debet; uitgaven; af; bedrag af; soll; belastung; lastschrift",
        "",
    ),
    "credit": (
        "credit; crédit; crédits; credit amount; montant crédit; paid in; money in; deposits;"
        " ontvangsten; bij; bedrag bij; haben; gutschrift",
        "",
    ),
    "direction": (
        "sens; sens de l'opération; débit/crédit; crédit/débit; debit credit indicator; d/c; c/d;"
        " dr/cr; af bij; af/bij; bij/af; debet/credit; soll/haben; s/h",
        "",
    ),
    "currency": (
        "currency; ccy; devise; devise du compte; code devise; monnaie; munt; muntsoort; währung",
        "",
    ),
    "counterparty": (
        "counterparty; counterparty name; payer; payee; contrepartie; nom contrepartie;"
        " nom de la contrepartie; nom contrepartie contient; nom du tiers; tiers; donneur d'ordre;"
        " nom du donneur d'ordre; émetteur; tegenpartij; naam tegenpartij; naam van de tegenpartij;"
        " naam/omschrijving; auftraggeber/begünstigter; begünstigter/zahlungspflichtiger;"
        " name zahlungsbeteiligter; zahlungspflichtiger; auftraggeber; zahlungsbeteiligter",
        "nom; name; naam; bénéficiaire",
    ),
    "counterparty_iban": (
        "counterparty iban; counterparty account; counterparty account number; compte contrepartie;"
        " compte de la contrepartie; iban contrepartie; numéro de compte contrepartie; iban du tiers;"
        " compte du tiers; rekening tegenpartij; rekeningnummer tegenpartij; iban tegenpartij;"
        " tegenrekening; tegenrekening iban/bban; iban zahlungsbeteiligter; kontonummer/iban;"
        " iban auftraggeber; gegenkonto",
        "",
    ),
    "reference": (
        "structured reference; structured communication; communication structurée;"
        " référence structurée; gestructureerde mededeling; betalingskenmerk; zahlungsreferenz;"
        " strukturierte referenz",
        "référence; referentie; referenz",
    ),
    "end_to_end": (
        "end to end; end to end id; end to end reference; référence end to end;"
        " référence de bout en bout; end to end referenz; kundenreferenz; kundenreferenz end to end",
        "",
    ),
    "text": (
        "label; libellé; libellé opération; libellé de l'opération; libellé simplifié;"
        " libellé complet; libellé du mouvement; description; détail; détails; détails du mouvement;"
        " détail de l'écriture; informations complémentaires; information complémentaire;"
        " communication; communications; communication libre; motif; narrative; details; memo;"
        " remittance information; payment details; mededeling; mededelingen; vrije mededeling;"
        " omschrijving; omschrijving 1; omschrijving 2; omschrijving 3; details van de beweging;"
        " verwendungszweck; buchungstext; wording",
        "opération; nature; type d'opération",
    ),
    "bank_reference": (
        "bank reference; bank ref; transaction id; transaction reference; transaction number;"
        " référence bancaire; référence banque; référence transaction; référence de la transaction;"
        " référence opération; référence de l'opération; n° de transaction; numéro de transaction;"
        " identifiant de l'opération; transactiereferentie; transactienummer; volgnr; refertenummer;"
        " transaktionsnummer; umsatz id",
        "",
    ),
    "account": (
        "own account; account number; compte; numéro de compte; n° compte; n° de compte;"
        " compte donneur d'ordre; rekening; rekeningnummer; iban/bban; konto; kontonummer;"
        " auftragskonto; iban auftragskonto",
        "iban",
    ),
    "balance": (
        "balance; running balance; solde; solde comptable; solde après opération; saldo;"
        " saldo na trn; saldo na mutatie; saldo na boeking; saldo nach buchung; nieuw saldo",
        "",
    ),
}
"""Specific headers, and generic ones that count only where no column claims them."""

_DEBITS = "d; dr; debit; débit; debet; dbit; af; s; soll; -; paiement; sortie; out"
_CREDITS = "c; cr; credit; crédit; crdt; bij; h; haben; +; encaissement; entrée; in"
_SIGNS = {"-": -1, "\u2212": -1, "+": 1}


@cache
def headers() -> Known:
    """Return the compared headers of each column of a bank's CSV file."""
    return {
        name: (
            (key(name), *(key(word) for word in specific.split(";"))),
            tuple(key(word) for word in generic.split(";") if word),
        )
        for name, (specific, generic) in HEADERS.items()
    }


@cache
def _directions() -> Mapping[str, int]:
    words = {key(word): -1 for word in _DEBITS.split(";")}
    return {**words, **{key(word): 1 for word in _CREDITS.split(";")}}


def direction_of(word: str) -> str | None:
    """Return "-1" for money paid, "1" for money received; None if `word` says neither."""
    sign = _SIGNS.get(word.strip()) or (_directions().get(key(word)) if key(word) else None)
    return str(sign) if sign else None
