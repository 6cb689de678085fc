"""The system's keyring: what is locked, absent or a file of somebody's counts as none (S12, fault 115).

Windows keeps 2 560 bytes an entry, in UTF-16, and a Microsoft sign-in takes some 6 000: what is long lies in parts,
and an entry that is written last says which parts hold.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from secrets import token_hex
from typing import Any

_SERVICE = "dunning-batch"
_LONGEST = 1000  # characters of a part
_RECOMMENDED = 1  # priority from which on the package `keyring` trusts a backend; files and "nowhere" lie below
_HEAD = re.compile(r"([0-9a-f]{8}):(\d{1,3}):[0-9a-f]{64}")
_TRIES = 3
_ERRORS = (("keyring.errors", "KeyringError"), ("win32ctypes.pywin32.pywintypes", "error"))


def is_there() -> bool:
    """Whether something can be kept: tried with an entry that says nothing."""
    kept = put("test", "test", "test")
    drop("test", "test")
    return kept


def put(place: str, name: str, secret: str) -> bool:
    """Keep a secret of at most a thousand characters; whether that could be done."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(f"{_SERVICE}:{place}", name, secret)
    except _failures():
        return False
    return True


def get(place: str, name: str) -> str:
    """A secret that was kept; empty where there is none, or no keyring."""
    keyring = _keyring()
    if keyring is None:
        return ""
    try:
        return keyring.get_password(f"{_SERVICE}:{place}", name) or ""
    except _failures():
        return ""


def drop(place: str, name: str) -> None:
    """Forget a secret; one that is not there is forgotten already."""
    keyring = _keyring()
    if keyring is not None:
        with suppress(*_failures()):
            keyring.delete_password(f"{_SERVICE}:{place}", name)


def put_long(place: str, name: str, secret: str) -> bool:
    """Keep a secret of any length; whether that could be done. Until then, the one that was there holds.

    Runs of several dossiers may do that at once with one account: the parts of each have names of their own.
    """
    count = -(-len(secret) // _LONGEST)
    head = f"{token_hex(4)}:{count}:{_digest(secret)}"
    parts = (secret[number * _LONGEST : (number + 1) * _LONGEST] for number in range(count))
    kept = all(put(place, part_name, part) for part_name, part in zip(_names(name, head), parts, strict=True))
    before = get(place, name)
    kept = kept and put(place, name, head)
    for part_name in _names(name, before if kept else head):
        drop(place, part_name)
    return kept


def get_long(place: str, name: str) -> str:
    """A secret that was kept; empty where there is none, or not the whole of it."""
    for _ in range(_TRIES):  # another run may be putting a newer one in its place
        head = get(place, name)
        secret = "".join(get(place, part_name) for part_name in _names(name, head))
        if head.endswith(f":{_digest(secret)}"):
            return secret
    return ""


def _names(name: str, head: str) -> Iterator[str]:
    """Where the parts are that the entry of that name tells of."""
    if found := _HEAD.fullmatch(head):
        yield from (f"{name}#{found[1]}-{number}" for number in range(int(found[2])))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _keyring() -> Any:  # noqa: ANN401 - an extra that may be missing
    """The package, where it leads to a keyring of the system."""
    try:
        keyring = import_module("keyring")
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
        first = next(iter(getattr(backend, "backends", ())), backend)  # of several, the one that keeps
        trusted = first.priority >= _RECOMMENDED
    except _failures():
        return None
    return keyring if trusted else None


def _failures() -> tuple[type[Exception], ...]:
    """How a keyring says that it is locked, absent or broken."""
    found: list[type[Exception]] = [RuntimeError, OSError]
    for module, name in _ERRORS:
        with suppress(ImportError):
            found.append(getattr(import_module(module), name))
    return tuple(found)
