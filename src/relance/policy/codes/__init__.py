"""The rules of the policy: what can be wrong with what the user wrote, by subject."""

from relance.policy.codes import (
    channels,
    creditor,
    desk,
    experiments,
    handovers,
    keys,
    ladder,
    law,
    reading,
    scores,
    segments,
    sources,
    variety,
)

__all__ = [
    "channels",
    "creditor",
    "desk",
    "experiments",
    "handovers",
    "keys",
    "ladder",
    "law",
    "reading",
    "scores",
    "segments",
    "sources",
    "variety",
]
