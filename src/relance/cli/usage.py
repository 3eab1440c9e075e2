"""What the command-line parser says, in the language of the screen."""

from __future__ import annotations

import re

from relance.cli.words import _
from relance.language import N_

PARSER_WORDS = (
    N_("Options"),
    N_("Arguments"),
    N_("Commands"),
    N_("Missing command."),
    N_("Aborted!"),
    N_("default: {default}"),
    N_("required"),
    N_("env var: {var}"),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""Words that the parser has in English and looks up in our catalogue."""

_PATTERNS = (
    (r"No such option: (?P<option>\S+?)\.?", N_("No such option: {option}")),
    (
        r"No such option: (?P<option>\S+?)\.? Did you mean (?P<near>.+)\?",
        N_("No such option: {option}. Did you mean {near}?"),
    ),
    (
        r"No such option: (?P<option>\S+?)\.? \(Possible options: (?P<near>.+)\)",
        N_("No such option: {option}. Did you mean {near}?"),
    ),
    (r"Missing argument '(?P<name>[^']*)'\.?.*", N_("Missing argument: {name}")),
    (r"Missing option '(?P<name>[^']*)'\.?.*", N_("Missing option: {name}")),
    (r"Missing command\.", N_("Missing command.")),
    (r"Option '(?P<name>[^']*)' requires an argument\.", N_("Option {name} needs a value")),
    (r"Option '(?P<name>[^']*)' does not take a value\.", N_("Option {name} takes no value")),
    (r"Got unexpected extra arguments? \((?P<extra>.*)\)", N_("Too many arguments: {extra}")),
    (r"Got unexpected extra argument\(s\) \((?P<extra>.*)\)", N_("Too many arguments: {extra}")),
    (
        r"Invalid value for (?P<name>.+?): (?:Value error, )?'(?P<given>.*)' is not one of (?P<known>.*)\.",
        N_("{name}: {given} is not one of {known}"),
    ),
    (r"Invalid value for (?P<name>.+?): (?P<why>.*)", N_("{name}: {why}")),
)


def translated(message: str) -> str:
    """Return the parser's `message` in the language of the screen; unknown ones as they are."""
    line = " ".join(message.split())
    for pattern, template in _PATTERNS:
        found = re.fullmatch(pattern, line)
        if found:
            return _(template).format(**found.groupdict())
    return line
