"""Names of letters: portable, unique, and in postal order inside a zip (fault 61, S11).

`<customer>-<level>.pdf`, in ASCII; a digest is added only where the customer's code could not be kept as it is, or
where two letters would bear one name. No name depends on which other customers are written to in the same order.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dunning_batch.core.postal import postal_order
from dunning_batch.core.reminders import Reminder

_MAX_STEM = 60
_MAX_CODE = 40
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))]
)


@dataclass(frozen=True, slots=True)
class Named:
    """A reminder and what its letter is called."""

    reminder: Reminder
    file: str  # inside `letters/`
    zip_name: str  # inside letters.zip: sorts in postal order


def named(reminders: Iterable[Reminder]) -> tuple[Named, ...]:
    """The reminders in postal order, with the names of their letters."""
    ordered = sorted(reminders, key=_order)
    width = max(3, len(str(len(ordered))))
    files = file_names(ordered)
    return tuple(
        Named(reminder, file, f"{rank:0{width}}-{file}")
        for rank, (reminder, file) in enumerate(zip(ordered, files, strict=True), 1)
    )


def file_names(reminders: Iterable[Reminder]) -> tuple[str, ...]:
    """One name a reminder, in their order; two never differ by case alone."""
    stems = [list(_stems(reminder)) for reminder in reminders]
    # Each letter takes its shortest name that no other letter could take as well.
    claimed = Counter(stem.casefold() for choices in stems for stem in set(choices))
    return tuple(
        next((stem for stem in choices if claimed[stem.casefold()] == 1), choices[-1]) + ".pdf" for choices in stems
    )


def casefile_name(code: str) -> str:
    """The name of the file on a customer."""
    return f"casefile-{_slug(code, 'customer')}.pdf"


def _stems(reminder: Reminder) -> Iterator[str]:
    """The names that a letter may have, from the plain one to the one that is certainly its own."""
    level = str(reminder.level.number)
    plain = f"{_slug(reminder.customer.code, 'customer')}-{level}"
    yield plain
    if len(reminder.items) == 1 and (piece := reminder.items[0].decision.item.piece.strip()):
        yield f"{plain}-{_slug(piece, 'piece')}"[:_MAX_STEM]
    yield f"{plain}-{reminder.id[:8]}"
    yield f"{plain}-{reminder.id}"


def _slug(text: str, otherwise: str) -> str:
    """The text if every system takes it as a file name, else what is left of it and a digest of it."""
    if _SAFE.fullmatch(text) and len(text) <= _MAX_CODE and text.upper() not in _RESERVED:
        return text
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = _UNSAFE.sub("-", bare)[:_MAX_CODE].strip("-") or otherwise
    return f"{kept}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _order(reminder: Reminder) -> tuple[tuple[str, str, str, str], int, str]:
    return postal_order(reminder.customer, reminder.name), reminder.level.number, reminder.id
