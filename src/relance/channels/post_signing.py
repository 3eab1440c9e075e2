"""Requests that prove who made them: HMAC over what the policy says, in a header."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from relance.channels.http_service import HeaderName
from relance.channels.http_settings import Reference
from relance.channels.http_templates import check_names, in_header, names_in
from relance.clock import now

_SIGNED = ("timestamp", "method", "path", "key", "body", "body_sha256")


class Signing(BaseModel):
    """How requests are signed.

    In `signed` stand {timestamp} (seconds since 1970), {method}, {path}, {key} (of the notice),
    {body} or {body_sha256} (hex).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: Reference = Field(description="A reference (env:NAME, file:PATH) to the secret.")
    header: HeaderName = Field(default="X-Signature", description="Header of the signature.")
    prefix: str = Field(default="", description="What stands before it, as sha256=.")
    algorithm: Literal["sha256", "sha512"] = Field(default="sha256", description="Digest of HMAC.")
    encoding: Literal["hex", "base64"] = Field(default="hex", description="How it is written.")
    signed: str = Field(default="{timestamp}.{body}", description="What is signed.")
    timestamp_header: HeaderName = Field(
        default="X-Timestamp", description="Header of the moment, where it is signed."
    )

    @field_validator("signed")
    @classmethod
    def _covers_the_body(cls, signed: str) -> str:
        check_names(signed, _SIGNED)
        if not {"body", "body_sha256"} & names_in(signed):
            raise ValueError("the signature must cover {body} or {body_sha256}")
        return signed

    def headers(self, secret: str, request: tuple[str, str, bytes], key: str) -> Mapping[str, str]:
        """Return the headers that sign a request: its method, its URL and its body."""
        method, url, body = request
        parts = urlsplit(url)
        values = {
            "timestamp": str(int(now().timestamp())),
            "method": method,
            "path": parts.path + (f"?{parts.query}" if parts.query else ""),
            "key": key,
            "body_sha256": hashlib.sha256(body).hexdigest(),
        }
        # The body is bytes, and may be no text at all: it is put in where its name stands.
        pieces = [in_header(piece, values).encode() for piece in self.signed.split("{body}")]
        digest = hmac.new(secret.encode(), body.join(pieces), self.algorithm).digest()
        written = digest.hex() if self.encoding == "hex" else base64.b64encode(digest).decode()
        signature = {self.header: self.prefix + written}
        if "timestamp" in names_in(self.signed):
            signature[self.timestamp_header] = values["timestamp"]
        return signature
