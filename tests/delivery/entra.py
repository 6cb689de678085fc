"""Microsoft's authority as a test wants it, through msal's own parameter `http_client`; it logs what is asked."""

import base64
import json
from collections import deque
from functools import partial
from itertools import count

import msal

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
USER = "compta@atelier-exemple.fr"
_BASE = "https://login.microsoftonline.com/organizations"
PENDING = {"error": "authorization_pending", "error_description": "AADSTS70016: pending.", "error_codes": [70016]}


def secret(kind, number):
    """Long, as real ones are, and found again wherever it turns up."""
    return f"{kind}{number}." + base64.urlsafe_b64encode(f"{kind}-{number}".encode() * 60).decode().rstrip("=")


def jwt(claims):
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims, {}))


class Answer:
    """What an HTTP client of msal returns."""

    def __init__(self, body, status=200):
        self.status_code, self.headers = status, {}
        self.text = body if isinstance(body, str) else json.dumps(body)

    def raise_for_status(self):
        raise AssertionError("msal raises its own")


class Entra:
    """The authority; `says`: what it answers before it does as it is asked: a document, an exception or an Answer."""

    def __init__(self, user=USER, lives=3600):
        self.user, self.lives = user, lives
        self.says: deque = deque()
        self.asked: list[dict] = []  # the bodies of what came to the token endpoint
        self.devices: list[dict] = []
        self.device = {"device_code": secret("device", 0), "user_code": "ABCD-1234", "expires_in": 900, "interval": 1,
                       "verification_uri": "https://microsoft.com/devicelogin"}  # fmt: skip
        self.tokens: list[str] = []  # access tokens that were given
        self.secrets: set[str] = {self.device["device_code"]}
        self._numbers = count(1)
        self.gone: Exception | None = None

    def get(self, url, **_):
        if self.gone:
            raise self.gone
        if "discovery/instance" in url:
            return Answer({"metadata": []})
        tenant = url.split("/")[3]
        if tenant == "unknown.example.com":
            return Answer({"error": "invalid_tenant", "error_description": "AADSTS90002: not found"}, 400)
        base = f"https://login.microsoftonline.com/{tenant}"
        return Answer({"authorization_endpoint": f"{base}/oauth2/v2.0/authorize", "issuer": f"{base}/v2.0",
                       "token_endpoint": f"{base}/oauth2/v2.0/token",
                       "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode"})  # fmt: skip

    def post(self, url, data=None, **_):
        if self.gone:
            raise self.gone
        if url.endswith("/devicecode"):
            self.devices.append(data)
            return Answer(self.device, 400 if "error" in self.device else 200)
        self.asked.append(dict(data))
        if self.says:
            said = self.says.popleft()
            if isinstance(said, Exception):
                raise said
            return said if isinstance(said, Answer) else Answer(said, 400)
        return Answer(self._tokens())

    def close(self):
        pass

    def _tokens(self):
        number = next(self._numbers)
        access, refresh = secret("access", number), secret("refresh", number)
        self.tokens.append(access)
        claims = {"preferred_username": self.user, "oid": "oid", "tid": "tid", "sub": "sub", "aud": CLIENT_ID}
        self.secrets |= {access, refresh}
        return {"token_type": "Bearer", "scope": "https://outlook.office.com/SMTP.Send", "expires_in": self.lives,
                "access_token": access, "refresh_token": refresh, "id_token": jwt(claims),
                "client_info": base64.urlsafe_b64encode(b'{"uid":"uid","utid":"utid"}').decode()}  # fmt: skip


class Time:
    """msal's clock: waiting costs nothing."""

    def __init__(self):
        self.now = 1_800_000_000.0
        self.waited = 0.0

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.waited += seconds


def install(monkeypatch, **given) -> Entra:
    """Every application of msal asks this authority."""
    entra = Entra(**given)
    monkeypatch.setattr(msal, "PublicClientApplication", partial(msal.PublicClientApplication, http_client=entra))
    return entra


def refusal(number, error="invalid_grant", words="No."):
    """As the authority refuses."""
    description = f"AADSTS{number}: {words} Trace ID: 0000 Correlation ID: 0000 Timestamp: 2026-11-24 09:00:00Z"
    return {"error": error, "error_description": description, "error_codes": [number]}
