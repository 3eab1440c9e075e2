from dataclasses import replace

import pytest
from paper import CREDITOR, DEBTOR, creditor

from relance.notices.address import address_block, country_name, is_wide, place_of

BELGIAN = creditor(country="BE", address=("Ambachtenlaan 12", "9000 Gent"), language="nl")


def at(*address, postcode=None, city=None, country="FR", name="Boulangerie Dupré & Fils"):
    return replace(
        DEBTOR, name=name, address=address, postcode=postcode, city=city, country=country
    )


def test_the_last_three_french_lines_are_capitals_without_punctuation():
    debtor = at(
        "À l'attention de M. Roux",
        "48, av. de la République",
        postcode="38400",
        city="Saint-Martin-d'Hères",
    )
    assert address_block(debtor, CREDITOR) == (
        "Boulangerie Dupré & Fils",
        "À L'ATTENTION DE M. ROUX",
        "48 AV DE LA RÉPUBLIQUE",
        "38400 SAINT MARTIN D HÈRES",
    )


def test_everything_from_the_street_number_on_is_plain_capitals():
    debtor = at(
        "Bâtiment C", "12-14, rue du Lac", "BP 40.012", postcode="39200", city="Saint-Claude CEDEX"
    )
    assert address_block(debtor, CREDITOR)[1:] == (
        "Bâtiment C", "12-14 RUE DU LAC", "BP 40 012", "39200 SAINT CLAUDE CEDEX",
    )  # fmt: skip


def test_long_french_lines_are_shortened_then_broken_between_words():
    debtor = at(
        "12 boulevard du Maréchal Jean de Lattre de Tassigny",
        postcode="39200", city="Dole", name="Société Coopérative Agricole des Producteurs de Lait du Jura",
    )  # fmt: skip
    lines = address_block(debtor, CREDITOR)
    assert all(len(line) <= 38 for line in lines)
    assert lines[0] == "Société Coopérative Agricole des"
    assert lines[-3:] == ("12 BD DU MARÉCHAL JEAN DE LATTRE DE", "TASSIGNY", "39200 DOLE")


def test_a_belgian_address_keeps_its_box_and_has_no_prefix():
    debtor = at(
        "Kerkstraat 12 bte 3,", postcode="B-9000", city="Gent", country="BE", name="Bakkerij BV"
    )
    assert address_block(debtor, BELGIAN) == ("Bakkerij BV", "Kerkstraat 12 bte 3", "9000 Gent")


@pytest.mark.parametrize(
    ("sender", "country", "last"),
    [(CREDITOR, "BE", "BELGIQUE"), (CREDITOR, "DE", "ALLEMAGNE"), (BELGIAN, "FR", "FRANKRIJK")],
)
def test_abroad_the_country_is_last_in_capitals_and_the_senders_language(sender, country, last):
    lines = address_block(at("Rue 1", postcode="1000", city="Ville", country=country), sender)
    assert lines[-2:] == ("1000 VILLE", last)


def test_at_home_and_where_the_country_is_not_known_no_country_is_printed():
    assert (
        address_block(at("1 rue A", postcode="69003", city="Lyon", country=None), CREDITOR)[-1]
        == "69003 LYON"
    )


def test_british_post_wants_the_postcode_after_the_town():
    lines = address_block(
        at("12 Mill Lane", postcode="LS1 4AP", city="Leeds", country="GB"), CREDITOR
    )
    assert lines[-2:] == ("LEEDS LS1 4AP", "ROYAUME-UNI")


def test_missing_parts_leave_no_empty_line():
    assert address_block(at(city="Lyon"), CREDITOR) == ("BOULANGERIE DUPRÉ & FILS", "LYON")


def test_a_line_without_spaces_is_kept_whole():
    assert "X" * 60 in address_block(at("X" * 60, postcode="1", city="Y", country="BE"), BELGIAN)


def test_wide_and_long_blocks_ask_for_smaller_letters():
    assert not is_wide(["A" * 32] * 6)
    assert is_wide(["A" * 33])
    assert is_wide(["A"] * 7)


@pytest.mark.parametrize(
    ("last", "place"),
    [
        ("69003 Lyon", "Lyon"), ("B-1000 Bruxelles", "Bruxelles"), ("1011 AB Amsterdam", "Amsterdam"),
        ("L-1234 Luxembourg", "Luxembourg"), ("Monaco", "Monaco"),
    ],
)  # fmt: skip
def test_the_place_of_a_letter_is_the_creditors_town(last, place):
    assert place_of(("1 rue X", last)) == place


def test_an_unknown_country_keeps_its_code():
    assert country_name("QX", "fr") == "QX"
