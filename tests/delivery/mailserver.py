"""A mail server on loopback that does as a test says: replies, silence, cuts at any verb; it logs and counts.

Points, in the order of a conversation: HELLO (its greeting), EHLO, STARTTLS, HANDSHAKE (of TLS, which is not answered),
AUTH, MAIL, RCPT, DATA, BODY (after the first bytes of the message), DOT (the message is stored, the reply is not given), AFTER (the reply is given), QUIT.
"""

import base64
import contextlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.delivery.certificates import server_context

FEATURES = ("SIZE 10000000", "8BITMIME", "AUTH PLAIN LOGIN")
GOOD = {"EHLO": "250", "STARTTLS": "220 go", "AUTH": "235 2.7.0 welcome", "MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok",
        "DATA": "354 go on", "DOT": "250 2.0.0 queued", "RSET": "250 ok", "QUIT": "221 bye", "NOOP": "250 ok"}  # fmt: skip


@dataclass
class Stored:
    """A message that the server took."""

    sender: str
    recipients: list[str]
    data: bytes


@dataclass
class Script:
    """What the server does other than to take everything."""

    features: tuple[str, ...] = FEATURES
    tls: str = "starttls"  # starttls | tls | none
    certificate: str = "good"
    replies: dict[str, Any] = field(
        default_factory=dict
    )  # point -> a reply, a list to take one after the other, or a function
    cut: dict[str, int] = field(default_factory=dict)  # point -> at its how-manieth time the connection is cut
    silent: tuple[str, ...] = ()  # points that are never answered
    on: dict[str, Any] = field(default_factory=dict)  # point -> called when it is reached
    # Recipient -> what becomes of its messages: `cut` before DATA, once; `spam` is refused after the dot; `doubt` is kept
    # and `lost` is not, and the reply to the dot is given for neither.
    ends: dict[str, str] = field(default_factory=dict)


class MailServer:
    """Used as a context; `port` is where it listens."""

    def __init__(self, **script):
        self.script = Script(**script)
        self.log: list[str] = []  # every line that came in, those of a login whole
        self.messages: list[Stored] = []
        self.connections = 0
        self.encrypted = 0
        self._ended = 0
        self._peers: set[int] = set()
        self._seen: dict[str, int] = {}
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._closing.set()
        self.stop()

    def stop(self):
        """Listen no more: whoever comes is refused."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def settle(self):
        """Wait until whoever came before this call, and may be dead by now, was heard to the end."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            port = last.getsockname()[1]
        while port not in self._peers or self._ended < self.connections:
            time.sleep(0.002)

    @property
    def security(self):
        return self.script.tls

    @property
    def recipients(self):
        return [one for message in self.messages for one in message.recipients]

    def verbs(self):
        return [line.split()[0].upper() for line in self.log if line]

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, (_, peer) = self._listener.accept()
                self.connections += 1
                self._peers.add(peer)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with contextlib.suppress(OSError, _CutError, ssl.SSLError):
            _Talk(self, connection).run()
        with contextlib.suppress(OSError):
            connection.close()
        with self._lock:
            self._ended += 1


class _CutError(Exception):
    pass


class _Talk:
    """One conversation."""

    def __init__(self, server, connection):
        self.server, self.script, self.socket = server, server.script, connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = None
        self.sender, self.recipients = "", []

    def run(self):
        try:
            if self.script.tls == "tls":
                self._encrypt()
            self.file = self.socket.makefile("rb")
            self.say("HELLO", "220 localhost ready")
            while line := self.file.readline():
                text = line.decode("latin-1").strip()
                self.server.log.append(text)
                verb = (text.split() or [""])[0].upper()
                getattr(self, f"on_{verb.lower()}", self.on_other)(text, verb)
        finally:
            if self.file:
                self.file.close()
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()

    def reach(self, point):
        """Do what the script says of that point."""
        with self.server._lock:
            count = self.server._seen[point] = self.server._seen.get(point, 0) + 1
        if point in self.script.on:
            self.script.on[point]()
        if self.script.cut.get(point) == count:
            raise _CutError
        if point in self.script.silent:
            self.server._closing.wait(60)
            raise _CutError

    def say(self, point, reply, text=""):
        """Answer, unless the script says otherwise."""
        self.reach(point)
        given = self.script.replies.get(point, reply)
        if callable(given):
            given = given(text) or reply
        if isinstance(given, list):
            given = (given.pop(0) if given else None) or reply
        self.socket.sendall(given.encode() + b"\r\n")
        return given.startswith(("2", "354"))

    def on_other(self, text, verb):
        self.say(verb, GOOD.get(verb, "500 what"), text)

    def on_ehlo(self, text, verb):
        encrypted = isinstance(self.socket, ssl.SSLSocket)
        offers = [one for one in self.script.features if one != "STARTTLS"]
        if self.script.tls == "starttls" and not encrypted:
            offers.append("STARTTLS")
        lines = ["localhost", *offers]
        self.say("EHLO", "\r\n".join(f"250{'-' if n < len(lines) - 1 else ' '}{one}" for n, one in enumerate(lines)))

    def on_starttls(self, text, verb):
        if self.say("STARTTLS", GOOD["STARTTLS"]):
            self._encrypt()
            self.file = self.socket.makefile("rb")

    def _encrypt(self):
        self.reach("HANDSHAKE")
        self.socket = server_context(self.script.certificate).wrap_socket(self.socket, server_side=True)
        self.server.encrypted += 1

    def on_auth(self, text, verb):
        if text.upper() == "AUTH LOGIN":
            for challenge in ("Username:", "Password:"):
                self.socket.sendall(b"334 " + base64.b64encode(challenge.encode()) + b"\r\n")
                self.server.log.append(self.file.readline().decode().strip())
        self.say("AUTH", GOOD["AUTH"], text)

    def on_mail(self, text, verb):
        self.sender, self.recipients = text.split("<")[1].split(">")[0], []
        self.say("MAIL", GOOD["MAIL"], text)

    def on_rcpt(self, text, verb):
        address = text.split("<")[1].split(">")[0]
        if self.say("RCPT", GOOD["RCPT"], text):
            self.recipients.append(address)

    def on_data(self, text, verb):
        end = next((self.script.ends[one] for one in self.recipients if one in self.script.ends), "")
        if end == "cut":
            self.script.ends = {one: how for one, how in self.script.ends.items() if one not in self.recipients}
            raise _CutError
        if not self.say("DATA", GOOD["DATA"]):
            return
        stored = Stored(self.sender, self.recipients, self._body())
        refused = self.script.replies.get("DOT")
        if end in ("", "doubt") and (not refused or (isinstance(refused, list) and not refused[0])):
            self.server.messages.append(stored)
        if end in ("doubt", "lost"):
            raise _CutError
        self.say("DOT", "554 5.6.0 not this text" if end == "spam" else GOOD["DOT"])
        if self.script.cut.get("AFTER") == len(self.server.messages):
            raise _CutError

    def _body(self):
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise _CutError
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if len(lines) == 1:
                self.reach("BODY")
        return b"".join(lines)
