"""What Microsoft's authority (Entra) answers to a sign-in, in plain words; never a token or a code in it (116).

Microsoft may change its numbers at any time: they only choose the words. What an error means is in its OAuth name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dunning_batch.errors import Message, Problem, ServerError, Source, msg

_EXPIRED = msg(
    "The sign-in has expired or was ended: after 90 days without use, with a new password, or by an administrator. "
    "Type dunning-batch mail login."
)
_DECLINED = msg("The sign-in was declined on the other screen. Type dunning-batch mail login to start again.")
_LATE = msg("The code was not entered in time. Type dunning-batch mail login to start again.")
_AGAIN = msg("Microsoft wants to see you again (second factor, new conditions). Type dunning-batch mail login.")
_CONSENT = msg(
    "The application has not been allowed to send in your name: an administrator gives it the permission SMTP.Send and "
    "grants consent (Entra admin center, App registrations, API permissions)."
)
_POLICY = msg(
    "A rule of your organisation (conditional access, security defaults) forbids this sign-in: an administrator must "
    "allow it, with the device code flow, from this computer. Until then, run --by drafts."
)
_CLIENT = msg("Microsoft knows no such application in your organisation: check [email] client_id and tenant.")
_FLOW = msg(
    'The application does not allow this way of signing in: an administrator sets "Allow public client flows" to Yes '
    "(Entra admin center, App registrations, Authentication)."
)
_TENANT = msg(
    "Write the organisation's own number or domain as [email] tenant: the application is of one organisation only, or "
    "there is none of the name given."
)
_USER = msg("That account cannot sign in there: use the one of [email] username, or ask your administrator.")
_OTHER = msg("Ask your administrator, or look the number up at https://login.microsoftonline.com/error.")

_BY_NUMBER: tuple[tuple[Message, str], ...] = (
    (_LATE, "70016 70018 70019 70020"),
    (_POLICY, "50097 50131 53000 53001 53002 53003 53004 53011 530002 530003 530032 530034 530035 530036"),
    (_CONSENT, "65001 65004 65005 90094 90095 500011 650052 650057"),
    (_CLIENT, "700016 700038 90002301"),
    (_FLOW, "7000215 7000216 7000218"),
    (_TENANT, "50059 50194 90002 900023"),
    (_USER, "50020 50034 50053 50057 50105 50126 50128"),
    (_AGAIN, "50058 50072 50074 50076 50078 50079 50158 54005 160021"),
    (_EXPIRED, "50055 50089 50132 50133 50144 50173 70000 70008 70043 70044 700003 700081 700082 700084"),
)
_REMEDIES = {number: text for text, numbers in _BY_NUMBER for number in numbers.split()}
_BY_ERROR = {
    "authorization_declined": _DECLINED, "access_denied": _DECLINED, "authorization_pending": _LATE, "slow_down": _LATE,
    "expired_token": _LATE, "code_expired": _LATE, "consent_required": _CONSENT, "unauthorized_client": _CLIENT,
    "invalid_client": _FLOW, "interaction_required": _AGAIN, "login_required": _AGAIN, "invalid_grant": _EXPIRED,
}  # fmt: skip
_NUMBER = re.compile(r"AADSTS(\d+)")
_SECRET = re.compile(r"[^\s'\"(),;]{40,}")  # tokens and codes are longer than numbers of applications
_LONGEST = 200


def refused(answer: Mapping[str, Any], username: str) -> ServerError:
    """The error for what the authority answers instead of a token."""
    text = msg("Microsoft does not sign {username} in. {remedy} ({said})", username=username, remedy=_remedy(answer),
               said=_said(answer))  # fmt: skip
    return ServerError(Problem("sign_in_failed", text, "error", Source(key="[email] auth")))


def _remedy(answer: Mapping[str, Any]) -> Message:
    found = next((_REMEDIES[number] for number in _numbers(answer) if number in _REMEDIES), None)
    return found or _BY_ERROR.get(str(answer.get("suberror")), _BY_ERROR.get(str(answer.get("error")), _OTHER))


def _numbers(answer: Mapping[str, Any]) -> Iterator[str]:
    yield from _NUMBER.findall(str(answer.get("error_description", "")))
    codes = answer.get("error_codes")
    yield from (str(code) for code in (codes if isinstance(codes, list) else ()))


def _said(answer: Mapping[str, Any]) -> str:
    """The first sentence of the authority, for whoever administers it: without what may be a secret."""
    lines = str(answer.get("error_description") or "").splitlines()
    first = re.split(r"(?<=[.!?]) | Trace ID", lines[0])[0] if lines else ""
    return _SECRET.sub("***", first)[:_LONGEST].strip() or _SECRET.sub("***", str(answer.get("error", "-")))
