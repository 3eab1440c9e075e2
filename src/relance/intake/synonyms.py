"""The headers that relance knows for each of its columns, in French, English, Dutch and German.

Each column has specific headers, then generic ones that are used only when no specific header
of any column claims them. Headers are compared casefolded, without accents and with letters and
digits only, so one spelling stands for many. Sources: the exports listed in docs/sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

RECEIVABLES: Mapping[str, tuple[str, str]] = {
    "number": (
        "number; invoice number; invoice no; invoice num; invoice ref; invoice id; document number;"
        " document no; doc number; docnumber; num; n° facture; no facture; numéro de facture;"
        " numéro facture; num facture; réf facture; référence facture; facture n°; n° de facture;"
        " n° pièce; no pièce; n° de pièce; numéro de pièce; numéro pièce; num pièce; pièce n°;"
        " réf pièce; référence pièce; n° document; numéro document; n° de document;"
        " factuurnummer; factuurnr; factuur nr; factuur nummer; nummer factuur; documentnummer;"
        " boekstuknummer; boekstuk; rechnungsnummer; rechnungsnr; rechnung nr; belegnummer; belegnr",
        "numéro; n°; no; nº; facture; pièce; invoice; factuur; nummer; nr; rechnung; beleg;"
        " document; référence; réf; reference; ref; referentie; referenz",
    ),
    "debtor": (
        "debtor; debtor id; debtor code; customer id; customer code; customer number; customer no;"
        " client id; client code; account code; account number; code client; n° client; no client;"
        " numéro client; numéro de client; réf client; compte client; compte tiers; code tiers;"
        " compte auxiliaire; n° compte auxiliaire; compte aux; auxiliaire; id client; code débiteur;"
        " klantnummer; klantnr; klantcode; klant nr; klant id; code klant; debiteurnummer;"
        " debiteurnr; debiteur nr; debiteurcode; relatiecode; relatienummer;"
        " kundennummer; kundennr; kunden nr; debitorennummer; debitor",
        "tiers; compte; account; debiteur; débiteur; relatie; konto",
    ),
    "debtor_name": (
        "debtor name; customer name; client name; company name; contact name; account name;"
        " nom du client; nom client; client nom; raison sociale; nom du tiers; nom tiers; intitulé;"
        " intitulé du tiers; intitulé client; libellé client; libellé tiers; libellé du compte;"
        " nom société; nom de la société; nom du débiteur; dénomination; naam klant; klantnaam;"
        " klant naam; naam debiteur; debiteurnaam; bedrijfsnaam; firma; kundenname; name des kunden",
        "client; customer; klant; kunde; nom; name; naam; société; partner; partenaire; contact;"
        " company; bedrijf",
    ),
    "issued": (
        "issued; issue date; invoice date; document date; doc date; date doc; date of invoice;"
        " date de facture; date facture; date de la facture; date de facturation; date facturation;"
        " date d'émission; date émission; date pièce; date de pièce; date de la pièce; émise le;"
        " factuurdatum; datum factuur; documentdatum; boekdatum; rechnungsdatum; belegdatum",
        "date; datum; émission; transaction date",
    ),
    "due": (
        "due; due date; date due; maturity; maturity date; payment due; pay by; échéance;"
        " date d'échéance; date échéance; date de l'échéance; éch; date éch; à régler avant le;"
        " à payer avant le; à régler le; date limite de règlement; date limite règlement;"
        " date limite paiement; date limite de paiement; échue le; vervaldatum; vervaldag; vervalt op;"
        " te betalen voor; uiterste betaaldatum; fälligkeitsdatum; fälligkeit; fällig am; zahlbar bis",
        "",
    ),
    "amount": (
        "amount; invoice amount; total amount; amount incl tax; total incl tax; gross amount;"
        " invoice total; montant ttc; total ttc; ttc; montant total; montant facture;"
        " montant de la facture; montant total ttc; montant initial; montant d'origine;"
        " bedrag incl btw; totaal incl btw; factuurbedrag; totaalbedrag; bruttobetrag;"
        " rechnungsbetrag; gesamtbetrag",
        "montant; total; bedrag; totaal; betrag; summe",
    ),
    "open": (
        "open; open amount; amount open; open balance; balance due; amount due; outstanding;"
        " outstanding amount; outstanding balance; remaining; remaining amount; residual; unpaid;"
        " reste dû; reste du; restant dû; montant dû; reste à payer; restant à payer; reste à régler;"
        " restant à régler; solde dû; solde restant; solde restant dû; reste à encaisser;"
        " solde à payer; solde ouvert; montant restant dû; montant ouvert; rest; impayé;"
        " openstaand bedrag; openstaand; openstaand saldo; saldo openstaand; nog te betalen;"
        " resterend bedrag; te betalen; restbedrag; offener betrag; offen; restbetrag; offener posten",
        "solde; balance; saldo; reste; restant",
    ),
    "debit": ("debit; débit; montant débit; mouvement débit; debet; soll", ""),
    "credit": ("credit; crédit; montant crédit; mouvement crédit; haben", ""),
    "currency": (
        "currency; currency code; code devise; devise; monnaie; munt; muntcode; valuta; währung",
        "dev",
    ),
    "kind": (
        "kind; document type; doc type; type de pièce; type pièce; type de document; type document;"
        " type de facture; transaction type; nature; nature de pièce; documenttype; soort;"
        " soort document; type factuur; belegart",
        "type; art",
    ),
    "reference": (
        "payment reference; structured reference; structured communication; communication structurée;"
        " référence de paiement; référence paiement; référence de règlement; communication;"
        " gestructureerde mededeling; mededeling; betalingskenmerk; betaalreferentie;"
        " zahlungsreferenz; verwendungszweck; vcs; ogm",
        "référence; réf; reference; ref; referentie; referenz",
    ),
    "email": (
        "debtor email; customer email; client email; email address; email; e-mail; mail; courriel;"
        " adresse e-mail; adresse mail; email client; email facturation; email de facturation;"
        " e-mailadres; mailadres; email klant; e-mail-adresse",
        "",
    ),
    "order_number": (
        "order number; order no; purchase order; po number; po; your ref; your reference;"
        " n° commande; no commande; n° de commande; numéro de commande; numéro commande; commande;"
        " bon de commande; n° bon de commande; votre référence; réf commande; n° engagement;"
        " numéro d'engagement; bestelnummer; bestelnr; bestelbon; ordernummer; uw referentie;"
        " bestellnummer; bestellung; auftragsnummer; ihre referenz",
        "",
    ),
    "market_number": (
        "market number; public contract number; contract number; contract reference; n° marché;"
        " no marché; n° de marché; numéro de marché; numéro marché; réf marché; référence marché;"
        " référence du marché; marché; marché public; n° contrat; n° de contrat; numéro de contrat;"
        " contractnummer; overeenkomstnummer; besteknummer; vertragsnummer; vergabenummer",
        "",
    ),
    "service_code": (
        "service code; code service; code du service; code service exécutant; service exécutant;"
        " code service chorus; service destinataire; buyer reference; référence acheteur;"
        " référence de l'acheteur; dienstcode; servicecode; referentie koper; leitweg id;"
        " käuferreferenz",
        "",
    ),
    "virtual_iban": (
        "virtual iban; viban; virtual account; iban virtuel; iban dédié; compte virtuel;"
        " iban de règlement dédié; virtuele iban; virtuele rekening; virtuelle iban;"
        " virtuelles konto",
        "",
    ),
    "notes": (
        "notes; invoice notes; mentions; mentions légales; mentions obligatoires;"
        " mentions de la facture; legal mentions; vermeldingen; verplichte vermeldingen;"
        " pflichtangaben; rechnungshinweise",
        "",
    ),
    "settled_on": (
        "settled on; settlement date; date settled; soldée le; soldé le; date de solde; vereffend op;"
        " ausgeglichen am",
        "",
    ),
    "status": (
        "status; invoice status; statut; statut facture; statut de la facture; état; état facture;"
        " payment status; statut de paiement; statut paiement; état de paiement; betaalstatus;"
        " rechnungsstatus; zahlungsstatus",
        "state; etat du règlement",
    ),
    "paid": (
        "paid; paid on; paid date; date paid; payment date; date de paiement; date paiement;"
        " date de règlement; date règlement; réglée le; réglé le; payée le; payé le;"
        " date d'encaissement; betaald; betaald op; betaaldatum; bezahlt am; zahlungsdatum",
        "",
    ),
    "letter": ("lettrage; lettre; code lettrage; matchno; lettering; afpunting; afletteren", ""),
    "journal": ("journal; code journal; jou; journal code; dagboek; dagboekcode", ""),
}

CUSTOMERS: Mapping[str, tuple[str, str]] = {
    "id": (
        "id; " + RECEIVABLES["debtor"][0] + "; code; identifiant; customer; nummer",
        RECEIVABLES["debtor"][1] + "; n°; numéro; number; no; nr; ref; référence",
    ),
    "name": (
        "name; nom; naam; " + RECEIVABLES["debtor_name"][0],
        RECEIVABLES["debtor_name"][1],
    ),
    "kind": (
        "kind; type de client; type client; customer type; nature; catégorie juridique; klanttype;"
        " type klant; kundenart",
        "type; catégorie; soort; art",
    ),
    "country": ("country; country code; pays; code pays; land; landcode; ländercode", ""),
    "language": ("language; language code; langue; code langue; taal; taalcode; sprache", "lang"),
    "email": (RECEIVABLES["email"][0], ""),
    "phone": (
        "phone; phone number; telephone; téléphone; tél; tel; n° téléphone; numéro de téléphone;"
        " téléphone fixe; fixe; telefoon; telefoonnummer; telefon; telefonnummer",
        "",
    ),
    "mobile": (
        "mobile; mobile phone; mobile number; cell; cell phone; portable; tél portable; gsm;"
        " téléphone portable; téléphone mobile; tél mobile; mobiel; mobiel nummer; handy; mobil",
        "",
    ),
    "address": (
        "address; street; street address; address line 1; address 1; adresse; rue; adresse 1;"
        " adresse ligne 1; adresse postale; adres; straat; straat en nummer; straße; anschrift",
        "",
    ),
    "postcode": (
        "postcode; postal code; zip; zip code; zipcode; code postal; cp; postnummer; plz;"
        " postleitzahl",
        "",
    ),
    "city": (
        "city; town; ville; commune; localité; gemeente; stad; plaats; woonplaats; ort; stadt",
        "",
    ),
    "region": ("region; state; province; région; département; provincie; regio; bundesland", ""),
    "registration": (
        "registration; registration number; company number; siren; siret; n° siren; n° siret;"
        " numéro siren; numéro siret; numéro d'entreprise; n° entreprise; bce; kbo;"
        " ondernemingsnummer; kvk; kvk nummer; handelsregisternummer",
        "",
    ),
    "vat": (
        "vat; vat number; vat no; vat id; tax id; tva; n° tva; numéro de tva; tva intracom;"
        " tva intracommunautaire; n° tva intracommunautaire; numéro tva; btw; btw nummer; btw nr;"
        " ust id; umsatzsteuer id",
        "",
    ),
    "sector": ("sector; industry; secteur; secteur d'activité; activité; branche; sektor", ""),
    "tags": ("tags; tag; labels; étiquettes; mots clés; catégories; kenmerken; schlagworte", ""),
    "owner": (
        "owner; account manager; salesperson; commercial; responsable; gestionnaire; suivi par;"
        " chargé de clientèle; verantwoordelijke; beheerder; vertegenwoordiger; betreuer",
        "",
    ),
    "since": (
        "since; customer since; client depuis; date de création; date création; créé le;"
        " created; created on; creation date; klant sinds; kunde seit",
        "depuis; sinds",
    ),
    "terms": (
        "terms; payment terms; conditions de paiement; conditions de règlement; mode d'échéance;"
        " condition de paiement; condition de règlement; délai de paiement; délai de règlement;"
        " betalingsvoorwaarden; betaaltermijn; betalingstermijn; zahlungsbedingungen; zahlungsziel",
        "échéance; délai",
    ),
    "credit_limit": (
        "credit limit; plafond; encours autorisé; encours maximum; encours max; plafond de crédit;"
        " limite de crédit; kredietlimiet; kreditlimit",
        "",
    ),
    "score": ("score; credit score; scoring; score de crédit; cote de crédit; kredietscore", ""),
    "segment": ("segment", ""),
    "procedure": ("procedure; procédure; procédure de relance; dunning procedure", ""),
    "iban": ("iban; compte bancaire; rekeningnummer", ""),
    "virtual_iban": (RECEIVABLES["virtual_iban"][0], ""),
    "requires": (
        "requires; required; required on invoices; exige; exigences; exigences de facturation;"
        " mentions exigées; requis sur facture; vereist; vereisten; vereist op factuur;"
        " erforderlich; anforderungen",
        "",
    ),
    "portal": (
        "portal; invoice portal; portail; portail fournisseur; portaal; rechnungsportal",
        "",
    ),
    "accounts_name": ("comptabilité fournisseurs; accounts payable; crediteurenadministratie", ""),
    "accounts_email": (
        "email comptabilité fournisseurs; accounts payable email; email crediteurenadministratie",
        "",
    ),
    "accounts_phone": ("téléphone comptabilité fournisseurs; accounts payable phone", ""),
    "accounts_language": ("langue comptabilité fournisseurs; accounts payable language", ""),
    "buyer_name": ("acheteur; buyer; aankoper; einkäufer", ""),
    "buyer_email": ("email acheteur; buyer email; email aankoper", ""),
    "buyer_phone": ("téléphone acheteur; buyer phone; telefoon aankoper", ""),
    "buyer_language": ("langue acheteur; buyer language; taal aankoper", ""),
    "management_name": ("direction; dirigeant; management; directie; geschäftsführung", ""),
    "management_email": ("email direction; management email; email directie", ""),
    "management_phone": ("téléphone direction; management phone; telefoon directie", ""),
    "management_language": ("langue direction; management language; taal directie", ""),
    "link": ("link; personal link; lien; lien personnel; persoonlijke link; persönlicher link", ""),
}


def key(header: str) -> str:
    """Return `header` as it is compared: casefolded, accents off, letters and digits only."""
    plain = unicodedata.normalize("NFD", header.casefold().replace("º", "°").replace("°", "o"))
    return re.sub(r"[^a-z0-9]", "", plain.replace("œ", "oe"))


_NEEDS = {
    "order_number": (
        RECEIVABLES["order_number"][0],
        "order; engagement; commande; bon; bestelling; bestelbon",
    ),
    "market_number": (RECEIVABLES["market_number"][0], "market; contract; contrat; vertrag"),
    "service_code": (RECEIVABLES["service_code"][0], "service; dienst; leitweg"),
    "reference": (RECEIVABLES["reference"][0], "référence; référence structurée; referentie"),
    "registration": (CUSTOMERS["registration"][0], ""),
    "vat": (CUSTOMERS["vat"][0], ""),
    "mentions": (RECEIVABLES["notes"][0], "mention; mentions l441 9"),
}
"""How `requires` of a customer may be written: as the headers of what it asks for."""


Known = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""For each column the compared forms of its specific headers and of its generic ones."""


@cache
def receivables() -> Known:
    """Return the headers of the columns of receivables."""
    return known(RECEIVABLES)


@cache
def customers() -> Known:
    """Return the headers of the columns of customers."""
    return known(CUSTOMERS)


@cache
def needs() -> Mapping[str, str]:
    """Return what an invoice must carry (`policy.Need`) by compared word."""
    return {
        word: need
        for need, (specific, generic) in known(_NEEDS).items()
        for word in (*specific, *generic)
    }


def known(table: Mapping[str, tuple[str, str]]) -> Known:
    """Return the compared forms of the headers of `table`: specific ones, and generic ones."""
    return {
        name: (
            (key(name), *(key(word) for word in specific.split(";"))),
            tuple(key(word) for word in generic.split(";") if word),
        )
        for name, (specific, generic) in table.items()
    }
