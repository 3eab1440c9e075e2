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

CHANGED = rule(
    "H020",
    Severity.ERROR,
    N_("event {seq} of the record ({type}, {at}) is not as it was recorded"),
    N_(
        "ask who worked on the database; compare with a backup: `relance history verify` tells there too"
    ),
    "Each event is linked to the one before by a hash. What it tells was changed, or the event "
    "before it was written anew together with its hash.",
)
REMOVED = rule(
    "H021",
    Severity.ERROR,
    N_("events {first} to {last} of the record are gone"),
    N_("ask who worked on the database; a backup from before has them"),
    "The numbers of events have no gaps, and each event is linked to the one before: an event cannot be "
    "taken away unseen. Nothing in relance removes events.",
)
TRUNCATED = rule(
    "H022",
    Severity.ERROR,
    N_("the record ends at event {last}, but {source} knows event {known}"),
    N_("if a backup was restored, `relance history restored` says so to relance"),
    "A chain that is cut off at its end still holds: only a head that was kept elsewhere shows it. The "
    "witness of the project keeps one, and each run prints one.",
)
REWRITTEN = rule(
    "H023",
    Severity.ERROR,
    N_("event {known} of the record is another one than {source} knows"),
    N_(
        "the record was written anew, or a backup was restored and used: compare with older backups"
    ),
    "A chain can be computed anew from its beginning: only a head that was kept elsewhere shows it.",
)
UNCHAINED = rule(
    "H024",
    Severity.ERROR,
    N_("event {seq} of the record ({type}, {at}) was added beside the chain"),
    N_("ask who worked on the database: relance links each event to the one before"),
    "An event without a hash was not written by relance.",
)
DISPATCH_DIFFERS = rule(
    "H025",
    Severity.ERROR,
    N_("the dispatch {key} is not as the record tells it: {what}"),
    N_("`relance history` shows what was recorded; ask who worked on the database"),
    "Dispatches and what they claim are kept in tables of their own, for speed; the record says what "
    "has to stand there.",
)
MESSAGE_DIFFERS = rule(
    "H026",
    Severity.ERROR,
    N_("the message of the dispatch {key} is not the one that was recorded"),
    N_("what was really sent is with its recipient and in the outbox of the mail server"),
    "The record keeps the SHA-256 of each message as it was made.",
)
ROWS_DIFFER = rule(
    "H027",
    Severity.ERROR,
    N_("the {table} are not as they were recorded: rows {first} to {last}"),
    N_("ask who worked on the database; statements can be imported again into a backup"),
    "The record keeps a digest of the rows that each run added: levels set without sending, payments, what they "
    "were set against and what they are not for.",
)
ERASED = rule(
    "H028",
    Severity.INFO,
    N_("event {seq} erased personal data on {at}: {rows} events tell no names any more"),
    N_("nothing to do: this is told so that nobody wonders"),
    "Erasing takes away what is personal, and the salt that its seal was made with; the chain goes on "
    "through the seal.",
)
ERASED_DIFFERS = rule(
    "H029",
    Severity.ERROR,
    N_("what event {seq} left after erasing is not there any more as it was"),
    N_("ask who worked on the database"),
    "What stays after personal data was erased (amounts, dates, that a notice left) is recorded too.",
)
RESTORED = rule(
    "H030",
    Severity.ERROR,
    N_(
        "the database {database} knows {here} events, but event {known} was seen: it was restored from "
        "a backup, or another copy of it ran; notices that left since: {left}"
    ),
    N_(
        "find the newer database if there is one; else `relance history restored` goes on from here, "
        "and what left since is put in doubt instead of being sent again"
    ),
    "Before each message leaves, a witness outside the database takes note of it. A database that knows less "
    "would send again what was sent since the backup.",
)
MOVED = rule(
    "H031",
    Severity.ERROR,
    N_("the database {database} is a copy: it ran at {path} before, and is now at {here}"),
    N_("if the other one will never run again, `relance history moved` says so to relance"),
    "Two copies of a database send the same notices twice.",
)
