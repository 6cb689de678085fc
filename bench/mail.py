"""Measures sending against smtplib: the same prebuilt messages, TLS on loopback, one kept connection each.

    python bench/mail.py                       # 1 000 messages with an attachment of 60 kB
    python bench/mail.py --messages 200 --delay 20    # 20 ms before each reply, as over a real network
    python bench/mail.py --folder /dev/shm     # the journal on a disk that costs nothing

Ours reads each message from its file, checks its digest, and records it in the journal before DATA and after the reply;
the floor does nothing but send. Each pair runs in turn; figures are medians of three.
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
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dunning_batch.delivery.mailbox import Mailbox  # noqa: E402
from dunning_batch.delivery.message import Content, Heading, Words, build  # noqa: E402
from dunning_batch.delivery.pace import Clock  # noqa: E402
from dunning_batch.delivery.post import Post, Rules  # noqa: E402
from dunning_batch.delivery.server import Server, tls_context  # noqa: E402
from dunning_batch.delivery.smtp import Attempt, Connection, Envelope  # noqa: E402
from dunning_batch.files import sha256_of  # noqa: E402
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


class Recorder:
    """What a run does around each message."""

    def __init__(self, folder: Path, messages: dict[str, tuple[Path, str]], *, recorded: bool) -> None:
        self._messages, self._recorded = messages, recorded
        self._journal = Journal(folder / "journal.sqlite", "123456782", lambda: datetime.now(UTC))
        self.seconds = 0.0

    def data(self, envelope: Envelope) -> bytes:  # noqa: D102
        path, digest = self._messages[envelope.reminder]
        data = path.read_bytes()
        assert sha256_of(data) == digest
        return data

    def begin(self, envelope: Envelope) -> None:  # noqa: D102
        self._append("sending", {"run": "2026-11-24-01", "id": envelope.reminder})

    def end(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:  # noqa: D102
        self._append("sent", {"run": "2026-11-24-01", "id": envelope.reminder, "result": attempt.result})

    def _append(self, kind: str, body: dict[str, str]) -> None:
        if self._recorded:
            start = time.perf_counter()
            self._journal.append((kind, body))
            self.seconds += time.perf_counter() - start


def floor(port: int, stored: list[bytes], *, nodelay: bool = False) -> float:
    start = time.perf_counter()
    with smtplib.SMTP("localhost", port, "atelier-exemple.fr", timeout=30) as smtp:
        if nodelay:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.starttls(context=tls_context(authority()))
        for number, data in enumerate(stored):
            smtp.sendmail(SENDER.address, [f"c{number}@example.com"], data)
    return time.perf_counter() - start


def ours(port: int, messages: dict[str, tuple[Path, str]], folder: Path, *, recorded: bool) -> tuple[float, float]:
    """Seconds in all, and of them in the journal."""
    server = Server("localhost", port, "starttls", "atelier-exemple.fr", ca_file=authority())
    with tempfile.TemporaryDirectory(dir=folder) as place:
        recorder = Recorder(Path(place), messages, recorded=recorded)
        envelopes = [Envelope(one, SENDER.address, (f"c{n}@example.com",)) for n, one in enumerate(messages)]
        start = time.perf_counter()
        post = Post(lambda: Connection(server), Rules(per_minute=10**9), recorder, Clock())
        assert post.deliver(envelopes) is None
        return time.perf_counter() - start, recorder.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds before each reply")
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
        messages = {}
        for number, message in enumerate(built):
            path = Path(place) / f"{number}.eml"
            path.write_bytes(message.data)
            messages[f"{number:032x}"] = (path, sha256_of(message.data))
        stored = [message.data for message in built]
        rounds = [
            (floor(port, stored), floor(port, stored, nodelay=True), ours(port, messages, asked.folder, recorded=False)[0],
             *ours(port, messages, asked.folder, recorded=True))
            for _ in range(3)
        ]  # fmt: skip
    each = [statistics.median(column) * 1000 / asked.messages for column in zip(*rounds, strict=True)]
    base, quick, sending, whole, commits = each
    print(f"{asked.messages} messages of {len(stored[0]) // 1000} kB, {asked.delay:g} ms a reply; milliseconds a message")
    print(f"building                      {building:7.2f}")
    print(f"smtplib, one kept connection  {base:7.2f}")
    print(f"the same with TCP_NODELAY     {quick:7.2f}")
    print(f"ours without the journal      {sending:7.2f}  {sending / base:.2f} x and {sending / quick:.2f} x")
    print(f"ours                          {whole:7.2f}  {whole / base:.2f} x and {whole / quick:.2f} x, "
          f"of which the journal's commits {commits:.2f} ({commits / whole:.0%})")  # fmt: skip


if __name__ == "__main__":
    main()
