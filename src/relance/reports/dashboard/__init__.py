"""The dashboard: one page for a browser that holds all it shows, and loads nothing."""
