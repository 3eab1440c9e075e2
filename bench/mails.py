"""How fast e-mails leave with all their records, as a ratio to a bare loop of smtplib.

    python bench/mails.py [mails] [rounds]

Each e-mail carries a PDF of 60 kB. The bare loop is `smtplib.SMTP.sendmail` over one connection
and remembers nothing. The other is the loop of `relance run` from the claim to the settled
delivery, with each record durable on the disk (SQLite, synchronous=FULL) when it has to be. Both
give the same bytes to the same server, a process of its own on this machine, in turns. Rendering is
not in it: `bench/letters.py` is about that.
"""

from __future__ import annotations

import multiprocessing
import random
import smtplib
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryDirectory

from relance.channels.registry import open_channel
from relance.history.store import History
from relance.history.values import Claim, Dispatch
from relance.notices.message import Message
from relance.policy.channels import ChannelConfig
from relance.runs.delivery import Terms, deliver

DAY = date(2026, 3, 2)
SENDER, RECIPIENT = "compta@lenoir.example", "achats@garage.example"
TARGET = 0.5
CONNECTIONS = (1, 4)
ROOT = Path(__file__).parents[1]


@contextmanager
def sink() -> Iterator[int]:
    """Yield the port of a server that takes every e-mail and keeps none."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def serve(told: multiprocessing.connection.Connection) -> None:
    """Tell the port, then answer everybody until this process is ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        told.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=converse, args=(connection,), daemon=True).start()


def converse(connection: socket.socket) -> None:
    """Answer one client to its QUIT."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        connection.sendall(b"220 sink ESMTP\r\n")
        while verb := connection.recv(4096)[:4].upper():
            if verb == b"EHLO":
                connection.sendall(b"250-sink\r\n250-SIZE 100000000\r\n250 8BITMIME\r\n")
            elif verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                swallow(connection)
                connection.sendall(b"250 2.0.0 queued\r\n")
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 ok\r\n")


def swallow(connection: socket.socket) -> None:
    """Read a message to its final dot."""
    end = b""
    while end != b"\r\n.\r\n":
        end = (end + connection.recv(1 << 18))[-5:]


def mail(number: int) -> tuple[Dispatch, list[Claim], Message]:
    """Return e-mail `number`, ready to be delivered: one invoice, and a letter of 60 kB."""
    key = f"{number:032x}"
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = SENDER, RECIPIENT, "Rappel"
    letter["Message-ID"] = f"<{key}@lenoir.example>"
    letter.set_content("Bonjour,\nveuillez trouver notre rappel ci-joint.\n")
    pdf = random.Random(number).randbytes(60_000)
    letter.add_attachment(pdf, maintype="application", subtype="pdf", filename="rappel.pdf")
    message = Message(
        key, "email", RECIPIENT, SENDER, "Rappel", letter.as_bytes(), letter["Message-ID"], "rappel.eml"
    )  # fmt: skip
    dispatch = Dispatch(
        key, "notice", DAY, f"C{number}", "email", "email", RECIPIENT, "EUR", 12_000,
        "standard", "reminder-1", 1,
    )  # fmt: skip
    return dispatch, [Claim(f"F{number}", "standard", "reminder-1", 1)], message


def bare(port: int, mails: list[tuple[Dispatch, list[Claim], Message]]) -> float:
    """Return the seconds that smtplib takes for them over one connection."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        for _, _, message in mails:
            client.sendmail(SENDER, [RECIPIENT], message.content)
    return time.perf_counter() - start


def delivered(
    port: int, mails: list[tuple[Dispatch, list[Claim], Message]], connections: int
) -> float:
    """Return the seconds that the loop of a run takes for them, with its history."""
    settings = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    config = ChannelConfig.model_validate(settings | {"from": SENDER, "connections": connections})
    with TemporaryDirectory(dir=ROOT / "build") as folder:
        root = Path(folder)
        with History.open(
            "sqlite:///relance.db", root, creditor="732829320", now=lambda: datetime.now(UTC)
        ) as history:
            run = history.begin_run(DAY)
            start = time.perf_counter()
            channels = {"email": open_channel("email", config, root)}
            terms = Terms({"email": config}, another=lambda name: open_channel(name, config, root))
            states = [done.state for done in deliver(mails, history, channels, run, terms)]
            channels["email"].close()
            taken = time.perf_counter() - start
    assert states == ["sent"] * len(mails), states
    return taken


def main() -> None:
    """Print the table: medians over the rounds, and of the ratios of each round."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    mails = [mail(number) for number in range(count)]
    (ROOT / "build").mkdir(exist_ok=True)
    taken: dict[int, list[float]] = {0: [], **{n: [] for n in CONNECTIONS}}
    with sink() as port:
        bare(port, mails[:50])
        for _ in range(rounds):
            taken[0].append(bare(port, mails))
            for n in CONNECTIONS:
                taken[n].append(delivered(port, mails, n))
    print(f"{count} e-mails with a PDF of 60 kB, to a server on this machine; {rounds} rounds")
    told("smtplib, one connection, no records", count, taken[0], taken[0])
    for n in CONNECTIONS:
        told(
            f"relance, {n} connection{'s' * (n > 1)}, all records durable",
            count,
            taken[n],
            taken[0],
        )
    share = max(shares(taken[n], taken[0]) for n in CONNECTIONS)
    print(f"target: {TARGET} of the bare loop  {'ok' if share >= TARGET else 'MISSED'}")


def told(what: str, count: int, taken: list[float], floor: list[float]) -> None:
    """Print a line of the table."""
    rate = count / statistics.median(taken)
    print(f"  {what:42} {rate:8.0f} a second {shares(taken, floor):6.2f} of the bare loop")


def shares(taken: list[float], floor: list[float]) -> float:
    """Return the median of what share of the bare loop's rate was reached in each round."""
    return statistics.median(least / each for each, least in zip(taken, floor, strict=True))


if __name__ == "__main__":
    main()
