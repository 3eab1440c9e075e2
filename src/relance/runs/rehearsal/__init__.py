"""Rehearsals: tests of a user's own procedures, each in a project of its own that nothing leaves."""
