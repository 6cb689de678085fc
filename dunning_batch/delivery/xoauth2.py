"""Logging in with a token (XOAUTH2): why it is refused in plain words, and no token in what is said (77, 78, 116)."""

import base64
import json
import re
import smtplib

from dunning_batch.delivery.exchange import forbidden_by
from dunning_batch.delivery.replies import Reply, reply_of, unfit
from dunning_batch.delivery.tokens import Token, Tokens
from dunning_batch.errors import Message, Problem, ServerError, Source, msg

_WANTS_MORE, _DONE = 334, (235, 503)
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{30,}")  # pieces of tokens; names of servers have dots


def log_in_with_token(smtp: smtplib.SMTP, host: str, username: str, tokens: Tokens, token: Token) -> None:
    """Log in, the token in the first line. Raises ServerError and smtplib's errors."""
    if "XOAUTH2" not in smtp.esmtp_features.get("auth", "").upper().split():
        raise _not_offered(host)
    line = base64.b64encode(f"user={username}\1auth=Bearer {token.value}\1\1".encode()).decode("ascii")
    code, said = smtp.docmd(f"AUTH XOAUTH2 {line}")
    reply, status = reply_of((code, said)), ""
    if code == _WANTS_MORE:  # the reason, as JSON; an empty line asks for the reply itself
        status = _status(said)
        reply = reply_of(smtp.docmd(""))
    if reply.code in _DONE:
        return
    reply = Reply(reply.code, _without(reply.text, line, token.value) + (f" ({status})" if status else ""))
    if reply.for_now:
        raise unfit(host, reply)
    raise login_refused(host, username, tokens.user, reply)


def _status(challenge: bytes) -> str:
    """The status in the JSON of a 334; nothing else of it is shown."""
    try:
        found = json.loads(base64.b64decode(challenge)).get("status", "")
    except (ValueError, AttributeError):
        return ""
    return str(found) if str(found).isdigit() else ""


def _without(text: str, *secrets: str) -> str:
    """A reply that repeats what we said, whole or in pieces, without it."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return _LONG.sub("***", text)


def _not_offered(host: str) -> ServerError:
    text = msg(
        '{host} offers no login with a Microsoft sign-in (XOAUTH2): with auth = "microsoft", [email] host is '
        "smtp.office365.com, port 587.",
        host=host,
    )
    return ServerError(Problem("login_not_offered", text, "error", Source(key="[email] host")))


def login_refused(host: str, username: str, user: str, reply: Reply) -> ServerError:
    """The error for a server that does not take a sign-in: its own fault, or a rule of the organisation."""
    rule = forbidden_by(reply)
    text = msg(
        "{host} refuses the login of {username}, signed in as {user}: {reply}. {remedy}",
        host=host,
        username=username,
        user=user or "-",
        reply=str(reply),
        remedy=rule or _remedy(username, user),
    )
    return ServerError(Problem("login_forbidden" if rule else "sign_in_refused", text, "error"))


def _remedy(username: str, user: str) -> Message:
    if user.casefold() != username.casefold():
        return msg(
            "Sign in as {username} (dunning-batch mail login), or ask an administrator to give {user} the right to "
            "send as {username}.",
            username=username,
            user=user or "-",
        )
    return msg(
        "Type dunning-batch mail login, and sign in as {username}; if that changes nothing, ask an administrator "
        "whether this mailbox may use Authenticated SMTP.",
        username=username,
    )
