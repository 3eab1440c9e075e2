"""The example that a new project starts with: a creditor, its debtors and their open invoices.

All names are invented, and addresses end in `.example`.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

CREDITORS = {
    "fr": {
        "name": "Menuiserie Lenoir SARL",
        "country": "FR",
        "registration": "732829320",
        "registration_fr": "SIREN",
        "registration_en": "SIREN",
        "vat": "FR44732829320",
        "address": "12 rue des Ateliers, 69003 Lyon",
        "email": "compta@lenoir.example",
        "phone": "+33 4 72 00 00 00",
        "timezone": "Europe/Paris",
        "consumer": "consumer-fr",
        "law_fr": (
            "# law:                                # ce que disent vos conditions générales de vente\n"
            "#   contract_rate: 15                 # taux convenu entre professionnels ; sinon celui de la loi"
        ),
        "law_en": (
            "# law:                                # what your terms of sale agree\n"
            "#   contract_rate: 15                 # rate agreed with businesses; else that of the law"
        ),
        "iban": "FR7630006000011234567890189",
        "bic": "bic: AGRIFRPP, ",
    },
    "be": {
        "name": "Menuiserie Delvaux SRL",
        "country": "BE",
        "registration": "0123456749",
        "registration_fr": "numéro d'entreprise",
        "registration_en": "enterprise number",
        "vat": "BE0123456749",
        "address": "Rue des Ateliers 12, 5000 Namur",
        "email": "compta@delvaux.example",
        "phone": "+32 81 00 00 00",
        "timezone": "Europe/Brussels",
        "consumer": "consumer-be",
        "law_fr": (
            "law:\n"
            "  limitation: {business: 120, consumer: 12}   # mois avant prescription, selon ce que vous "
            "vendez :\n"
            "  # 10 ans en général, 5 ans pour ce qui est périodique, 1 an pour les marchandises aux "
            "particuliers\n"
            "  # consumer_clause: true              # vos conditions prévoient intérêts et indemnité, dans "
            "les deux sens"
        ),
        "law_en": (
            "law:\n"
            "  limitation: {business: 120, consumer: 12}   # months until a claim is barred, by what you "
            "sell:\n"
            "  # 10 years in general, 5 for what is periodic, 1 year for goods sold to consumers\n"
            "  # consumer_clause: true              # your terms agree interest and compensation, for both "
            "sides"
        ),
        "iban": "BE68539007547034",
        "bic": "",
    },
}

_CUSTOMERS_HEADER = (
    "Code client;Raison sociale;Type de client;Pays;Langue;E-mail;Téléphone;Adresse;"
    "Code postal;Ville;Client depuis"
)
_CUSTOMERS = {
    "fr": (
        "C001;Boulangerie Marchand;business;FR;fr;compta@marchand.example;+33 4 72 00 00 11;"
        "3 place du Marché;69002;Lyon;12/03/2019",
        "C002;Hôtel des Cimes SAS;business;FR;fr;comptabilite@cimes.example;+33 4 50 00 00 12;"
        "18 avenue du Lac;74000;Annecy;04/09/2021",
        # No e-mail address: the letter is the channel that reaches this one.
        "C003;Garage Ferrand;business;FR;fr;;+33 4 78 00 00 13;"
        "41 route de Vienne;69007;Lyon;20/01/2017",
        "C004;Commune de Valbrune;public;FR;fr;finances@valbrune.example;+33 4 74 00 00 14;"
        "1 place de la Mairie;01000;Bourg-en-Bresse;02/05/2016",
        "C005;Mme Claire Aubert;consumer;FR;fr;claire@aubert.example;+33 6 00 00 00 15;"
        "7 impasse des Lilas;69100;Villeurbanne;15/06/2023",
        "C006;Northgate Interiors Ltd;business;GB;en;accounts@northgate.example;;"
        "22 Mill Lane;LS1 4AP;Leeds;08/11/2022",
    ),
    "be": (
        "C001;Boulangerie Lambert SRL;business;BE;fr;compta@lambert.example;+32 81 00 00 11;"
        "Place du Marché 3;5000;Namur;12/03/2019",
        "C002;Hotel De Linde BV;business;BE;nl;boekhouding@delinde.example;+32 9 000 00 12;"
        "Kerkstraat 18;9000;Gent;04/09/2021",
        # No e-mail address: the letter is the channel that reaches this one.
        "C003;Garage Willems BV;business;BE;nl;;+32 16 00 00 13;"
        "Diestsesteenweg 41;3010;Leuven;20/01/2017",
        "C004;Commune de Valbrune;public;BE;fr;finances@valbrune.example;+32 87 00 00 14;"
        "Place de l'Hôtel de Ville 1;4800;Verviers;02/05/2016",
        "C005;Mevrouw An Peeters;consumer;BE;nl;an@peeters.example;+32 470 00 00 15;"
        "Lindelaan 7;2000;Antwerpen;15/06/2023",
        "C006;Tischlerei Vogt GmbH;business;DE;de;buchhaltung@vogt.example;;"
        "Mühlenweg 22;52062;Aachen;08/11/2022",
    ),
}

# Debtor, days past due today, amount, what is still open (None: all of it).
_SALES: tuple[tuple[str, int, str, str | None], ...] = (
    ("C001", 47, "1234.56", None),
    ("C001", 9, "386.40", None),
    ("C001", -12, "2180.00", None),
    ("C002", 22, "4820.00", "2820.00"),
    ("C002", -2, "1675.20", None),
    ("C003", 14, "742.80", None),
    ("C003", 35, "96.00", None),
    ("C004", 18, "3540.00", None),
    ("C005", 8, "264.00", None),
    ("C006", 6, "1980.00", None),
    ("C006", 30, "-150.00", None),
    ("C006", 3, "610.50", None),
)
_TERMS = timedelta(days=30)


def customers_csv(country: Literal["fr", "be"]) -> str:
    """Return the customers' file of the example."""
    return "\n".join([_CUSTOMERS_HEADER, *_CUSTOMERS[country], ""])


def sales_csv(country: Literal["fr", "be"], today: date) -> str:
    """Return the open invoices of the example, as a French-speaking program exports them."""
    header = "N° facture;Code client;Date facture;Échéance;Montant TTC;Reste dû"
    lines = [header + (";Communication structurée" if country == "be" else "")]
    for position, (debtor, late, amount, left) in enumerate(_SALES, start=101):
        due = today - timedelta(days=late)
        issued = due - _TERMS
        number = f"{'A' if amount.startswith('-') else 'F'}{issued.year}-{position:04d}"
        fields = [number, debtor, _day(issued), _day(due), _amount(amount), _amount(left or amount)]
        lines.append(";".join(fields + ([_ogm(issued.year, position)] if country == "be" else [])))
    return "\n".join([*lines, ""])


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _amount(text: str) -> str:
    """Return an amount as French programs write it: 1 234,56."""
    return f"{Decimal(text):,.2f}".replace(",", " ").replace(".", ",")


def _ogm(year: int, position: int) -> str:
    """Return a Belgian structured communication: ten digits and their remainder by 97."""
    base = f"{year:04d}{position:06d}"
    digits = f"{base}{int(base) % 97 or 97:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
