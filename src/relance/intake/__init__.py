"""Intake: the files of the outside world, read into frames, with diagnostics for what is wrong."""
