"""Payments set against receivables: in order of evidence, explained, and undone when wrong (pure)."""
