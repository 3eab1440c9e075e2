"""What channels have to say: about themselves and about what they could not send."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

UNKNOWN_KIND = rule(
    "C001",
    Severity.ERROR,
    N_("channel {channel}: there is no kind of channel named {kind}"),
    N_("kinds installed: {known}"),
)
BROKEN = rule(
    "C002",
    Severity.ERROR,
    N_("the kind of channel {kind} cannot be used: {reason} (from {distribution} {version})"),
    N_("upgrade or remove {distribution}, or report it to its authors"),
    "Channels of third parties are loaded on first use; relance names the package at fault.",
)
TWICE = rule(
    "C003",
    Severity.ERROR,
    N_("several packages give the kind of channel {kind}: {distributions}"),
    N_("keep one of them"),
)
BAD_SETTING = rule(
    "C004",
    Severity.ERROR,
    N_("channel {channel}: {setting}: {reason}"),
    N_("see the settings of {kind} in docs/configuration"),
)
FOLDER = rule(
    "C005",
    Severity.ERROR,
    N_("channel {channel}: the folder {folder} cannot be used: {reason}"),
    N_("check the folder and the rights of the user that runs relance"),
)
