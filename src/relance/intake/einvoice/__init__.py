"""E-invoices as receivables: UBL and CII in XML, Factur-X in PDF (EN 16931)."""
