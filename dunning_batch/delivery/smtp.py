"""One message through an open connection, taken apart so that it is known what was certainly not sent.

Until the final dot is on its way every failure means "not sent"; after it, no reply means that nobody knows: uncertain
(delivery model, 5; faults 74, 80 to 83, 86, 88). smtplib raises the same error on both sides, so DATA is done here.
"""

import smtplib
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from dunning_batch.core.reminders import Result
from dunning_batch.delivery.replies import Reply, reply_of
from dunning_batch.delivery.server import Server, connect, socket_of
from dunning_batch.delivery.tokens import Token
from dunning_batch.delivery.xoauth2 import login_refused
from dunning_batch.errors import Message, ServerError, msg

_GONE = (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError)
_GO_ON = 354
_LOGIN_WANTED = (530, 535)
_LEAVE_SECONDS = 5


Refused = tuple[tuple[str, Reply], ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where one message goes; nobody stands here who is not in the plan (I8)."""

    reminder: str  # its id
    sender: str
    recipients: tuple[str, ...]  # the customer's own
    archive: tuple[str, ...] = ()  # blind copies


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a message, as far as one attempt tells."""

    result: Result
    error: Message | None = None
    refused: Refused = ()  # addresses that were not taken
    begun: bool = False  # DATA was recorded before it: the outcome must be too
    again: bool = False  # certainly not sent, and worth trying again
    lost: bool = False  # the connection is gone
    busy: bool = False  # the server wants fewer messages
    quota: bool = False  # the server takes no more today
    blames_address: bool = False  # only this customer's address is at fault

    @property
    def unknown(self) -> tuple[str, ...]:
        """The addresses that the server does not know at all (fault 81)."""
        return tuple(address for address, reply in self.refused if reply.blames_address)


class Connection:
    """One connection that is kept for many messages."""

    def __init__(self, server: Server) -> None:
        """Connect, encrypt, log in. Raises ServerError."""
        self._server = server
        self._token, self._smtp = _logged_in(server)
        self._fresh = True  # nothing was sent through it yet
        size = self._smtp.esmtp_features.get("size", "")
        self._limit = int(size) if size.isdigit() else 0

    def leave(self) -> None:
        """Take leave; what is delivered stays delivered whatever the server says to that (fault 88)."""
        with suppress(*_GONE):
            socket_of(self._smtp).settimeout(min(_LEAVE_SECONDS, self._server.timeout))
            self._smtp.quit()
        self.drop()

    def abort(self) -> None:
        """End it under whoever waits for an answer, who then knows what is certain; called by handlers of signals."""
        if self._smtp.sock is not None:
            with suppress(OSError):
                # The connection below TLS, whose own `shutdown` would change what the waiting call works with.
                socket.socket.shutdown(self._smtp.sock, socket.SHUT_RDWR)

    def drop(self) -> None:
        """End it without a word."""
        with suppress(OSError):
            self._smtp.close()

    def send(self, envelope: Envelope, data: bytes, begin: Callable[[], None]) -> Attempt:
        """Try once to send a message.

        Args:
            envelope: From whom to whom.
            data: The message, lines ended by CRLF.
            begin: Records that it is being sent; called when recipients are taken, before DATA (I1).
        """
        if self._limit and len(data) > self._limit:
            text = msg("the message has {size} bytes, the server takes {limit}", size=len(data), limit=self._limit)
            return Attempt("refused", text, blames_address=True)
        try:
            self._refuse_ended_token()
            reply, refused = self._addressed(envelope, len(data))
        except _GONE:
            return self._cut()
        if reply is not None:
            return self._not_taken(reply, refused, of_address=bool(refused))
        self._fresh = False
        begin()
        try:
            reply = reply_of(self._smtp.docmd("DATA"))
            if reply.code != _GO_ON:
                return self._not_taken(reply, refused, begun=True)
            self._smtp.send(_stuffed(data))
            socket_of(self._smtp).settimeout(self._server.final_timeout)
            self._smtp.send(b".\r\n")  # an error here: the system did not take it, so the server has no end
        except _GONE:
            return self._cut(refused, begun=True)
        return self._finished(refused)

    def _refuse_ended_token(self) -> None:
        """A login that has ended meanwhile is a connection that is gone (fault 78). Raises smtplib's error."""
        if self._token and not self._fresh and self._token.until <= time.monotonic():
            raise smtplib.SMTPServerDisconnected

    def _has_lost_login(self, reply: Reply) -> bool:
        """Whether the server wants a login though there was one. Raises ServerError where that was a moment ago."""
        tokens = self._server.tokens
        if tokens is None or self._token is None or reply.code not in _LOGIN_WANTED:
            return False
        tokens.discard(self._token)
        if self._fresh:
            self.drop()
            raise login_refused(self._server.host, self._server.username, tokens.user, reply)
        return True

    def _addressed(self, envelope: Envelope, size: int) -> tuple[Reply | None, Refused]:
        """MAIL and RCPT: the reply that forbids DATA, if one does, and the addresses that were not taken."""
        reply = reply_of(self._smtp.mail(envelope.sender, self._mail_options(envelope, size)))
        if not reply.ok:
            return reply, ()
        replies = {address: self._recipient(address) for address in (*envelope.recipients, *envelope.archive)}
        refused = tuple((address, answer) for address, answer in replies.items() if not answer.ok)
        own = [replies[address] for address in envelope.recipients]
        if any(answer.ok for answer in own):
            return None, refused
        return next((answer for answer in own if not answer.for_good), own[0]), refused

    def _recipient(self, address: str) -> Reply:
        options = ("NOTIFY=FAILURE,DELAY",) if self._smtp.has_extn("dsn") else ()
        return reply_of(self._smtp.rcpt(address, options))

    def _mail_options(self, envelope: Envelope, size: int) -> tuple[str, ...]:
        """Nothing that the server did not offer (fault 89)."""
        wanted = (("size", f"SIZE={size}"), ("dsn", "RET=HDRS"), ("dsn", f"ENVID={envelope.reminder}"))
        return tuple(option for name, option in wanted if self._smtp.has_extn(name))

    def _not_taken(self, reply: Reply, refused: Refused, *, begun: bool = False, of_address: bool = False) -> Attempt:
        """Certainly not sent; the connection is made ready for the next message."""
        without_login = self._has_lost_login(reply)
        self._fresh = False
        lost = reply.code == 421 or without_login
        try:
            lost = lost or not reply_of(self._smtp.docmd("RSET")).ok
        except _GONE:
            lost = True
        if lost:
            self.drop()
        return Attempt(
            "failed" if without_login or not reply.for_good else "refused",
            msg("{reply}", reply=str(reply)),
            refused,
            begun=begun,
            again=without_login or not reply.for_good,
            lost=lost,
            busy=reply.is_busy,
            quota=reply.is_quota,
            blames_address=of_address and (reply.blames_address or (reply.for_now and not reply.is_busy)),
        )

    def _finished(self, refused: Refused) -> Attempt:
        """The reply to the final dot, which alone says that the server has the message."""
        try:
            reply = reply_of(self._smtp.getreply())
            socket_of(self._smtp).settimeout(self._server.timeout)
        except _GONE:
            reply = Reply(-1, "")
        if reply.ok:
            return Attempt("delivered", None, refused, begun=True)
        if reply.for_now or reply.for_good:
            return self._not_taken(reply, (), begun=True)
        self.drop()
        text = msg("the connection broke after the whole message was handed over: nobody knows whether it was taken")
        return Attempt("uncertain", text, refused, begun=True, lost=True)

    def _cut(self, refused: Refused = (), *, begun: bool = False) -> Attempt:
        self.drop()
        text = msg("the server did not answer, or ended the conversation, before the message was complete: it was not "
                   "sent")  # fmt: skip
        return Attempt("failed", text, refused, begun=begun, again=True, lost=True)


def _logged_in(server: Server) -> tuple[Token | None, smtplib.SMTP]:
    """A connection, and the token that opened it: one that is not taken is fetched anew, once (fault 78)."""
    if server.tokens is None:
        return None, connect(server)
    token = server.tokens.current()
    try:
        return token, connect(server, token)
    except ServerError as error:
        if error.problems[0].code != "sign_in_refused":
            raise
    server.tokens.discard(token)
    token = server.tokens.current()
    return token, connect(server, token)


def _stuffed(data: bytes) -> bytes:
    """A line that begins with a dot gets a second one, or it would end the message."""
    stuffed = data.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
