"""Whom electronic registered mail reaches: professionals, and consumers who agreed to it."""

from __future__ import annotations

import pytest

LRE = "{kind: ar24, token: env:AR24_TOKEN, private_key: env:AR24_KEY, user: '42'%s}"
HEADER = "id,name,kind,country,language,email,address,postcode,city,tags\n"


def planned(firm, consent: str, row: str) -> tuple[str, str, str]:
    firm.channels(lre=LRE % consent)
    firm.procedure(
        "channel: email, template: reminder}", "channel: [lre, letter], template: reminder}"
    )
    firm.write("customers.csv", HEADER + row + "\n")
    [notice] = firm.dry("2026-04-10").proposal.plan.notices
    return notice.channel, notice.medium, notice.recipient


@pytest.mark.parametrize(
    ("consent", "kind", "tags", "channel"),
    [
        ("", "business", "", "lre"),
        ("", "public", "", "lre"),
        ("", "consumer", "", "letter"),
        ("", "consumer", "lre", "letter"),
        (", consent: lre", "consumer", "", "letter"),
        (", consent: lre", "consumer", "vip;lre", "lre"),
    ],
)
def test_the_next_channel_is_for_who_did_not_agree(firm, consent, kind, tags, channel):
    row = f"C1,Client Un,{kind},FR,fr,un@client.example,1 rue Haute,75001,Paris,{tags}"
    to = {"lre": "un@client.example", "letter": "1 rue Haute, 75001 Paris"}[channel]
    assert planned(firm, consent, row) == (channel, "letter", to)


def test_who_has_no_e_mail_address_gets_the_letter_on_paper(firm):
    row = "C1,Client Un,business,FR,fr,,1 rue Haute,75001,Paris,"
    assert planned(firm, "", row)[0] == "letter"


def test_who_can_be_reached_by_neither_is_a_task(firm):
    firm.channels(lre=LRE % "")
    firm.procedure("channel: email, template: reminder}", "channel: lre, template: reminder}")
    firm.write(
        "customers.csv",
        HEADER + "C1,Client Un,consumer,FR,fr,un@client.example,1 rue Haute,75001,Paris,\n",
    )
    plan = firm.dry("2026-04-10").proposal.plan
    assert plan.notices == ()
    assert [task.kind for task in plan.tasks] == ["find_address"]
