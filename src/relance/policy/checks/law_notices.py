"""What formal notices and first reminders need beside their words: proof of sending, and who sends."""

from __future__ import annotations

from collections.abc import Iterator

from relance.diagnostics import Diagnostic
from relance.policy.checks.law_reach import acting, countries_of, home_of, place, uses
from relance.policy.codes import law as codes
from relance.policy.draft import Ladder, Project
from relance.policy.model import Charges, Level

PROOF = {"FR": "C. civ. art. 1344, 1353", "BE": "C. civ. art. 8.4"}
"""What makes the sender of a formal notice prove it, by the country whose law governs."""
PROOF_ELSEWHERE = "C. civ."

_REGISTER = {"FR": "C. com. art. R123-237", "BE": "CDE art. III.25"}
"""What makes a creditor print its registration, by its country."""


def check_notices(project: Project) -> Iterator[Diagnostic]:
    """Yield the findings about proof of sending and the creditor's registration."""
    for ladder in project.ladders:
        if project.used(ladder.procedure.name):
            for index, level in enumerate(ladder.procedure.levels):
                if level.template == "formal-notice":
                    yield from check_formal(level, index, ladder, project)
    creditor = project.draft.creditor
    if creditor is not None and creditor.country == "BE" and creditor.registration is None:
        for use in uses(project, "consumer", countries_of(project, "BE")):
            if use.certain and any(level.charges != Charges() for _, level in acting(use)):
                yield Diagnostic(
                    codes.NO_ENTERPRISE_NUMBER, project.main.span("creditor", key=True)
                )


def check_formal(
    level: Level, index: int, ladder: Ladder, project: Project
) -> Iterator[Diagnostic]:
    """Yield the findings about a formal notice: channels without proof, creditor without number."""
    without = [channel for channel in level.channels if not _proves(channel, project)]
    if without and (not level.all or len(without) == len(level.channels)):
        span = place(ladder, project, "levels", index, "all" if level.all else "channel")
        facts = {"level": level.id, "names": ", ".join(without), "article": proof_article(project)}
        yield Diagnostic(codes.NO_PROOF, span, facts)
    creditor = project.draft.creditor
    if creditor is not None and creditor.registration is None and creditor.country in _REGISTER:
        facts = {"article": _REGISTER[creditor.country]}
        yield Diagnostic(codes.NO_REGISTRATION, project.main.span("creditor", key=True), facts)


def proof_article(project: Project) -> str:
    """Return what makes the sender of a formal notice prove it."""
    return PROOF.get(home_of(project), PROOF_ELSEWHERE)


def _proves(channel: str, project: Project) -> bool:
    """Return whether a proof of sending comes back; a channel that is not there has its own finding."""
    config = project.draft.channels.get(channel)
    return config is None or bool((config.model_extra or {}).get("proof"))
