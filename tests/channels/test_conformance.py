from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from relance.channels.conformance import Conformance
from relance.channels.contract import Channel
from relance.channels.registry import open_channel
from relance.policy.model import ChannelConfig

from .servers import certificate, free_port, serving


def opened(root: Path, **config: object) -> Channel:
    return open_channel("under test", ChannelConfig.model_validate(config), root)


class TestOutbox(Conformance):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> Iterator[Channel]:
        channel = opened(tmp_path, kind="outbox", folder="out")
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, tmp_path: Path) -> Callable[[], list[bytes]]:
        return lambda: [p.read_bytes() for p in (tmp_path / "out").glob("[!.]*")]


class TestLetter(Conformance):
    @pytest.fixture
    def channel(self, tmp_path: Path) -> Iterator[Channel]:
        channel = opened(tmp_path, kind="letter", folder="out/letters", proof="receipt")
        yield channel
        channel.close()

    @pytest.fixture
    def arrived(self, tmp_path: Path) -> Callable[[], list[bytes]]:
        return lambda: [p.read_bytes() for p in (tmp_path / "out").rglob("[!.]*.pdf")]


class TestTask(Conformance):
    carries = False

    @pytest.fixture
    def channel(self, tmp_path: Path) -> Channel:
        return opened(tmp_path, kind="task")

    @pytest.fixture
    def arrived(self) -> Callable[[], list[bytes]]:
        return list


class Mailbox:
    """A handler of aiosmtpd that keeps what it accepts."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.contents.append(envelope.original_content)
        return "250 2.0.0 queued"


class _Mail(Conformance):
    @pytest.fixture
    def mailbox(self) -> Mailbox:
        return Mailbox()

    @pytest.fixture
    def arrived(self, mailbox: Mailbox) -> Callable[[], list[bytes]]:
        return lambda: list(mailbox.contents)


class TestSmtpInTheClear(_Mail):
    @pytest.fixture
    def channel(self, tmp_path: Path, mailbox: Mailbox) -> Iterator[Channel]:
        controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        with serving(controller) as port:
            channel = opened(
                tmp_path, kind="smtp", host="127.0.0.1", port=port, security="none",
                **{"from": "compta@lenoir.example"},
            )  # fmt: skip
            yield channel
            channel.close()


class TestSmtpWithStartTls(_Mail):
    @pytest.fixture
    def channel(
        self, tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Channel]:
        from aiosmtpd.smtp import AuthResult, LoginPassword

        def check(server, session, envelope, mechanism, data):
            assert isinstance(data, LoginPassword)
            return AuthResult(success=data.password == b"secret" and data.login == b"lenoir")

        cert, context = certificate(tmp_path)
        monkeypatch.setenv("SMTP_PASSWORD", "secret")
        controller = Controller(
            mailbox, hostname="127.0.0.1", port=free_port(), tls_context=context, authenticator=check,
            auth_required=True, require_starttls=True,
        )  # fmt: skip
        with serving(controller) as port:
            channel = opened(
                tmp_path, kind="smtp", host="127.0.0.1", port=port, user="lenoir",
                password="env:SMTP_PASSWORD", ca_file=cert.name,
                **{"from": "compta@lenoir.example"},
            )  # fmt: skip
            yield channel
            channel.close()
