"""Letters as PDF, one at a time: what they share is loaded once, and nothing else is ever read.

Everything a letter may show was read beforehand (`Assets`). While a letter is made no file is
opened, and no connection either, whatever its HTML asks for.
"""

from __future__ import annotations

import base64
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from relance.notices.assets import Assets
from relance.notices.defaults import DEFAULTS, is_plain
from relance.notices.guard import foreign_accounts

if TYPE_CHECKING:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

INLINE_IMAGE = "data:image/png;base64,"
_INLINE_MAX = 65_536


class OutsideError(Exception):
    """The style sheet or an image asks for what is no asset."""


class ForeignAccountError(Exception):
    """A page shows an account, its argument, that is not the creditor's."""


class Press:
    """Fonts, style sheet and images, loaded for all the letters of a process.

    Raises on creation:
        OSError: if Pango or another system library is missing.
        OutsideError: if the style sheet or an image asks for what is no asset.
    """

    def __init__(self, assets: Assets) -> None:
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError

        logging.getLogger("fontTools").setLevel(logging.CRITICAL)
        self._fonts = FontConfiguration()
        self._fetcher = _fetcher(assets)
        self._plain = _plain_html()
        self._images: dict[str, object] = {}
        self._accounts = assets.accounts
        try:
            self._load_styles(assets)
            self._load_images(assets)
        except FatalURLFetchingError as error:  # a BaseException: nothing would stop it
            raise OutsideError(f"{error}"[:200]) from None

    def _load_styles(self, assets: Assets) -> None:
        from weasyprint import CSS

        self._css = CSS(string=assets.css, url_fetcher=self._fetcher, font_config=self._fonts)

    def _load_images(self, assets: Assets) -> None:
        """Decode the shared images: WeasyPrint keeps what it decodes in the cache it is given."""
        from weasyprint import HTML

        page = "".join(f'<img src="asset:{name}">' for name in assets.images)
        HTML(string=page, url_fetcher=self._fetcher).render(cache=self._images)
        for image in list(self._images.values()):
            _encode_once(image)

    def print(self, html: str) -> bytes:
        """Return the PDF of `html`: tagged (PDF/UA-1), without any moment in it.

        Raises:
            PermissionError: if it asks for what is no asset.
            ForeignAccountError: if a page shows an account that is not the creditor's.
        """
        from weasyprint import HTML
        from weasyprint.urls import FatalURLFetchingError

        try:
            letter = self._plain if is_plain(html) else HTML
            document = letter(string=html, url_fetcher=self._fetcher).render(
                font_config=self._fonts,
                stylesheets=[self._css],
                cache=dict(self._images),  # a copy: a letter's own QR code goes with the letter
                pdf_variant="pdf/ua-1",
            )
            self._look_for_accounts(document)
            pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError as error:  # a BaseException: nothing would stop it
            raise PermissionError(f"{error}"[:200]) from None
        return pdf

    def _look_for_accounts(self, document: Any) -> None:
        """Look at the texts of the pages as they are laid out, those of the style sheet too.

        `_page_box` is WeasyPrint's own; where a version no longer has it no letter is made.
        """
        if self._accounts is None:
            return
        boxes = (box for page in document.pages for box in page._page_box.descendants())
        text = " ".join(box.text for box in boxes if hasattr(box, "text"))
        if foreign := foreign_accounts(text, self._accounts):
            raise ForeignAccountError(foreign[0])


def _plain_html() -> type[HTML]:
    """Return the class for letters that are plain: see `defaults`.

    `_ua_stylesheets` is WeasyPrint's own; where a version no longer asks for it, the letter is the
    same and only slower. That both give the same bytes is tested.
    """
    from weasyprint import CSS, HTML

    defaults = CSS(string=DEFAULTS)

    class PlainHTML(HTML):  # type: ignore[misc]  # it has no types
        def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002
            return [defaults]

    return PlainHTML


def _encode_once(image: Any) -> None:
    """Keep what WeasyPrint makes of a shared image: it would encode its dots for every letter.

    This reaches into `RasterImage`, for a fifteenth of the time of a letter. Where a version of
    WeasyPrint has no such method nothing is kept; an image with a mask is left alone, because the
    mask is written into the object that is kept.
    """
    if hasattr(image, "get_x_object") and getattr(image, "mode", "") in ("RGB", "L"):
        image.get_x_object = cache(image.get_x_object)


def _fetcher(assets: Assets) -> URLFetcher:
    """Return the fetcher that serves `asset:` names and small inline PNGs, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]  # it has no types
        """Refuses every scheme of the net and of the file system."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
            if url.startswith("asset:"):
                image = assets.images[url.removeprefix("asset:")]
                return URLFetcherResponse(url, image.content)
            if url.startswith(INLINE_IMAGE) and len(url) <= _INLINE_MAX:
                data = base64.b64decode(url.removeprefix(INLINE_IMAGE), validate=True)
                return URLFetcherResponse(url, data)
            raise PermissionError(url)

    return AssetFetcher(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
