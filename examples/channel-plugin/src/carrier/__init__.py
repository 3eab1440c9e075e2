"""A channel for relance, from outside of relance."""
