"""What the history has to say when it cannot be read or written."""

from __future__ import annotations

from relance.diagnostics import Severity, rule
from relance.language import N_

CANNOT_OPEN = rule(
    "H001",
    Severity.ERROR,
    N_("the database {database} cannot be opened: {reason}"),
    N_("check `database` in relance.yaml, that the server runs and that its folder can be written"),
    "The history is where relance knows what was sent; without it nothing may be sent.",
)
LOCKED = rule(
    "H002",
    Severity.ERROR,
    N_("the database {database} is locked by another program"),
    N_("close the program that has it open (a viewer, a backup), then run again"),
    "relance waits for half a minute before it gives up; nothing was sent meanwhile.",
)
FULL = rule(
    "H003",
    Severity.ERROR,
    N_("no space left for the database {database}"),
    N_("free some disk space, then run again: what was sent is recorded, the rest follows"),
    "A notice is sent only after the database has safely taken note that it is about to leave.",
)
NEWER = rule(
    "H004",
    Severity.ERROR,
    N_("the database {database} was written by a newer relance (its schema is {revision})"),
    N_("use that version of relance, or restore the backup made before the upgrade"),
    "Databases are brought forward, never back: an old program could misread what was sent.",
)
NOT_A_DATABASE = rule(
    "H005",
    Severity.ERROR,
    N_("{database} is not a database, or it is damaged: {reason}"),
    N_("restore it from a backup; do not delete it, or notices could go out twice"),
    "Without its history relance would take every notice for unsent.",
)
READ_ONLY = rule(
    "H006",
    Severity.ERROR,
    N_("the database {database} or its folder cannot be written"),
    N_("give the user that runs relance the right to write it"),
    "SQLite also writes a log beside the database, so the folder must be writable too.",
)
OTHER_CREDITOR = rule(
    "H007",
    Severity.ERROR,
    N_("the database {database} belongs to the creditor {found}, not to {creditor}"),
    N_(
        "give each creditor a database of its own; if the creditor changed its name, correct the "
        "value of `creditor` in the table `meta`"
    ),
    "Two creditors in one database could take each other's invoices for reminded.",
)
OLDER = rule(
    "H008",
    Severity.ERROR,
    N_("the database {database} has an older schema ({revision}) and was asked to be read only"),
    N_("`relance run` brings it up to date"),
    "Commands that only look change nothing on the disk, not even the schema.",
)
BAD_URL = rule(
    "H009",
    Severity.ERROR,
    N_("{database} is not a database that relance knows"),
    N_("write sqlite:///relance.db or postgresql+psycopg://user@host/database"),
    "SQLite files and PostgreSQL servers hold histories.",
)
LOST = rule(
    "H010",
    Severity.ERROR,
    N_("the connection to the database {database} was lost: {reason}"),
    N_("run again when it is back: a notice cut short is shown as in doubt, never sent twice"),
    "The run stops at once: without the history nothing may be sent.",
)
NO_DRIVER = rule(
    "H011",
    Severity.ERROR,
    N_("the driver for {database} is not installed"),
    N_("install relance with its extra `postgresql`"),
    "SQLite needs no driver; PostgreSQL needs psycopg.",
)
RUNNING = rule(
    "H012",
    Severity.ERROR,
    N_("another run of this project is under way"),
    N_("wait until it ends, or give --wait"),
    "One run at a time; the lock is freed by the system even when a run is killed.",
)
