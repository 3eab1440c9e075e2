"""Mails that come in: mailboxes read without a trace, and their mails as values."""
