"""The e-mails of a dossier: its server, its messages, and what is recorded of each while they leave.

A message is recorded as `sending` before DATA and as `sent` after the reply, each committed by itself (I1; delivery
model, 3 to 5): whatever cuts the run, the journal knows what waits, what arrived, and of what nobody knows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from dunning_batch.config import Settings, is_loopback
from dunning_batch.delivery.mailbox import Mailbox, mailbox
from dunning_batch.delivery.message import Heading
from dunning_batch.delivery.microsoft import Account, SignIn, kept_sign_in, lacking
from dunning_batch.delivery.outbox import Kept, Kind, Outbox
from dunning_batch.delivery.pace import Clock, Interruption
from dunning_batch.delivery.post import Post, Rules
from dunning_batch.delivery.secrets import password_of
from dunning_batch.delivery.server import Server
from dunning_batch.delivery.smtp import Attempt, Connection, Envelope
from dunning_batch.errors import ConfigurationError, DunningError, Problem, Source, StateError, msg
from dunning_batch.files import sha256_of
from dunning_batch.language import language
from dunning_batch.situation import Situation
from dunning_batch.state.journal import Body, Journal
from dunning_batch.state.memory import Memory

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches messages leave."""

    step: Step = lambda: None  # called after each
    interrupted: Interruption = field(default_factory=Interruption)
    begin: Step = lambda: None  # called before the first leaves


def sender_of(settings: Settings) -> Mailbox:
    """Who sends. Raises ConfigurationError where nobody is named."""
    found = mailbox(settings.email.sender) or mailbox(settings.creditor.email)
    if found is None:
        raise _lacks(settings, "sender", '"Name <compta@example.com>"')
    return found if found.name else replace(found, name=settings.creditor.name)


def server_of(settings: Settings) -> Server:
    """The server, with its password or sign-in. Raises ConfigurationError, and ServerError where there is none."""
    email, sender = settings.email, sender_of(settings)
    logs_in, signed_in = _logs_in(settings), refuse_without_sign_in(settings)
    if signed_in:
        signed_in.current()  # what does not work is known before the first letter is made
    return Server(
        email.host,
        email.port,
        email.security,
        email.local_hostname or sender.domain,
        email.username,
        password_of(email.password_env, email.host, email.username) if logs_in and not signed_in else "",
        logs_in,
        email.timeout_seconds,
        email.final_timeout_seconds,
        settings.root / email.ca_file if email.ca_file else None,
        signed_in,
    )


def account_of(settings: Settings) -> Account:
    """Who signs in to Microsoft, and to which application."""
    email = settings.email
    return Account(email.username, email.client_id, email.tenant, email.timeout_seconds)


def _logs_in(settings: Settings) -> bool:
    """Whether the server wants to know who sends. Raises ConfigurationError where it or the account is not named."""
    email = settings.email
    if not email.host:
        raise _lacks(settings, "host", '"smtp.example.com"')
    logs_in = email.auth != "none" and bool(email.username or not is_loopback(email.host))
    if logs_in and not email.username:
        raise _lacks(settings, "username", '"compta@example.com"')
    return logs_in


def refuse_without_sign_in(settings: Settings) -> SignIn | None:
    """The Microsoft sign-in that this computer keeps, where one is used; nobody is asked for a token yet.

    Raises:
        ConfigurationError: The extra or a key of `[email]` is missing.
        ServerError: Nobody has signed in.
    """
    microsoft = settings.email.auth == "microsoft" and _logs_in(settings)
    return kept_sign_in(account_of(settings)) if microsoft else None


def lacking_sign_in(settings: Settings) -> tuple[Problem, ...]:
    """What `check` says of a Microsoft sign-in that is not there yet."""
    found = lacking(account_of(settings)) if settings.email.auth == "microsoft" else None
    return (found,) if found else ()


def _lacks(settings: Settings, key: str, example: str) -> ConfigurationError:
    text = msg("[email] {key} is needed for e-mails: write for example {key} = {example}.", key=key, example=example)
    source = Source(settings.file.name, key=f"[email] {key}")
    return ConfigurationError(Problem("mail_setting_missing", text, "error", source))


def outbox_of(situation: Situation, folder: Path, kind: Kind) -> Outbox:
    """Where the messages or the drafts of a run are written. Raises ConfigurationError, OutputError."""
    settings, request = situation.settings, situation.request
    heading = Heading(
        sender_of(settings),
        request.clock(),
        mailbox(settings.email.reply_to),
        mailbox(request.redirect_to),
        unsent=kind == "drafts",
    )
    return Outbox(folder, kind, heading, _earlier(situation.memory))


def _earlier(memory: Memory) -> dict[str, tuple[str, ...]]:
    """Customer -> the Message-IDs of the e-mails that arrived, oldest first."""
    found: dict[str, tuple[str, ...]] = {}
    for run in memory.runs.values():
        for one in run.reminders:
            if one["id"] in run.messages and run.results.get(one["id"]) == "delivered":
                found[one["customer"]] = (*found.get(one["customer"], ()), run.messages[one["id"]]["message_id"])
    return found


def messages_of(kept: Mapping[str, Kept], customers: Mapping[str, str]) -> dict[str, Body]:
    """What the journal holds of the messages before the first one leaves; `customers` by reminder."""
    return {
        one: {"file": message.file, "sha256": message.sha256, "message_id": message.message_id,
              "recipients": list(message.recipients), "customer": customers[one]}
        for one, message in kept.items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mail:
    """The messages of one run, and where they lie."""

    settings: Settings
    run: str
    folder: Path  # of the run
    messages: Mapping[str, Body]  # by reminder, as the journal holds them
    redirected: bool = False

    def envelope(self, reminder: str) -> Envelope:
        """Where a message goes: nobody is added to those of the plan but the archive (I8)."""
        archive = () if self.redirected else self.settings.email.bcc
        recipients = tuple(self.messages[reminder]["recipients"])
        return Envelope(reminder, sender_of(self.settings).address, recipients, archive)

    def is_whole(self, reminder: str) -> bool:
        """Whether its file is still what was recorded."""
        return self._read(reminder) is not None

    def data(self, reminder: str) -> bytes:
        """A message as it was recorded. Raises StateError where its file is another one: that is never sent."""
        data = self._read(reminder)
        if data is None:
            file = self.messages[reminder]["file"]
            text = msg("{file} was changed or taken away since it was written, and is not sent: type dunning-batch "
                       "resume.", file=file)  # fmt: skip
            raise StateError(Problem("message_changed", text, "error", Source(file)))
        return data

    def _read(self, reminder: str) -> bytes | None:
        path = self.folder / self.messages[reminder]["file"]
        data = path.read_bytes() if path.is_file() else b""
        return data if sha256_of(data) == self.messages[reminder]["sha256"] else None


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the messages that were to leave; of those without an attempt: certainly not sent."""

    attempts: Mapping[str, Attempt] = field(default_factory=dict)
    stopped: DunningError | None = None


class Recorder:
    """Counts what became of each message; redirected ones leave the state of the dossier as it is."""

    def __init__(self, mail: Mail, step: Step) -> None:
        """`step` is called after each message."""
        self._mail, self._step = mail, step
        self.attempts: dict[str, Attempt] = {}

    def data(self, envelope: Envelope) -> bytes:
        """The message as it was recorded. Raises StateError."""
        return self._mail.data(envelope.reminder)

    def begin(self, envelope: Envelope) -> None:
        """It is about to leave."""

    def end(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:
        """What became of it."""
        if final:
            self.attempts[envelope.reminder] = attempt
            self._step()


class Journaled(Recorder):
    """Records in the journal what happens to each message."""

    def __init__(self, mail: Mail, step: Step, journal: Journal) -> None:
        """`step` is called after each message."""
        super().__init__(mail, step)
        self._journal = journal

    def begin(self, envelope: Envelope) -> None:
        """Committed before DATA (I1). Raises OutputError."""
        self._journal.append(("sending", {"run": self._mail.run, "id": envelope.reminder}))

    def end(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> None:
        """Committed after the reply. Raises OutputError."""
        self._journal.append(("sent", self._body(envelope, attempt, final=final)))
        super().end(envelope, attempt, final=final)

    def _body(self, envelope: Envelope, attempt: Attempt, *, final: bool) -> Body:
        spoken = language(self._mail.settings.language)
        body = {
            "run": self._mail.run,
            "id": envelope.reminder,
            "customer": self._mail.messages[envelope.reminder]["customer"],
            "result": attempt.result if final else "waiting",
            "reason": spoken.message(attempt.error) if attempt.error else "",
            "refused": [[address, str(reply)] for address, reply in attempt.refused],
            "unknown": [address for address in attempt.unknown if address in envelope.recipients],
        }
        return {name: value for name, value in body.items() if value}


class Sending:
    """A server that is ready for the messages of a run: known before anything is recorded. Used as a context."""

    def __init__(self, server: Server, mail: Mail, recorder: Recorder, clock: Clock) -> None:
        """Connect and log in. Raises ServerError."""
        email = mail.settings.email
        rules = Rules(email.per_minute, email.connections, email.retries, email.stop_after_failures)
        self._mail, self._recorder = mail, recorder
        self._post = Post(lambda: Connection(server), rules, recorder, clock)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the server."""
        self._post.close()

    def send(self, reminders: Iterable[str]) -> Posted:
        """Send these messages, or as many as can be. Raises OutputError where a step cannot be recorded."""
        stopped = self._post.deliver(map(self._mail.envelope, reminders))
        return Posted(self._recorder.attempts, stopped)
