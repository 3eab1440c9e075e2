"""Where channels connect to: the addresses of services, and which of them are this machine."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_UNFIT = re.compile(r"[^\x21-\x7e]")


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine by its name or address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def trusted_url(url: str) -> str:
    """Return `url` if a message may be given to it: https, or http to this machine.

    Raises:
        ValueError: if it is another one, names a user, or is not a URL; the text never holds it.
    """
    if _UNFIT.search(url):
        raise ValueError("a URL holds no spaces and no other than ASCII characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        raise ValueError("this is not a URL") from None
    if not host or parts.fragment:
        raise ValueError("this is not the URL of a service")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL names no user: give the credentials by themselves")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("only https is trusted; http is for this machine itself")
    return url


Url = Annotated[str, AfterValidator(trusted_url)]
