"""The history: the append-only record of what was claimed, sent and told."""
