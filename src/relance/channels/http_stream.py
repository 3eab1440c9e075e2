"""A connection for one request: it knows when the first byte leaves, and when its time is up.

The timeouts of an HTTP client count from read to read, so a server that sends a byte now and then
outlasts them; here all reads and writes share one deadline and one allowance of bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
from httpcore import NetworkStream, SyncBackend

from relance.clock import elapsed

# Its lines for developers show the headers of replies, and a service may echo a secret in them.
logging.getLogger("httpcore").setLevel(logging.WARNING)


class Exchange:
    """One request and its reply: how long they may take, and whether the request has begun.

    Attributes:
        begun: whether a byte of the request may have left.
    """

    def __init__(self, seconds: float, largest: int, transmitting: Callable[[], None]) -> None:
        self._end = elapsed() + seconds
        self._room = largest
        self._transmitting = transmitting
        self.begun = False

    def left(self, error: type[Exception]) -> float:
        """Return the seconds that are left; raises `error` when there are none."""
        left = self._end - elapsed()
        if left <= 0:
            raise error("the time is up")
        return left

    def begin(self) -> None:
        """Say that the request leaves now, before its first byte and once only."""
        if not self.begun:
            self.left(httpcore.ConnectTimeout)
            self._transmitting()
            self.begun = True

    def take(self, data: bytes) -> bytes:
        """Return `data` that came in, as long as there is room for it."""
        self._room -= len(data)
        if self._room < 0:
            raise httpcore.ReadError("the reply is too long")
        return data


class Backend(httpcore.NetworkBackend):
    """Connects for one exchange; TLS is part of connecting."""

    def __init__(self, exchange: Exchange, connect_timeout: float) -> None:
        self._exchange = exchange
        self._connect_timeout = connect_timeout

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has its own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Return an open connection."""
        seconds = min(self._connect_timeout, self._exchange.left(httpcore.ConnectTimeout))
        stream = SyncBackend().connect_tcp(host, port, seconds, local_address, socket_options)
        return _Stream(stream, self._exchange, self._connect_timeout)


class _Stream(NetworkStream):
    def __init__(self, stream: NetworkStream, exchange: Exchange, connect_timeout: float) -> None:
        self._stream = stream
        self._exchange = exchange
        self._connect_timeout = connect_timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        left = self._exchange.left(httpcore.ReadTimeout)
        return self._exchange.take(self._stream.read(max_bytes, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._exchange.begin()
        connection, rest = self._stream.get_extra_info("socket"), memoryview(buffer)
        try:
            # Send by send: a peer that takes a byte now and then must not outlast the deadline.
            while rest:
                connection.settimeout(self._exchange.left(httpcore.WriteTimeout))
                rest = rest[connection.send(rest) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        try:
            left = self._exchange.left(httpcore.ConnectTimeout)
            seconds = min(self._connect_timeout, left)
            secured = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except BaseException:
            self._stream.close()
            raise
        return _Stream(secured, self._exchange, self._connect_timeout)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
