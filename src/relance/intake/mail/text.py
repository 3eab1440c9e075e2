"""What a person wrote: the text of a mail without the quoted part. HTML is read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from relance.intake.mail.faults import UnreadableMail
from relance.intake.mail.headers import lines, text_of

DEEPEST, MOST_PARTS = 12, 200
LONGEST_PART = 200_000
"""Bytes of a part that are decoded."""
KEPT = 2_000
"""Characters of a mail's text that are kept."""

_TAGS_THAT_BREAK = frozenset(
    ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "hr", "pre")
)
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript", "object"))
_QUOTE_BEGINS = re.compile(
    r"""^(?:
        -{2,}\s*(?:original\ message|message\ d'origine|message\ original|forwarded\ message
              |message\ transf[ée]r[ée]|urspr[üu]ngliche\ nachricht|oorspronkelijk\ bericht)\b.*
      | _{10,}
      | (?:le|on|am|op)\b.{4,200}(?:a\ [ée]crit|wrote|schrieb(?:\ .{1,80})?|schreef(?:\ .{1,80})?)\s*:
      | (?:de|from|von|van)\s?:\s.*@.*
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_OUTLOOK = re.compile(
    r"^(?:de|from|von|van)\s?:.*\n(?:envoy[ée]|date|sent|gesendet|verzonden)\s?:", re.IGNORECASE
)


def parts_of(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts of a mail that hold no others, and mails within it as they are.

    Raises:
        UnreadableMail: if it is too deep.
    """
    if depth > DEEPEST:
        raise UnreadableMail("its parts are nested too deep")
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in messages_in(payload)[:MOST_PARTS]:
            yield from parts_of(part, depth + 1)
    else:
        yield message


def messages_in(payload: object) -> list[Message]:
    """Return the parts that a payload is a list of; nothing for text."""
    found = payload if isinstance(payload, list) else []
    return [part for part in found if isinstance(part, Message)]


def written_text(message: Message) -> str:
    """Return what its author wrote, at most `KEPT` characters; "" for a mail without text.

    Plain text comes before HTML; what is attached is not looked at.
    """
    own = [part for part in parts_of(message) if not _attached(part)]
    for kind in ("text/plain", "text/html"):
        for part in own:
            if part.get_content_type() == kind and (text := plain_text(part)).strip():
                return lines(_without_quote(text), KEPT)
    return ""


def plain_text(part: Message) -> str:
    """Return the text of a part, HTML without its tags; broken encodings as far as they go."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = text_of(data[:LONGEST_PART], str(part.get_content_charset() or "utf-8"))
    text = _stripped(text) if part.get_content_type() == "text/html" else text
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2019", "'")


def _attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _stripped(html: str) -> str:
    """Return the text of HTML; scripts, styles and comments are left out."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return re.sub(r"<[^<>]{0,500}>", " ", html)
    return "" if root is None else "".join(_texts(root))


def _texts(root: object) -> Iterator[str]:
    from lxml import etree

    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if not silent:
                yield "\n" if tag in _TAGS_THAT_BREAK else ""
                yield element.text or ""
        else:
            silent -= tag in _SILENT
            yield "" if silent else element.tail or ""


def _without_quote(text: str) -> list[str]:
    """Return the lines of `text` up to what it quotes; where that is nothing, those not marked."""
    found = text.split("\n")
    plain = [line for line in found if not line.lstrip().startswith(">")]
    end = next((n for n in range(len(plain)) if _begins_quote(plain, n)), len(plain))
    own = plain[:end]
    return own if any(line.strip() for line in own) else plain


def _begins_quote(found: list[str], n: int) -> bool:
    line = found[n].strip()
    following = [other.strip() for other in found[n + 1 : n + 3]]
    folded = " ".join([line, *following[:1]])  # "On … \n wrote:" is often broken in two
    outlook = "\n".join([line, *following])
    return bool(
        _QUOTE_BEGINS.match(line[:400])
        or (line[:3].lower() in ("le ", "on ", "am ", "op ") and _QUOTE_BEGINS.match(folded[:400]))
        or _OUTLOOK.match(outlook[:800])
    )
