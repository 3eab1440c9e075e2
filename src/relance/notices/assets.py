"""What letters are made of beside their HTML: style sheet, geometry of the envelope, images.

All of it is read before the first letter, from the project's and the shipped templates only.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from relance.diagnostics import Diagnostic, Span
from relance.notices.codes import LOGO_FORM, RenderError
from relance.notices.logo import Logo
from relance.notices.stationery import Stationery
from relance.policy.model import Creditor, Window

# French envelopes (DL and C5, window on the right) show 110-190 x 55-80 mm of the sheet at least;
# Belgian ones want the address 40 mm from the top and 15 mm from the other edges of the envelope,
# in which the folded sheet moves by up to 11 mm.
WINDOWS = {
    "fr": Window(left=110, top=52, width=85, height=35),
    "be": Window(left=110, top=45, width=80, height=35),
}

MARGIN_TOP = 15
MARGIN_SIDE = 20
_LARGEST_SHEET = 256_000
_DOTS_MAX = 25_000_000
_LOGO_DOTS = (900, 400)  # 300 dpi at the largest size that the layout gives a logo


@dataclass(frozen=True, slots=True)
class Assets:
    """The style sheet and the images of letters; images by the name after `asset:`.

    `accounts` are the only ones that a page may show; None: pages are not looked at.
    """

    css: str
    images: Mapping[str, Logo]
    accounts: tuple[str, ...] | None = None


def letter_assets(stationery: Stationery) -> Assets:
    """Return the assets of a project's letters: `letter.css`, the window and the logo.

    Raises:
        RenderError: if the logo cannot be printed.
    """
    css = _style_sheet(stationery.folders) + window_css(window_of(stationery.creditor))
    own = tuple(account.iban for account in stationery.accounts)
    return Assets(css, _images(stationery), own)


def layout_of(creditor: Creditor) -> str:
    """Return "fr" or "be": the layout that the policy names, else that of the creditor's country."""
    return creditor.stationery.layout or ("be" if creditor.country == "BE" else "fr")


def window_of(creditor: Creditor) -> Window:
    """Return the frame of the address, in mm from the top left corner of the sheet."""
    return creditor.stationery.window or WINDOWS[layout_of(creditor)]


def window_css(window: Window) -> str:
    """Return the rules that depend on the window: page margins, address, start of the text."""
    head = max(window.top + window.height - MARGIN_TOP + 4, 70)
    return (
        f"@page{{margin:{MARGIN_TOP}mm {MARGIN_SIDE}mm 22mm}}"
        f".head{{height:{head:g}mm}}"
        f".to,.towide{{left:{window.left - MARGIN_SIDE:g}mm;top:{window.top - MARGIN_TOP:g}mm;"
        f"width:{window.width:g}mm;height:{window.height:g}mm}}"
        f".date{{margin-left:{window.left - MARGIN_SIDE:g}mm}}"
        f".sender{{width:{max(window.left - MARGIN_SIDE - 8, 60):g}mm}}"
    )


@lru_cache(maxsize=8)
def printable(logo: Logo) -> Logo:
    """Return `logo` as letters carry it: on white, and with no more dots than a printer shows.

    The image is prepared once here because WeasyPrint decodes and encodes it for every letter.

    Raises:
        OSError or ValueError: if it is damaged or has more than 25 million dots.
    """
    if logo.subtype == "svg+xml":
        return logo
    from PIL import Image

    picture: Image.Image = Image.open(io.BytesIO(logo.content), formats=("PNG", "JPEG"))
    if picture.width * picture.height > _DOTS_MAX:
        raise ValueError(f"{picture.width} x {picture.height} dots")
    Image.open(io.BytesIO(logo.content)).verify()  # loading forgives a file that is cut
    if logo.subtype == "jpeg":
        return logo
    picture = picture.convert("RGBA")
    picture.thumbnail(_LOGO_DOTS)
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture)
    content = io.BytesIO()
    sheet.convert("RGB").save(content, format="PNG", optimize=True)
    return Logo(content.getvalue(), "png")


def _images(stationery: Stationery) -> dict[str, Logo]:
    if stationery.logo is None:
        return {}
    try:
        return {"logo": printable(stationery.logo)}
    except (OSError, ValueError, SyntaxError):  # Pillow calls a broken PNG a SyntaxError
        path = stationery.creditor.logo
        raise RenderError(Diagnostic(LOGO_FORM, Span(str(path)), {"path": path})) from None


def _style_sheet(folders: tuple[Path, ...]) -> str:
    """The first `_layout/letter.css`; links that lead out of its folder are not followed."""
    for folder in folders:
        real = (folder / "_layout" / "letter.css").resolve()
        if real.is_relative_to(folder.resolve()) and real.is_file():
            return real.read_bytes()[:_LARGEST_SHEET].decode("utf-8", "replace")
    return ""
