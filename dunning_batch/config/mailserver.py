"""What of `[email]` is right key by key and wrong together (faults 50, 75, 76, 90)."""

import ipaddress
import re
from pathlib import Path

from dunning_batch.config.findings import Findings
from dunning_batch.config.folders import under
from dunning_batch.config.tables import Values
from dunning_batch.errors import msg

_CLIENT_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f.:]+\]")


def check_email(email: Values, root: Path, findings: Findings) -> None:
    """Note every contradiction of the table."""
    _check_way(email, findings)
    if email["host"] and not _is_host(email["host"]):
        text = msg('[email] host is the name of a server alone, such as "smtp.example.com": no port, path or blank.')
        findings.add("email", "host", text)
    if email["local_hostname"] and not _NAME.fullmatch(email["local_hostname"]):
        text = msg(
            '[email] local_hostname is a name in plain letters, such as "example.com": no accent, blank or sign _.'
        )
        findings.add("email", "local_hostname", text)
    if email["ca_file"] and not under(root, email["ca_file"]).is_file():
        text = msg("[email] ca_file: there is no {file}. Put it there, or remove the line.", file=email["ca_file"])
        findings.add("email", "ca_file", text)
    _check_sign_in(email, findings)


def _check_way(email: Values, findings: Findings) -> None:
    if email["port"] == 465 and email["security"] == "starttls":
        text = msg('[email] port 465 is for security = "tls"; with security = "starttls" the port is 587.')
        findings.add("email", "port", text)
    if email["security"] == "none" and email["host"] and not is_loopback(email["host"]):
        text = msg('[email] security = "none" is for a server on this computer only: write "starttls" or "tls".')
        findings.add("email", "security", text)


def _check_sign_in(email: Values, findings: Findings) -> None:
    """The application that a Microsoft sign-in is for, and the organisation it belongs to."""
    if email["client_id"] and not _CLIENT_ID.fullmatch(email["client_id"]):
        text = msg(
            "[email] client_id is the number of the application as Microsoft shows it (Application ID), such as "
            '"11111111-2222-3333-4444-555555555555".'
        )
        findings.add("email", "client_id", text)
    elif email["auth"] == "microsoft" and not email["client_id"]:
        text = msg(
            '[email] auth = "microsoft" needs client_id, the number of an application that is registered once at '
            "Microsoft: docs/how-to/mail-providers.md says how."
        )
        findings.add("email", "auth", text)
    if not _TENANT.fullmatch(email["tenant"]):
        text = msg(
            '[email] tenant is the number or the domain of your organisation at Microsoft, such as "example.com", or '
            '"organizations".'
        )
        findings.add("email", "tenant", text)


def is_loopback(host: str) -> bool:
    """Whether a server's name or address is this computer."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_NAME.fullmatch(host))
    return True
