"""The command line: one file per command, output and exit codes."""
