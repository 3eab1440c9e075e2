"""What each carrier of letters is asked, as far as its shapes are known."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
from dataclasses import replace

import pytest

from relance.channels import aes
from relance.channels.ar24 import Sealed
from relance.channels.conformance import ADDRESSEE, KEY, message
from relance.channels.contract import NotAccepted
from relance.channels.faults import ChannelUnavailable
from relance.channels.http_multipart import File, multipart

from .http_server import HttpServer
from .post_services import AR24, MAILEVA, MERCI_FACTEUR, PINGEN, SECRET, form_of, parts_of
from .test_post import sent


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POST_SECRET", SECRET)
    monkeypatch.setenv("POST_CLIENT", "client-1")


def test_merci_facteur_gets_whole_addresses_the_pages_and_the_key(tmp_path):
    _, server, _ = sent(MERCI_FACTEUR, {}, tmp_path)
    login, letter = server.seen
    signed = f"svc-1{login.headers['ww-timestamp']}".encode()
    signature = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert login.headers["ww-service-signature"] == signature
    assert letter.headers["ww-access-token"] == "t0ken-of-a-day"
    form = form_of(letter)
    where = json.loads(form["adress"])
    assert where["dest"] == [
        {
            "civilite": "", "nom": "", "prenom": "", "societe": "Garage de l'Étang SARL",
            "adresse1": "Bâtiment C", "adresse2": "12 rue du Port", "adresse3": "",
            "cp": "29200", "ville": "Brest", "pays": "FRANCE", "email": "", "phone": "",
            "reference": KEY[:30],
        }
    ]  # fmt: skip
    assert where["exp"]["societe"] == "Menuiserie Lenoir"
    assert set(where["exp"]) == set(where["dest"][0])
    assert (form["idUser"], form["modeEnvoi"], form["antidoublon"]) == ("7", "lrar", KEY)
    assert json.loads(form["content"])["photo"] == ""


def test_ar24_gets_a_professional_with_name_and_address(tmp_path):
    _, server, _ = sent(AR24, {}, tmp_path)
    document, letter = server.seen
    form = form_of(letter)
    assert form["to_email"] == "achats@garage.example"
    assert (form["to_company"], form["dest_statut"]) == ("Garage de l'Étang SARL", "professionnel")
    assert (form["attachment[0]"], form["id_user"], form["eidas"]) == ("f-1", "42", "1")
    sealed = Sealed(form["date"], SECRET, SECRET)
    assert letter.headers["signature"] == sealed.signature
    assert parts_of(document)["file"] == message("letter").content


def test_the_signature_of_ar24_is_the_date_encrypted_as_openssl_does():
    sealed = Sealed("2026-03-02 09:15:00", "t", "private")
    digest = hashlib.sha256(b"private").hexdigest()
    vector = hashlib.sha256(digest.encode()).hexdigest()[:16]
    command = ["openssl", "enc", "-aes-256-cbc", "-base64", "-A"]
    command += ["-K", digest[:32].encode().hex(), "-iv", vector.encode().hex()]
    done = subprocess.run(command, input=sealed.date.encode(), capture_output=True, check=True)
    assert sealed.signature == done.stdout.decode().strip()


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 300])
def test_what_is_encrypted_is_what_openssl_encrypts_and_comes_back(size):
    content, key, vector = bytes(range(256))[:size] * 2, bytes(range(32)), bytes(16)
    command = ["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", vector.hex()]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    closed = aes.encrypt(content, key, vector)
    assert closed == done.stdout
    assert aes.decrypt(closed, key, vector) == content


@pytest.mark.parametrize("closed", [b"", b"x", b"0123456789abcdef", bytes(32)])
def test_what_was_not_encrypted_so_is_refused(closed):
    with pytest.raises(ValueError, match=r"blocks|padded"):
        aes.decrypt(closed, bytes(range(32)), bytes(16))


def test_the_vector_of_fips_197():
    block = bytes.fromhex("00112233445566778899aabbccddeeff")
    closed = aes.encrypt(block, bytes(range(32)), bytes(16))
    assert closed[:16].hex() == "8ea2b7ca516745bfeafc49904b496089"


def test_maileva_gets_the_lines_of_the_window_and_the_town_on_the_sixth(tmp_path):
    _, server, _ = sent(MAILEVA, {}, tmp_path)
    _login, draft, document, recipient, submit = server.seen
    assert recipient.json() == {
        "address_line_1": "Garage de l'Étang SARL", "address_line_3": "BATIMENT C",
        "address_line_4": "12 RUE DU PORT", "address_line_6": "29200 BREST",
        "country_code": "FR", "custom_id": KEY,
    }  # fmt: skip
    assert draft.json()["acknowledgement_of_receipt"] is True
    assert draft.json()["sender_address_line_6"] == "44000 Nantes"
    assert json.loads(parts_of(document)["metadata"])["priority"] == 1
    assert submit.body == b""


def test_maileva_gets_the_town_of_a_letter_abroad_without_the_country(tmp_path):
    block = ("Brouwerij Dekens", "MARKT 4", "2800 MECHELEN", "BELGIQUE")
    to = replace(
        ADDRESSEE,
        country="BE",
        block=block,
        street=("Markt 4",),
        postcode="B-2800",
        city="Mechelen",
    )
    carried = replace(message("letter"), addressee=to, recipient=to.line)
    _, server, _ = sent(MAILEVA, {}, tmp_path, carried)
    recipient = server.seen[3].json()
    assert (recipient["address_line_6"], recipient["country_code"]) == ("2800 MECHELEN", "BE")


def test_an_address_with_too_many_lines_leaves_no_draft_behind(tmp_path):
    block = ("Nom", *(f"LIGNE {n}" for n in range(5)), "29200 BREST")
    carried = replace(message("letter"), addressee=replace(ADDRESSEE, block=block))
    outcome, server, _ = sent(MAILEVA, {}, tmp_path, carried)
    assert isinstance(outcome, NotAccepted)
    assert server.seen == []


def test_plain_mail_by_maileva_goes_to_another_place(tmp_path):
    script = {
        key.replace("registered_mail/v4", "mail/v2"): step
        for key, step in MAILEVA.script("").items()
    }
    settings = {"product": "mail", "sender": None, "postage": "economic"}
    _, server, _ = sent(MAILEVA, script, tmp_path, **settings)
    assert server.seen[1].path == "/mail/v2/sendings"
    assert server.seen[1].json()["postage_type"] == "ECONOMIC"
    assert server.seen[-1].path == "/mail/v2/sendings/4711/submit"


def test_pingen_gets_the_pages_and_how_to_post_them(tmp_path):
    _, server, _ = sent(PINGEN, {}, tmp_path)
    draft = next(seen for seen in server.seen if seen.path.endswith("/letters"))
    attributes = draft.json()["data"]["attributes"]
    assert (attributes["file_url_signature"], attributes["auto_send"]) == ("sig", False)
    how = server.seen[-1].json()["data"]["attributes"]
    assert how == {
        "delivery_product": "registered", "print_mode": "simplex", "print_spectrum": "grayscale",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("carrier", "settings", "reason"),
    [
        (MERCI_FACTEUR, {"mode": "normal", "proof": "receipt"}, "no receipt"),
        (MERCI_FACTEUR, {"mode": "ere_otp_mail", "sender": {"name": "x", "address": ["y"],
                         "postcode": "1", "city": "z"}}, "email"),
        (MAILEVA, {"product": "mail", "proof": "receipt"}, "no receipt"),
        (MAILEVA, {"sender": None}, "sender"),
        (MAILEVA, {"user": "env:POST_CLIENT"}, "password"),
        (PINGEN, {"product": "cheap", "proof": "receipt"}, "no receipt"),
        (AR24, {"token": "in-clear"}, "pattern"),
    ],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_refused(tmp_path, carrier, settings, reason):
    with pytest.raises(ChannelUnavailable, match=reason):
        carrier.open(HttpServer(port=1), tmp_path, **settings)


def test_a_boundary_stands_in_no_part():
    first, kind = multipart([("a", "x")], [File("f", "f.pdf", "application/pdf", b"content")])
    boundary = kind.partition("boundary=")[2]
    second, other = multipart([("a", boundary)], [File("f", "f", "application/pdf", first)])
    assert other.partition("boundary=")[2] not in boundary
    assert second.count(other.partition("boundary=")[2].encode()) == 3
