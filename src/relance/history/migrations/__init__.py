"""Migrations of the history, applied by relance itself when it opens a database."""
