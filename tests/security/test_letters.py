"""Letters as PDF: whatever their HTML asks for, no server is reached and no file comes out."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from paper import MOMENT, creditor, notice, policy
from pypdf import PdfReader

from relance.diagnostics import Diagnostic
from relance.notices.assets import Assets
from relance.notices.codes import RenderError
from relance.notices.logo import Logo
from relance.notices.pdf import make_pdf
from relance.notices.render import render
from relance.notices.stationery import Stationery

from .corpus import built, each

CANARY = "canary-4711-of-a-file"


class _Canary(ThreadingTCPServer):
    """A server that answers nobody and remembers that somebody came."""

    daemon_threads = True
    visits = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Visit(BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, _Canary)
        self.server.visits += 1


@pytest.fixture
def canaries() -> Iterator[tuple[_Canary, _Canary]]:
    with ExitStack() as stack:
        both = tuple(_Canary(("127.0.0.1", 0), _Visit) for _ in range(2))
        for server in both:
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        yield both[0], both[1]


def holds_canary(pdf: bytes) -> bool:
    """Return whether the canary is in the PDF: in its text, its attachments or its bytes."""
    reader = PdfReader(io.BytesIO(pdf))
    texts = [page.extract_text() for page in reader.pages]
    inside = [content for files in reader.attachments.values() for content in files]
    return CANARY in "".join(texts) or CANARY.encode() in b"".join(inside) or CANARY.encode() in pdf


@each("letters")
def test_a_letter_reaches_nothing(
    entry: str | dict[str, str], tmp_path: Path, canaries: tuple[_Canary, _Canary]
) -> None:
    http, ftp = canaries
    (secret := tmp_path / "secret.txt").write_text(CANARY)
    (inside := tmp_path / "firm" / "accounts.yaml").parent.mkdir()
    inside.write_text(CANARY)
    text = built(entry)
    if isinstance(entry, str):
        text = entry.format(
            http=f"http://{http.host}", ftp=f"ftp://{ftp.host}", host=http.host,
            file=secret, project=inside,
        )  # fmt: skip
    made = make_pdf(f"<html><body>{text}<p>Hello</p></body></html>", Assets("", {}))
    if not isinstance(made, Diagnostic):
        assert not holds_canary(made)
        assert not list(PdfReader(io.BytesIO(made)).attachments)
    assert (http.visits, ftp.visits) == (0, 0)


def test_the_canary_would_be_seen(tmp_path: Path, canaries: tuple[_Canary, _Canary]) -> None:
    """The same page, made by WeasyPrint as it comes, does reach the server and the file."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    (secret := tmp_path / "secret.txt").write_text(CANARY)
    page = (
        f'<img src="http://{canaries[0].host}/x.png"><link rel=attachment href="file://{secret}">'
    )
    pdf = HTML(string=page).write_pdf(font_config=FontConfiguration())
    assert canaries[0].visits > 0
    assert holds_canary(pdf)


STYLES = ['@import url("http://{host}/x.css");', "body {{background: url(http://{host}/x.png)}}"]


@pytest.mark.parametrize("style", STYLES)
def test_the_style_sheet_of_the_project_reaches_nothing(
    style: str, tmp_path: Path, canaries: tuple[_Canary, _Canary]
) -> None:
    layout = tmp_path / "templates" / "_layout"
    layout.mkdir(parents=True)
    (layout / "letter.css").write_text(style.format(host=canaries[0].host))
    _letter(tmp_path)
    assert canaries[0].visits == 0


def test_a_logo_of_svg_reaches_nothing(tmp_path: Path, canaries: tuple[_Canary, _Canary]) -> None:
    address = f"http://{canaries[0].host}/x.png"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}" width="9" height="9"/></svg>'
    made = make_pdf('<img src="asset:logo">', Assets("", {"logo": Logo(svg.encode(), "svg+xml")}))
    assert canaries[0].visits == 0
    assert isinstance(made, bytes | Diagnostic)


def test_a_logo_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n" + CANARY.encode())
    (root := tmp_path / "firm").mkdir()
    (root / "logo.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(RenderError) as caught:
        Stationery.of(policy(root, creditor=creditor(logo="logo.png")))
    assert caught.value.diagnostic.code == "T007"


def test_a_style_sheet_that_is_a_link_out_of_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text(f'body::before {{content: "{CANARY}"}}')
    layout = tmp_path / "firm" / "templates" / "_layout"
    layout.mkdir(parents=True)
    (layout / "letter.css").symlink_to(tmp_path / "secret.css")
    assert not holds_canary(_letter(tmp_path / "firm"))


def _letter(root: Path) -> bytes:
    sheet = Stationery.of(policy(root))
    try:
        return render(notice(medium="letter", channel="letter"), sheet, MOMENT).content
    except RenderError:
        return PDF_OF_NOTHING


PDF_OF_NOTHING = b"%PDF-1.7\ntrailer<</Root<</Pages<</Kids[]/Count 0>>>>>>\n%%EOF\n"
