"""A mail server: how it is reached, and a connection to it that is encrypted, verified and logged in, or an error.

S1 to S4: the certificate is always verified, TLS is 1.2 or newer, encryption that is not offered stops everything,
every call has a timeout, and nothing here ever prints or keeps a password (faults 73 to 77, 116).
"""

import smtplib
import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dunning_batch.delivery.login import log_in
from dunning_batch.delivery.replies import Reply, reply_of, unfit
from dunning_batch.delivery.tokens import Token, Tokens
from dunning_batch.delivery.xoauth2 import log_in_with_token
from dunning_batch.errors import ConfigurationError, Message, Problem, ServerError, Source, msg

# OpenSSL's verify codes -> what they mean.
_VERIFY: dict[int, Message] = {
    10: msg("its certificate has expired"),
    18: msg("its certificate is signed by nobody but itself"),
    19: msg("its certificate comes from an authority that this computer does not know"),
    20: msg("its certificate comes from an authority that this computer does not know"),
    62: msg("its certificate is for another name"),
    64: msg("its certificate is for another name"),
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where messages go, and who says so."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    hello: str  # name given in EHLO, ASCII
    username: str = ""
    password: str = field(default="", repr=False)
    login: bool = False
    timeout: float = 30  # seconds, to connect and for each reply
    final_timeout: float = 600  # seconds, for the reply to a whole message
    ca_file: Path | None = None
    tokens: Tokens | None = field(default=None, repr=False)  # in the place of a password


def connect(server: Server, token: Token | None = None) -> smtplib.SMTP:
    """An open connection, ready for messages; `token` opens it. Raises ServerError; nothing was sent then."""
    try:
        smtp = _opened(server)
    except ssl.SSLError as error:
        raise _unproven(server, error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(server, error) from None
    with ExitStack() as unready:
        unready.callback(smtp.close)
        _prepare(smtp, server, token)
        unready.pop_all()
    return smtp


def socket_of(smtp: smtplib.SMTP) -> socket.socket:
    """The connection below. Raises smtplib's error where it is gone."""
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected
    return smtp.sock


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """What verifies the server. Raises ConfigurationError where `ca_file` is none."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            text = msg("[email] ca_file: {file} holds no certificate in PEM form that can be read.", file=str(ca_file))
            problem = Problem("ca_file_unreadable", text, "error", Source(key="[email] ca_file"))
            raise ConfigurationError(problem) from error
    return context


def _opened(server: Server) -> smtplib.SMTP:
    if server.security == "tls":
        context = tls_context(server.ca_file)
        return smtplib.SMTP_SSL(
            server.host, server.port, server.hello, timeout=server.timeout, context=context,
        )  # fmt: skip
    return smtplib.SMTP(server.host, server.port, server.hello, timeout=server.timeout)


def _prepare(smtp: smtplib.SMTP, server: Server, token: Token | None) -> None:
    try:
        socket_of(smtp).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _greet(smtp, server)
        if server.security == "starttls":
            _encrypt(smtp, server)
            _greet(smtp, server)
        if server.tokens and token:
            log_in_with_token(smtp, server.host, server.username, server.tokens, token)
        elif server.login:
            log_in(smtp, server.host, server.username, server.password)
    except ssl.SSLError as error:
        raise _unproven(server, error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(server, error) from None


def _greet(smtp: smtplib.SMTP, server: Server) -> None:
    reply = reply_of(smtp.ehlo())
    if not reply.ok:
        raise unfit(server.host, reply)


def _encrypt(smtp: smtplib.SMTP, server: Server) -> None:
    """STARTTLS or nothing: an offer that is missing may have been taken out on the way (S2)."""
    if not smtp.has_extn("starttls"):
        text = msg(
            "{host} offers no encryption (STARTTLS), or somebody on the way took the offer out: nothing was sent. Ask "
            'the provider for host and port; often it is port 465 with security = "tls".',
            host=server.host,
        )
        raise ServerError(Problem("no_encryption", text, "error", Source(key="[email] security")))
    context = tls_context(server.ca_file)
    try:
        smtp.starttls(context=context)
    except smtplib.SMTPResponseException as error:
        raise unfit(server.host, Reply(error.smtp_code, _text(error.smtp_error))) from None


def _text(data: bytes | str) -> str:
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else data


def _unproven(server: Server, error: ssl.SSLError) -> ServerError:
    """TLS failed: why, in plain words (fault 76)."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _VERIFY.get(error.verify_code, msg("{reason}", reason=error.verify_message))
    elif "VERSION" in (error.reason or "") or "PROTOCOL" in (error.reason or ""):
        reason = msg("it knows only encryption that is too old (below TLS 1.2), or none on this port")
    else:
        reason = msg("{reason}", reason=error.reason or "TLS")
    text = msg(
        "{host} is not trusted: {reason}. Nothing was sent, no password was shown. Check [email] host, port and "
        "security; for a server of your own, name its authority in [email] ca_file.",
        host=server.host,
        reason=reason,
    )
    return ServerError(Problem("server_not_trusted", text, "error", Source(key="[email] host")))


def _unreachable(server: Server, error: Exception) -> ServerError:
    if isinstance(error, smtplib.SMTPResponseException):
        return unfit(server.host, Reply(error.smtp_code, _text(error.smtp_error)))
    text = msg(
        "{host}, port {port}, cannot be reached: {reason}. Check [email] host and port, and the network, then try "
        "again.",
        host=server.host,
        port=server.port,
        reason=_why(server, error),
    )
    return ServerError(Problem("server_unreachable", text, "error", Source(key="[email] host")))


def _why(server: Server, error: Exception) -> Message:
    if isinstance(error, socket.gaierror):
        return msg("no server of that name is known")
    if isinstance(error, ConnectionRefusedError):
        return msg("nothing answers on that port")
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return msg("no answer within {seconds} seconds", seconds=server.timeout)
    if isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError):
        return msg("it ends the conversation")
    return msg("{reason}", reason=getattr(error, "strerror", "") or type(error).__name__)
