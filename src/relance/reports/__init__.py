"""Reports: what operators read of a plan, a run or a ledger, as tables and JSON."""
