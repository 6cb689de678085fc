"""E-mail addresses as people write them in a cell, checked before anything is sent to them (faults 36 to 39).

The part before the @ is plain ASCII: few servers take anything else. An accented domain is written in punycode.
"""

import re

from dunning_batch.errors import Message, msg

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_TOP = re.compile(r"[A-Za-z]{2,}|xn--[A-Za-z0-9-]+", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>]*<([^<>]*)>\s*$")


def address_fault(address: str) -> Message | None:
    """What is wrong with one address without a name; None if it can be written to."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        return msg("an e-mail address is written name@company.fr")
    if not local.isascii():
        return msg("an accent before the @ is not accepted by most mail servers: ask for another address")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        return msg("the part before the @ is not that of an e-mail address")
    name = ascii_domain(domain)
    labels = name.split(".") if name else []
    good = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and _TOP.fullmatch(labels[-1])
    if not good or len(local) + 1 + len(name) > 254:
        return msg("the part after the @ is not the name of a domain such as company.fr")
    return None


def ascii_domain(domain: str) -> str:
    """A domain as it goes over the wire, in punycode; empty where it cannot be."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def wire_address(address: str) -> str:
    """A checked address with its domain in punycode."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def read_addresses(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, Message], ...]]:
    """The good addresses of a cell, each once and in order, and those that fail, each with its reason.

    Several are separated by `;` or `,`; each may be written `Name <name@company.fr>`. A line end inside is no
    separator: what follows it could be anything, so the whole is refused (fault 38).
    """
    text = text.strip()
    if any(ord(sign) < 32 or ord(sign) == 127 or sign in "\x85\u2028\u2029" for sign in text):
        return (), ((text, msg("it holds a line end or a control character: separate addresses with a semicolon")),)
    checked = {address: address_fault(address) for address in _candidates(text)}
    good = dict.fromkeys(wire_address(address) for address, fault in checked.items() if fault is None)
    return tuple(good), tuple((address, fault) for address, fault in checked.items() if fault is not None)


def _candidates(text: str) -> list[str]:
    parts = [part for whole in text.split(";") for part in ([whole] if _NAMED.fullmatch(whole) else whole.split(","))]
    found = (_NAMED.sub(r"\1", part).strip() for part in parts)
    return [address for address in found if address]
