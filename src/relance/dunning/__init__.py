"""The decision: which notice is due today for which receivable, and why not for the others. Pure."""
