"""Notices made into messages: words, layout, PDF, QR code, SMS. Same inputs, same bytes."""
