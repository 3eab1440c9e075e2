"""What channels have to say: about themselves and about what they could not send."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

UNKNOWN_KIND = rule(
    "C001",
    Severity.ERROR,
    N_("there is no kind of channel named {kind}"),
    N_("kinds installed: {known}"),
    "The `kind` of a channel names its adapter: one that relance brings, or an installed package.",
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
    "relance does not guess which of two packages a firm means to send its letters with.",
)
BAD_SETTING = rule(
    "C004",
    Severity.ERROR,
    N_("channel {channel}: {setting}: {reason}"),
    N_("see the settings of {kind} in docs/configuration"),
    "The adapter declares its settings; all that it cannot work with are named at once.",
)
