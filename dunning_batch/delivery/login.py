"""Logging in: one attempt with one mechanism, so that no account is locked, and no secret in what is said (77, 116)."""

import base64
import hmac
import smtplib
from collections.abc import Callable

from dunning_batch.delivery.exchange import PASSWORD_OFF, forbidden_by, wants_no_password
from dunning_batch.delivery.replies import Reply, reply_of
from dunning_batch.errors import Message, Problem, ServerError, Source, msg

_WANTS_MORE, _DONE = 334, (235, 503)


def log_in(smtp: smtplib.SMTP, host: str, username: str, password: str) -> None:
    """Log in with the first mechanism of ours that the server offers. Raises ServerError and smtplib's errors."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    mechanism = next((name for name in _MECHANISMS if name in offered), None)
    if mechanism is None:
        text = msg(
            "{host} offers no login with a password here ({offered}). Check [email] port and security; if it wants no "
            'login, write auth = "none".',
            host=host,
            offered=" ".join(offered) or "-",
        )
        raise ServerError(Problem("login_not_offered", text, "error", Source(key="[email] auth")))
    reply = _MECHANISMS[mechanism](smtp, username, password)
    if reply.code not in _DONE:
        raise _refused(host, username, Reply(reply.code, _without(reply.text, username, password)))


def _plain(smtp: smtplib.SMTP, username: str, password: str) -> Reply:
    return _say(smtp, f"AUTH PLAIN {_coded(f'{chr(0)}{username}{chr(0)}{password}')}")


def _login(smtp: smtplib.SMTP, username: str, password: str) -> Reply:
    reply = _say(smtp, "AUTH LOGIN")
    for part in (username, password):
        if reply.code != _WANTS_MORE:
            return reply
        reply = _say(smtp, _coded(part))
    return reply


def _cram(smtp: smtplib.SMTP, username: str, password: str) -> Reply:
    reply = _say(smtp, "AUTH CRAM-MD5")
    if reply.code != _WANTS_MORE:
        return reply
    try:
        challenge = base64.b64decode(reply.text)
    except ValueError:
        return Reply(-1, "CRAM-MD5")
    return _say(smtp, _coded(f"{username} {hmac.new(password.encode(), challenge, 'md5').hexdigest()}"))


_MECHANISMS: dict[str, Callable[[smtplib.SMTP, str, str], Reply]] = {
    "PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram,
}  # fmt: skip


def _say(smtp: smtplib.SMTP, line: str) -> Reply:
    return reply_of(smtp.docmd(line))


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _without(text: str, username: str, password: str) -> str:
    """A reply that repeats what we said, without the secret in any of its forms."""
    forms = (password, _coded(password), _coded(f"\0{username}\0{password}"))
    for form in filter(None, forms):
        text = text.replace(form, "***")
    return text


def _refused(host: str, username: str, reply: Reply) -> ServerError:
    text = msg("{host} refuses the login of {username}: {reply}. {remedy}", host=host, username=username,
               reply=str(reply), remedy=_remedy(reply))  # fmt: skip
    return ServerError(Problem("login_refused", text, "error", Source(key="[email] username")))


def _remedy(reply: Reply) -> Message:
    if rule := forbidden_by(reply):
        return rule
    if wants_no_password(reply):
        return PASSWORD_OFF
    if reply.code == 534:
        return msg("The provider wants an app password: make one in the security settings of the account.")
    if reply.for_now:
        return msg("That may pass: try again later.")
    return msg("Check [email] username and the password; it was tried once only, so that the account is not locked.")
