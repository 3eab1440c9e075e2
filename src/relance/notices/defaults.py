"""The default style of the few elements that letters use, in place of WeasyPrint's style sheet.

That one has 190 rules, and a twelfth of the time of a letter goes to asking each of them about each
element. A letter of any other element or attribute gets it nevertheless.
"""

from __future__ import annotations

import re

DEFAULTS = """
head, title, meta { display: none }
html, body, div, p, h1 { display: block }
p { margin-top: 1em; margin-bottom: 1em }
body { margin: 8px }
table { display: table; box-sizing: border-box; text-indent: initial; border-spacing: 2px;
  border-collapse: separate; border-color: gray }
caption { display: table-caption; text-align: center }
thead { display: table-header-group; vertical-align: middle; border-color: inherit }
tbody { display: table-row-group; vertical-align: middle; border-color: inherit }
tr { display: table-row; vertical-align: inherit; border-color: inherit }
td, th { display: table-cell; vertical-align: inherit; padding: 1px; border-color: gray }
th { font-weight: bold; text-align: center }
h1 { margin-top: .67em; margin-bottom: .67em; font-size: 2em; font-weight: bold;
  bookmark-level: 1; bookmark-label: content(text) }
b { font-weight: bold }
:link { color: blue; text-decoration: underline }
br::before { content: "\\A"; white-space: pre-line }
img { overflow: hidden }
@page {
  margin: 75px;
  @footnote { margin-top: 1em }
  @note-area { content: element(note, all-once) }
  @top-left-corner { text-align: right; vertical-align: middle }
  @top-left { text-align: left; vertical-align: middle }
  @top-center { text-align: center; vertical-align: middle }
  @top-right { text-align: right; vertical-align: middle }
  @top-right-corner { text-align: left; vertical-align: middle }
  @left-top { text-align: center; vertical-align: top }
  @left-middle { text-align: center; vertical-align: middle }
  @left-bottom { text-align: center; vertical-align: bottom }
  @right-top { text-align: center; vertical-align: top }
  @right-middle { text-align: center; vertical-align: middle }
  @right-bottom { text-align: center; vertical-align: bottom }
  @bottom-left-corner { text-align: right; vertical-align: middle }
  @bottom-left { text-align: left; vertical-align: middle }
  @bottom-center { text-align: center; vertical-align: middle }
  @bottom-right { text-align: right; vertical-align: middle }
  @bottom-right-corner { text-align: left; vertical-align: middle }
}
"""

_OTHER_ELEMENT = re.compile(
    r"<(?!(?:html|head|title|meta|body|div|p|h1|b|a|br|img|span|table|caption|thead|tbody|tr|td|th)"
    r"[\s/>])[A-Za-z]"
)
_STYLED_ATTRIBUTE = re.compile(r"\s(?:hidden|dir|rules|frame)\b", re.IGNORECASE)


def is_plain(html: str) -> bool:
    """Return whether `DEFAULTS` says all that WeasyPrint's style sheet says of `html`."""
    return not _OTHER_ELEMENT.search(html) and not _STYLED_ATTRIBUTE.search(html)
