"""Signing in to Microsoft 365 (OAuth 2.0, extra `microsoft`): once with a code on another screen, then silently (78).

The sign-in lies in the system's keyring and nowhere else. Whatever fails on the way to the authority becomes an error
of ours that repeats nothing of what was exchanged; msal logs answers that it cannot read, so its log is closed (116).
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from dunning_batch.delivery import vault
from dunning_batch.delivery.entra import refused
from dunning_batch.delivery.tokens import Token
from dunning_batch.errors import ConfigurationError, Message, OutputError, Problem, ServerError, Source, msg

_HOST = "login.microsoftonline.com"
_SCOPES = ["https://outlook.office.com/SMTP.Send"]  # msal adds what lets it renew: offline_access
_PLACE = "microsoft"
# Errors of `requests`, by name: it is there only where msal is.
_REASONS: dict[str, Message] = {
    "ConnectTimeout": msg("no answer in time"),
    "ReadTimeout": msg("no answer in time"),
    "ConnectionError": msg("no connection"),
    "ProxyError": msg("the proxy of this network does not let it through"),
    "SSLError": msg("its certificate is not trusted: where a proxy opens what is encrypted, name its authority in the "
                    "environment variable REQUESTS_CA_BUNDLE"),
}  # fmt: skip
_MARGIN = 60.0  # seconds before its end from which on a token is not shown to a server any more


@dataclass(frozen=True, slots=True)
class Account:
    """`[email]`, as far as it concerns a sign-in."""

    username: str  # whose mailbox sends
    client_id: str  # the application that was registered at Microsoft
    tenant: str  # whose users may sign in
    timeout: float  # seconds, for each answer of the authority


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person needs to sign in on any screen."""

    address: str
    code: str
    minutes: int


def lacking(account: Account) -> Problem | None:
    """What is missing for a silent sign-in, as far as this computer alone can tell; asks nobody."""
    if _missing("msal") or _missing("keyring"):
        return extra_missing()
    return None if vault.get_long(_PLACE, account.username) else _no_sign_in(account)


def extra_missing() -> Problem:
    """The one message for a program that was installed without the extra."""
    text = msg('[email] auth = "microsoft" needs more than is installed. Type: pip install "dunning-batch[microsoft]"')
    return Problem("extra_missing", text, "error", Source(key="[email] auth"))


class SignIn:
    """One account's sign-in; its tokens, for any number of threads."""

    def __init__(self, account: Account, kept: str = "") -> None:
        """`kept`: what the keyring holds of it. Raises ConfigurationError where the extra is not installed."""
        self._account, self._msal = account, _msal()
        self._cache = self._msal.SerializableTokenCache()
        self._cache.deserialize(kept or None)
        self._lock = threading.Lock()
        self._app: Any = None
        self._flow: dict[str, Any] = {}
        self._token: Token | None = None
        self._stale = False

    @property
    def user(self) -> str:
        """Who signed in; empty where nobody did."""
        return str(self._users()[0]["username"]) if self._users() else ""

    def invite(self) -> Invitation:
        """Begin to sign in. Raises OutputError where nothing could be kept, ServerError."""
        if not vault.is_there():
            raise _no_keyring()
        with self._reaching():
            self._flow = self._application().initiate_device_flow(scopes=_SCOPES)
        if "user_code" not in self._flow:
            raise refused(self._flow, self._account.username)
        minutes = int(self._flow["expires_in"]) // 60
        return Invitation(str(self._flow["verification_uri"]), str(self._flow["user_code"]), minutes)

    def wait(self) -> None:
        """Wait until the code was entered, and keep the sign-in. Raises ServerError, OutputError."""
        with self._reaching():
            answer = self._application().acquire_token_by_device_flow(self._flow)
        if "access_token" not in answer:
            raise refused(answer, self._account.username)
        if not vault.put_long(_PLACE, self._account.username, self._cache.serialize()):
            raise _no_keyring()

    def current(self) -> Token:
        """A token that is good for at least a minute, renewed if need be. Raises ServerError."""
        with self._lock:
            if self._token is None or self._token.until <= time.monotonic():
                self._token = self._renewed()
            return self._token

    def discard(self, token: Token) -> None:
        """A server does not take it: the next one is fetched anew."""
        with self._lock:
            if self._token is token:
                self._token, self._stale = None, True

    def _renewed(self) -> Token:
        with self._reaching():
            app, users = self._application(), self._users()
            account = users[0] if users else None
            answer = app.acquire_token_silent_with_error(_SCOPES, account, force_refresh=self._stale)
        if answer is None:
            raise ServerError(_no_sign_in(self._account))
        if "access_token" not in answer:
            raise refused(answer, self._account.username)
        self._stale = False
        if self._cache.has_state_changed:  # where it cannot be kept, the older one still opens the door
            vault.put_long(_PLACE, self._account.username, self._cache.serialize())
        return Token(answer["access_token"], time.monotonic() + float(answer["expires_in"]) - _MARGIN)

    def _users(self) -> list[dict[str, Any]]:
        kind = self._msal.TokenCache.CredentialType.ACCOUNT
        return list(self._cache.search(kind))

    def _application(self) -> Any:  # noqa: ANN401 - msal has no types
        """The application, once the authority has said where it is."""
        if self._app is None:
            self._app = self._msal.PublicClientApplication(
                self._account.client_id,
                authority=f"https://{_HOST}/{self._account.tenant}",
                token_cache=self._cache,
                timeout=self._account.timeout,
            )
        return self._app

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Around what asks the authority. Raises ServerError, with nothing of what was sent or answered."""
        try:
            yield
        except (ValueError, KeyError):
            raise self._unreadable() from None
        except (OSError, RuntimeError, self._msal.exceptions.MsalError) as error:
            raise _unreachable(error) from None

    def _unreadable(self) -> ServerError:
        text = msg(
            "{host} does not know {tenant}, or something on the way answers in its place: check [email] tenant, and "
            "whether this network lets programs through without signing in to it.",
            host=_HOST,
            tenant=self._account.tenant,
        )
        return ServerError(Problem("sign_in_unreadable", text, "error", Source(key="[email] tenant")))


def kept_sign_in(account: Account) -> SignIn:
    """The sign-in that the keyring holds. Raises ConfigurationError, and ServerError where there is none."""
    kept = vault.get_long(_PLACE, account.username)
    found = SignIn(account, kept)
    if not kept:
        raise ServerError(_no_sign_in(account))
    return found


def _no_sign_in(account: Account) -> Problem:
    text = msg(
        "Nobody has signed in to Microsoft for {username} on this computer, or its keyring is locked: type "
        "dunning-batch mail login.",
        username=account.username or "-",
    )
    return Problem("no_sign_in", text, "error", Source(key="[email] username"))


def _no_keyring() -> OutputError:
    text = msg(
        "This computer has no keyring that can be used, and a Microsoft sign-in is kept nowhere else: use a session "
        "with a desktop (on Linux one with Secret Service), another server, or run --by drafts."
    )
    return OutputError(Problem("no_keyring", text, "error"))


def _unreachable(error: Exception) -> ServerError:
    kind = type(error).__name__
    reason = _REASONS.get(kind, msg("{reason}", reason=kind))
    text = msg("{host} cannot be reached for the sign-in ({reason}): check the network, then try again.", host=_HOST,
               reason=reason)  # fmt: skip
    return ServerError(Problem("sign_in_unreachable", text, "error"))


def _missing(package: str) -> bool:
    try:
        import_module(package)
    except ImportError:
        return True
    return False


def _msal() -> Any:  # noqa: ANN401 - msal has no types
    """The library, its log closed. Raises ConfigurationError where the extra is not installed."""
    if _missing("msal") or _missing("keyring"):
        raise ConfigurationError(extra_missing())
    logging.getLogger("msal").setLevel(logging.CRITICAL + 1)
    return import_module("msal")
