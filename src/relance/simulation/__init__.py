"""Days that have not happened: procedures played over a period, and the weeks to come."""
