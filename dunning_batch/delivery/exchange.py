"""What Exchange Online (Microsoft 365) means when it refuses a login (fault 77): told apart by its words."""

from dunning_batch.delivery.replies import Reply
from dunning_batch.errors import Message, msg

PASSWORD_OFF = msg(
    'The provider has switched logins with a password off for this account: with Microsoft 365 write auth = '
    '"microsoft" under [email] and type dunning-batch mail login; or use another server, or run --by drafts.'
)
# Words of the reply, in small letters -> what forbids the login, whoever signs in.
_FORBIDDEN: tuple[tuple[str, Message], ...] = (
    ("smtpclientauthentication is disabled for the tenant", msg(
        "SMTP AUTH is switched off for the whole organisation: an administrator allows it for this one mailbox "
        "(Microsoft 365 admin center, Active users, the user, Mail, Manage email apps, Authenticated SMTP). It may "
        "take an hour to count.")),
    ("smtpclientauthentication is disabled for the mailbox", msg(
        "SMTP AUTH is switched off for this mailbox: an administrator allows it (Microsoft 365 admin center, Active "
        "users, the user, Mail, Manage email apps, Authenticated SMTP). It may take an hour to count.")),
    ("security defaults", msg(
        "The security defaults of the organisation forbid this login: an administrator allows it by a conditional "
        "access policy of your own, or run --by drafts.")),
    ("did not meet the criteria", msg(
        "A conditional access policy of the organisation forbids this login from here: an administrator must allow it, "
        "or run --by drafts.")),
)  # fmt: skip


def forbidden_by(reply: Reply) -> Message | None:
    """What an administrator has to change; nothing where the reply names no rule of the organisation."""
    words = reply.text.casefold()
    return next((text for part, text in _FORBIDDEN if part in words), None)


def wants_no_password(reply: Reply) -> bool:
    """Whether passwords as such are refused."""
    return reply.status in ("5.7.139", "5.7.30") or "basic authentication is disabled" in reply.text.casefold()
