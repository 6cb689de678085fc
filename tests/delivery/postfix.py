"""A real Postfix on loopback, in a folder of its own: encrypted, with a login, and with no way out of this machine.

Addresses say what becomes of their messages. `ok@...` is taken; `unknown@...` has no mailbox (550 at RCPT); the text to
`spam@...` is refused (550 after the dot); `slow@...` is taken, and its mailboxes cannot be reached (it stays in
the queue); `gone@...` is taken and comes back; and the policy of the server defers whom a test names (450 at RCPT).
"""

import contextlib
import json
import os
import pwd
import re
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.delivery.certificates import folder, server_context

USER = "compta"
_MAIN = """
compatibility_level = 3.6
myhostname = mail.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_loglevel = 1
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
smtpd_sasl_local_domain = mail.test
cyrus_sasl_config_path = {folder}/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{policy}, permit_sasl_authenticated, reject
header_checks = regexp:{folder}/headers
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
transport_maps = regexp:{folder}/transports
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
slow unix - - n - - lmtp
virtual unix - n n - - virtual -o virtual_mailbox_maps=regexp:{folder}/known
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_TABLES = {
    "headers": r"/^To:.*spam@/ REJECT 5.7.1 this text is not taken" + "\n",
    "mailboxes": "if !/^unknown@/\n/^/ all/\nendif\n",
    "known": "if !/^gone@/\n/^/ all/\nendif\n",
    "transports": "/^slow@/ slow:inet:127.0.0.1:1\n",
    "sasl/smtpd.conf": "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {folder}/sasldb\n",
}


def lacking() -> str:
    """Why there can be no Postfix here; empty where there can."""
    missing = [name for name in ("postfix", "postqueue", "postcat", "saslpasswd2") if shutil.which(name) is None]
    if missing:
        return f"no {', '.join(missing)}: apt-get install postfix sasl2-bin libsasl2-modules"
    return "" if os.geteuid() == 0 else "Postfix is started by root only"


@dataclass(frozen=True)
class Found:
    """A message that the server has."""

    message_id: str
    recipient: str
    place: str  # mailbox | queue
    data: bytes


class _Policy(socketserver.ThreadingTCPServer):
    """Whom the server takes for now: asked by Postfix at each RCPT."""

    daemon_threads = True

    def __init__(self):
        self.deferred: dict[str, int] = {}  # recipient -> how many times more it is deferred
        self.asked: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), _Question)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, recipient):
        self.asked[recipient] += 1
        left = self.deferred.get(recipient, 0)
        self.deferred[recipient] = left - 1
        return "450 4.2.0 Greylisted, come back later" if left > 0 else "DUNNO"


class _Question(socketserver.StreamRequestHandler):
    def handle(self):
        asked = {}
        for line in self.rfile:
            name, _, value = line.decode().strip().partition("=")
            if name:
                asked[name] = value
                continue
            self.wfile.write(f"action={self.server.answer(asked['recipient'])}\n\n".encode())
            asked = {}


class Postfix:
    """Used as a context; `port` is where it listens."""

    security = "starttls"

    def __init__(self, password: str) -> None:
        # Not in a folder of pytest's, which is closed to others: most of Postfix runs as a user of its own.
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        self._password = password
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def __enter__(self):
        with contextlib.ExitStack() as unfinished:
            unfinished.callback(shutil.rmtree, self.folder, ignore_errors=True)
            self.policy = unfinished.enter_context(_Policy())
            unfinished.callback(self.policy.shutdown)
            self._prepare()
            self._call("postfix", "start")
            unfinished.callback(self._call, "postfix", "stop")
            self._until(self._answers, "it does not listen")
            self._end = unfinished.pop_all()
        return self

    def __exit__(self, *_):
        self._end.close()

    def _prepare(self):
        owner = pwd.getpwnam("postfix")
        given = {"folder": self.folder, "policy": self.policy.server_address[1], "port": self.port, "uid": owner.pw_uid,
                 "gid": owner.pw_gid}  # fmt: skip
        for name in ("queue", "data", "mail", "sasl"):
            (self.folder / name).mkdir()
        for name in ("data", "mail"):
            os.chown(self.folder / name, owner.pw_uid, owner.pw_gid)
        texts = {"main.cf": _MAIN, "master.cf": _MASTER} | _TABLES
        for name, text in texts.items():
            (self.folder / name).write_text(text.format(**given) if name in _FORMATTED else text)
        server_context()
        for end in ("pem", "key"):
            shutil.copy(folder() / f"good.{end}", self.folder / f"server.{end}")
        database = self.folder / "sasldb"
        subprocess.run(["saslpasswd2", "-p", "-c", "-f", database, "-u", "mail.test", USER],
                       input=self._password.encode(), check=True)  # fmt: skip
        os.chown(database, owner.pw_uid, owner.pw_gid)

    def _call(self, command, *arguments):
        done = subprocess.run(
            [command, "-c", self.folder, *arguments], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, f"{command}: {done.stderr}{self.log()}"
        return done.stdout

    def _answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def _until(self, holds, lacks, seconds=30):
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"{lacks}:\n{self.log()[-3000:]}"
            time.sleep(0.05)

    def log(self) -> str:
        """All that it has said."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def settle(self):
        """Wait until each message lies in its mailbox or waits for another day."""
        self._until(lambda: all(one["queue_name"] == "deferred" for one in self._queued()), "messages are on their way")

    def _queued(self):
        return [json.loads(line) for line in self._call("postqueue", "-j").splitlines()]

    def found(self) -> list[Found]:
        """Every message that it has, in mailboxes and in the queue."""
        delivered = [path.read_bytes() for path in sorted((self.folder / "mail/all/new").glob("*"))]
        places = [(_header(data, "Delivered-To"), "mailbox", data) for data in delivered]
        for one in self._queued():
            data = self._call("postcat", "-bhq", one["queue_id"]).encode()
            places += [(each["address"], "queue", data) for each in one["recipients"]]
        return [Found(_header(data, "Message-ID"), recipient, place, data) for recipient, place, data in places]

    def taken(self) -> Counter[str]:
        """Message-ID -> how many times the log says that a message was taken from who had logged in, encrypted."""
        queued, log = re.findall(r"cleanup\[\d+\]: (\w+): message-id=(<[^>]+>)", self.log()), self.log()
        entered = set(re.findall(rf"smtpd\[\d+\]: (\w+): client=.*sasl_username={USER}", log))
        active = set(re.findall(r"qmgr\[\d+\]: (\w+): from=.*\(queue active\)", log))
        return Counter(identity for name, identity in queued if name in entered & active)

    def statuses(self) -> dict[str, list[str]]:
        """Recipient -> what the log says of its messages: sent, deferred, bounced."""
        found: dict[str, list[str]] = {}
        for recipient, status in re.findall(r" to=<([^>]+)>, .*status=(\w+)", self.log()):
            found.setdefault(recipient, []).append(status)
        return found

    def rejected(self) -> dict[str, list[str]]:
        """Recipient -> the replies by which it was not taken, in order, as the log has them."""
        found: dict[str, list[str]] = {}
        for reply, recipient in re.findall(
            r"(?:reject: RCPT from [^:]+: (\d{3}) |: reject: header ).*? to=<([^>]+)>", self.log()
        ):
            found.setdefault(recipient, []).append(reply or "550")
        return found


_FORMATTED = ("main.cf", "master.cf", "sasl/smtpd.conf")


def _header(data: bytes, name: str) -> str:
    """The first of that name."""
    return re.search(rf"^{name}: (\S+)".encode(), data, re.MULTILINE | re.IGNORECASE)[1].decode()
