"""`python -m relance` is the same as the command `relance`."""

from relance.cli.main import main

main()
