"""What the fork server of letters loads before it forks; imported by name, there only."""

import contextlib

# Without Pango the import fails; the processes then say so for each letter.
with contextlib.suppress(OSError):
    import weasyprint  # noqa: F401
