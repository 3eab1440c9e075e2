"""relance: a dunning engine driven by files, that gets invoices paid."""

__version__ = "0.1.0"
