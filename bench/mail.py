"""Measures sending against smtplib: the same prebuilt messages, TLS on loopback, one kept connection each.

    python bench/mail.py                       # 1 000 messages with an attachment of 60 kB
    python bench/mail.py --messages 200 --delay 20    # 20 ms before each reply, as over a real network
    python bench/mail.py --folder /dev/shm     # the journal on a disk that costs nothing

Ours is what `run` does once the letters are made: each message is read from its file, its digest checked, and two
commits stand in the journal for it, before DATA and after the reply. The floor does nothing but send: plain smtplib, and
the same with TCP_NODELAY, without which a system may wait 40 ms for the last piece of each message. All ways run in
turn; figures are medians of the rounds.
"""

import argparse
import email
import multiprocessing
import os
import smtplib
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dunning_batch.config import Settings, load_settings  # noqa: E402
from dunning_batch.delivery.mailbox import Mailbox  # noqa: E402
from dunning_batch.delivery.message import Content, Heading, Message, Words, build  # noqa: E402
from dunning_batch.delivery.pace import Clock  # noqa: E402
from dunning_batch.delivery.server import Server, tls_context  # noqa: E402
from dunning_batch.delivery.smtp import Attempt, Envelope  # noqa: E402
from dunning_batch.files import sha256_of  # noqa: E402
from dunning_batch.mailing import Journaled, Mail, Recorder, Sending  # noqa: E402
from dunning_batch.state.journal import Journal  # noqa: E402
from tests.delivery.certificates import authority, server_context  # noqa: E402

SENDER = Mailbox("compta@atelier-exemple.fr", "Atelier Exemple")
HEADING = Heading(SENDER, datetime(2026, 11, 24, 10, tzinfo=UTC))
TEXT = "Madame, Monsieur,\n\nSauf erreur de notre part, la facture F001 reste impayée.\n" * 8


def content(number: int, pdf: bytes) -> Content:
    words = Words("Relevé de factures", TEXT, f"<p>{TEXT}</p>")
    return Content(f"{number:032x}", "Dupont & Fils", (f"c{number}@example.com",), words, "DUPONT-1.pdf", pdf)


def sink(listener: socket.socket, delay: float) -> None:
    """Takes every message and keeps none."""
    context = server_context()
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            talk(connection, context, delay)
        except OSError:
            connection.close()


def talk(connection: socket.socket, context: object, delay: float) -> None:
    def say(line: bytes) -> None:
        time.sleep(delay)
        connection.sendall(line + b"\r\n")

    say(b"220 ready")
    file = connection.makefile("rb")
    while line := file.readline():
        match line[:4].upper():
            case b"EHLO":
                say(b"250-localhost\r\n250-STARTTLS\r\n250 SIZE 10000000")
            case b"STAR":
                say(b"220 go")
                connection = context.wrap_socket(connection, server_side=True)  # type: ignore[attr-defined]
                file = connection.makefile("rb", buffering=65536)
            case b"DATA":
                say(b"354 go on")
                while file.readline() != b".\r\n":
                    pass
                say(b"250 queued")
            case b"QUIT":
                say(b"221 bye")
                return
            case _:
                say(b"250 ok")


class Timed(Journaled):
    """The recorder of a run, with a watch on its commits."""

    seconds, commits = 0.0, 0

    def begin(self, envelope: Envelope) -> None:  # noqa: D102
        with self._timed():
            super().begin(envelope)

    def end(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:  # noqa: D102
        with self._timed():
            super().end(envelope, attempt, final=final)

    @contextmanager
    def _timed(self) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds, self.commits = self.seconds + time.perf_counter() - start, self.commits + 1


def floor(port: int, stored: list[bytes], *, nodelay: bool = False) -> float:
    start = time.perf_counter()
    with smtplib.SMTP("localhost", port, "atelier-exemple.fr", timeout=30) as smtp:
        if nodelay:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.starttls(context=tls_context(authority()))
        for number, data in enumerate(stored):
            smtp.sendmail(SENDER.address, [f"c{number}@example.com"], data)
    return time.perf_counter() - start


def settings_in(folder: Path) -> Settings:
    """A dossier that sends as fast as it can."""
    text = f"""
[creditor]
name = "Atelier Exemple"
address = ["12 rue des Lilas", "69003 LYON"]
siren = "123456782"
[email]
sender = "{SENDER.name} <{SENDER.address}>"
"""
    (folder / "config.toml").write_text(text)
    settings = load_settings(folder / "config.toml")
    return replace(settings, email=replace(settings.email, per_minute=10**9))


def ours(port: int, folder: Path, built: list[Message], *, recorded: bool) -> tuple[float, float, int]:
    """Seconds in all, of them in the journal, and its commits."""
    server = Server("localhost", port, "starttls", "atelier-exemple.fr", ca_file=authority())
    journal = Journal(folder / "journal.sqlite", "123456782", lambda: datetime.now(UTC))
    bodies = {
        f"{n:032x}": {"file": f"{n}.eml", "sha256": sha256_of(one.data), "message_id": one.message_id,
                      "recipients": list(one.recipients), "customer": f"C{n}"}
        for n, one in enumerate(built)
    }  # fmt: skip
    mail = Mail(settings_in(folder), "2026-11-24-01", folder, bodies)
    recorder = Timed(mail, lambda: None, journal) if recorded else Recorder(mail, lambda: None)
    journal.append(("planned", {"run": mail.run}))
    start = time.perf_counter()
    with journal.kept_open(), Sending(server, mail, recorder, Clock()) as sending:
        posted = sending.send(bodies)
    seconds = time.perf_counter() - start
    assert posted.stopped is None
    assert {attempt.result for attempt in posted.attempts.values()} == {"delivered"}
    journal.path.unlink()
    return seconds, getattr(recorder, "seconds", 0.0), getattr(recorder, "commits", 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds before each reply")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the journal lies")
    asked = parser.parse_args()
    authority()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server_context()
    multiprocessing.get_context("fork").Process(target=sink, args=(listener, asked.delay / 1000), daemon=True).start()
    pdf = os.urandom(60_000)
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        start = time.perf_counter()
        built = [build(content(number, pdf), HEADING) for number in range(asked.messages)]
        building = (time.perf_counter() - start) * 1000 / asked.messages
        assert len(list(email.message_from_bytes(built[0].data).walk())) == 5
        for number, message in enumerate(built):
            (Path(place) / f"{number}.eml").write_bytes(message.data)
        rounds = [one_round(port, Path(place), built) for _ in range(asked.rounds)]
    base, quick, sending, whole, commits, count = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{asked.messages} messages of {len(built[0].data) // 1000} kB, {asked.delay:g} ms a reply; milliseconds a message")
    print(f"building                      {building:7.2f}")
    print(f"smtplib, one kept connection  {base:7.2f}")
    print(f"the same with TCP_NODELAY     {quick:7.2f}")
    print(f"ours without the journal      {sending:7.2f}  {sending / base:.2f} x and {sending / quick:.2f} x")
    print(f"ours                          {whole:7.2f}  {whole / base:.2f} x and {whole / quick:.2f} x, "
          f"of which {count:g} commits {commits:.2f} ({commits / whole:.0%})")  # fmt: skip


def one_round(port: int, folder: Path, built: list[Message]) -> tuple[float, ...]:
    """Milliseconds a message of each way, and the commits of ours."""
    stored = [message.data for message in built]
    plain, quick = floor(port, stored), floor(port, stored, nodelay=True)
    sending, _, _ = ours(port, folder, built, recorded=False)
    whole, commits, count = ours(port, folder, built, recorded=True)
    return *(seconds * 1000 / len(built) for seconds in (plain, quick, sending, whole, commits)), count / len(built)


if __name__ == "__main__":
    main()
