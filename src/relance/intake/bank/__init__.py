"""Statements of bank accounts, in the forms that banks of France, Belgium and their neighbours give."""
