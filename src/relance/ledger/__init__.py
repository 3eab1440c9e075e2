"""The ledger: open items in one frame, their lettering, their terms and their ageing. Pure."""
