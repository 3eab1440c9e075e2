"""Names that a mistaken one may have meant."""

from __future__ import annotations

from collections.abc import Iterable

_MOST = 12


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known names nearest to `name`, else all of them (12 at most), with commas.

    An ellipsis stands where there is no known name at all.
    """
    import difflib  # only mistakes need it

    names = sorted(set(known))
    folded = {n.casefold(): n for n in reversed(names)}
    close = difflib.get_close_matches(name.casefold()[:60], folded, n=3, cutoff=0.6)
    chosen = [folded[n] for n in close] or names[:_MOST]
    more = ", …" if not close and len(names) > _MOST else ""
    return ", ".join(chosen) + more if chosen else "…"
