"""Words in cells: kinds of documents and of customers, currencies, countries, languages.

Words are compared as headers are: casefolded, without accents, letters and digits only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

import polars as pl

from relance.intake.iso import COUNTRIES, CURRENCIES
from relance.intake.synonyms import key

SUPPLIER = "supplier"
"""Kind of the rows that are not receivables: what the creditor itself owes."""

KINDS: Mapping[str, str] = {
    "invoice": "invoice; inv; facture; fact; fac; fa; factuur; rechnung; facture client;"
    " facture de vente; customer invoice; sales invoice; tax invoice; verkoopfactuur; out_invoice;"
    " facture d'acompte; acompte facturé; deposit invoice; standard invoice; facture standard;"
    " facture de remplacement; replacement invoice; facture de situation; accrec; out_receipt;"
    " sales receipt; voorschotfactuur; anzahlungsrechnung; facture de solde; vente",
    "credit_note": "credit note; credit memo; cn; avoir; av; av client; avoir client; note de crédit;"
    " facture d'avoir; creditnota; kredietnota; creditfactuur; gutschrift; customer credit note;"
    " out_refund; refund; remboursement; accreccredit; credit; crédit; sales credit note",
    "payment": "payment; pmt; règlement; regl; paiement; encaissement; versement; virement;"
    " betaling; zahlung; receipt; bank; banque; customer payment; règlement client; chèque; cheque;"
    " prélèvement; ontvangst",
    "advance": "advance; acompte; avance; arrhes; voorschot; anzahlung; prepayment; overpayment;"
    " trop perçu; deposit; aanbetaling; vorauszahlung",
    "charge": "charge; charges; frais; kosten; fee; appel de fonds; intérêts; interest; pénalité;"
    " journal entry; od; opération diverse; opérations diverses; écriture; journal; diverse;"
    " diversen; debit note; note de débit; debetnota",
    "instalment": "instalment; installment; échéance; tranche; mensualité; termijn; rate; teilzahlung",
    "opening": "opening; opening balance; solde antérieur; à nouveau; a nouveaux; report à nouveau;"
    " ran; an; reprise de solde; beginsaldo; openingsbalans; eröffnungssaldo; report",
    SUPPLIER: "bill; vendor bill; supplier invoice; facture fournisseur; avoir fournisseur;"
    " leveranciersfactuur; aankoopfactuur; lieferantenrechnung; in_invoice; in_refund; accpay;"
    " vendor credit; vendor credit note; supplier credit note; purchase; achat; in_receipt",
}

STATUSES: Mapping[str, str] = {
    "draft": "draft; brouillon; concept; entwurf; proforma; pro forma; cancel; cancelled; canceled;"
    " annulé; annulée; abandoned; abandonné; abandonnée; void; voided; deleted; supprimée;"
    " geannuleerd; storniert; à valider; devis; quote; offerte",
    "paid": "paid; payé; payée; payées; réglé; réglée; soldé; soldée; acquitté; acquittée; encaissé;"
    " encaissée; lettré; lettrée; betaald; voldaan; bezahlt; beglichen; closed; clos; clôturée;"
    " settled; reversed; extourné; extournée; in payment; fully paid; payée totalement",
}

DEBTOR_KINDS: Mapping[str, str] = {
    "business": "business; b2b; professionnel; pro; entreprise; société; societe commerciale; company;"
    " bedrijf; onderneming; firma; unternehmen; geschäftskunde; personne morale; corporate;"
    " zakelijk; artisan; commerçant; indépendant; zelfstandige",
    "consumer": "consumer; b2c; particulier; individual; person; personne physique; consommateur;"
    " privé; private; privaat; privatperson; privatkunde; consument; individu; non professionnel",
    "public": "public; b2g; administration; mairie; commune; collectivité; collectivité territoriale;"
    " secteur public; organisme public; état; établissement public; hôpital public; government;"
    " public sector; overheid; gemeente; overheidsinstelling; behörde; öffentlich; openbaar bestuur;"
    " personne publique; administration publique; département; région",
}

LANGUAGES: Mapping[str, str] = {
    "fr": "fr; fre; fra; français; francais; french; frans; französisch",
    "nl": "nl; dut; nld; nederlands; néerlandais; dutch; niederländisch; vlaams; flamand",
    "de": "de; ger; deu; deutsch; allemand; german; duits",
    "en": "en; eng; english; anglais; engels; englisch",
}

_COUNTRIES = {
    "FR": "fra; france; frankrijk; frankreich; république française; france métropolitaine",
    "BE": "bel; belgique; belgië; belgie; belgium; belgien; b",
    "NL": "nld; pays-bas; nederland; netherlands; the netherlands; niederlande; hollande; holland",
    "DE": "deu; allemagne; duitsland; germany; deutschland",
    "LU": "lux; luxembourg; luxemburg; grand-duché de luxembourg",
    "CH": "che; suisse; zwitserland; switzerland; schweiz; svizzera",
    "IT": "ita; italie; italië; italy; italien; italia",
    "ES": "esp; espagne; spanje; spain; spanien; españa",
    "PT": "prt; portugal",
    "GB": "gbr; uk; royaume-uni; verenigd koninkrijk; united kingdom; great britain; angleterre;"
    " grande-bretagne; england; vereinigtes königreich",
    "IE": "irl; irlande; ierland; ireland; irland",
    "AT": "aut; autriche; oostenrijk; austria; österreich",
    "MC": "mco; monaco",
    "US": "usa; états-unis; verenigde staten; united states; united states of america; vereinigte staaten",
    "CA": "can; canada",
    "PL": "pol; pologne; polen; poland; polska",
    "CZ": "cze; république tchèque; tchéquie; tsjechië; czech republic; czechia; tschechien",
    "DK": "dnk; danemark; denemarken; denmark; dänemark; danmark",
    "SE": "swe; suède; zweden; sweden; schweden; sverige",
    "NO": "nor; norvège; noorwegen; norway; norwegen; norge",
    "FI": "fin; finlande; finland; finnland; suomi",
    "GR": "grc; el; grèce; griekenland; greece; griechenland",
    "RO": "rou; roumanie; roemenië; romania; rumänien",
    "HU": "hun; hongrie; hongarije; hungary; ungarn",
    "BG": "bgr; bulgarie; bulgarije; bulgaria; bulgarien",
    "HR": "hrv; croatie; kroatië; croatia; kroatien",
    "SI": "svn; slovénie; slovenië; slovenia; slowenien",
    "SK": "svk; slovaquie; slowakije; slovakia; slowakei",
    "MA": "mar; maroc; marokko; morocco",
    "DZ": "dza; algérie; algerije; algeria; algerien",
    "TN": "tun; tunisie; tunesië; tunisia; tunesien",
    "SN": "sen; sénégal; senegal",
    "CI": "civ; côte d'ivoire; ivoorkust; ivory coast; elfenbeinküste",
    "TR": "tur; turquie; turkije; turkey; türkei; türkiye",
    "CN": "chn; chine; china",
    "JP": "jpn; japon; japan",
}
_CURRENCY_WORDS = {
    "EUR": "€ euro euros eur.",
    "USD": "$ us$ dollar dollars",
    "GBP": "£ pound pounds",
    "CHF": "fr. sfr",
    "CAD": "ca$ c$",
    "AUD": "au$ a$",
    "JPY": "¥",
}
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"})
"""Currencies whose amounts may carry a bare dollar sign."""


def _words(table: Mapping[str, str]) -> dict[str, str]:
    return {key(word): code for code, words in table.items() for word in words.split(";")}


@cache
def kinds() -> Mapping[str, str]:
    """Return kind of item by compared word; `SUPPLIER` marks what is not a receivable."""
    return {**_words(KINDS), **{key(kind): kind for kind in KINDS}}


@cache
def statuses() -> Mapping[str, str]:
    """Return "draft" (cancelled too) or "paid" by compared word; other words are not in it."""
    return _words(STATUSES)


@cache
def debtor_kinds() -> Mapping[str, str]:
    """Return kind of debtor by compared word."""
    return _words(DEBTOR_KINDS)


@cache
def languages() -> Mapping[str, str]:
    """Return language code by compared word."""
    return _words(LANGUAGES)


@cache
def countries() -> Mapping[str, str]:
    """Return ISO 3166 alpha-2 code by compared word."""
    return {**_words(_COUNTRIES), **{code.lower(): code for code in COUNTRIES}}


def kind_of(word: str, own: Mapping[str, str]) -> str | None:
    """Return the kind of item of `word`, by a preset's `own` words first; None if not known."""
    plain = key(word)
    if plain in own:
        return own[plain]
    if plain == "" and word:
        return None
    return kinds().get(plain)


def status_of(word: str) -> str | None:
    """Return "draft" or "paid" for `word`; None if the document is to be paid."""
    return statuses().get(key(word))


def debtor_kind_of(word: str) -> str | None:
    """Return business, consumer or public for `word`; None if not known."""
    return debtor_kinds().get(key(word))


def language_of(word: str) -> str | None:
    """Return the language of `word` ("fr_BE", "Nederlands"); None if it is none of ours."""
    plain = word.replace("-", "_").split("_")[0].split(".")[0]
    return languages().get(key(plain)) or languages().get(key(word))


def country_of(word: str) -> str | None:
    """Return the ISO code of `word` ("fr", "Belgique", "FR - France"); None if not known."""
    found = countries().get(key(word))
    head = word.replace("-", " ").split()[:1]
    if found is None and head and len(head[0]) == 2:
        return countries().get(key(head[0]))
    return found


def currency_of(word: str) -> str | None:
    """Return the ISO 4217 code of a code, symbol or name; None if not known."""
    upper = word.strip().upper()
    if upper in CURRENCIES:
        return upper
    plain = unicodedata.normalize("NFC", word.strip().casefold())
    words = {w: code for code, names in _CURRENCY_WORDS.items() for w in names.split()}
    return words.get(plain)


def mapped(column: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """Return `column` with each distinct text replaced by what `read` says; null where it says None."""
    texts = column.unique().drop_nulls().to_list()
    found = {text: code for text in texts if (code := read(text)) is not None}
    if not found:
        return pl.repeat(None, len(column), dtype=pl.String, eager=True).alias(column.name)
    return column.replace_strict(found, default=None, return_dtype=pl.String)
