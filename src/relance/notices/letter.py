"""What the layout of letters is given beside what every template is: address, logo and QR code."""

from __future__ import annotations

import base64
from typing import Any

from relance.dunning.plan import Notice
from relance.notices.address import address_block, is_wide, place_of
from relance.notices.attention import attended
from relance.notices.guard import refuse_foreign_accounts
from relance.notices.payment import Payment
from relance.notices.press import INLINE_IMAGE
from relance.notices.qr import epc_payload, qr_png
from relance.notices.stationery import Stationery


def letter_variables(notice: Notice, payment: Payment, stationery: Stationery) -> dict[str, Any]:
    """Return the variables that only `_layout/letter.html` uses.

    address: the lines for the window; address_is_wide: whether they need smaller letters.
    place: the creditor's town. logo: the image's address, "" without one.
    qr: the EPC QR code as an image's address, "" if the payment cannot have one.
    """
    address = address_block(attended(notice, stationery), stationery.creditor)
    return {
        "address": address,
        "address_is_wide": is_wide(address),
        "place": place_of(stationery.creditor.address),
        "logo": "asset:logo" if stationery.logo else "",
        "qr": qr_image(notice, payment, stationery),
        "qr_of_dates": _qr_of_dates(notice, payment, stationery),
    }


def _qr_of_dates(notice: Notice, payment: Payment, stationery: Stationery) -> list[str]:
    """Return the EPC QR code of each instalment that `notice` proposes."""
    plan = notice.arrangement
    schedule = plan.schedule if plan and not plan.is_offer else ()
    return [qr_image(notice, payment, stationery, amount) for _, amount in schedule]


def qr_image(
    notice: Notice, payment: Payment, stationery: Stationery, amount: int | None = None
) -> str:
    """Return the EPC QR code of what `notice` claims as an image's address, "" if it has none.

    `amount`: minor units, where it is to pay another amount.

    Raises:
        RenderError: if it carries an account that is not the creditor's.
    """
    asked = notice.asked if amount is None else amount
    if payment.account is None or asked is None:
        return ""
    reference = payment.structured or payment.printed
    payload = epc_payload(payment.account, asked, notice.currency, reference, "")
    if not payload:
        return ""
    own = [account.iban for account in stationery.accounts]
    refuse_foreign_accounts("QR", notice.key, payload, own)
    return INLINE_IMAGE + base64.b64encode(qr_png(payload)).decode()
