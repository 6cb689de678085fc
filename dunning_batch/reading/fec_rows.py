"""Lines of a FEC with another number of fields than its header: mended where there is one way only (rule A7)."""

from collections.abc import Callable, Iterator

from dunning_batch.core.money import read_amount
from dunning_batch.errors import Problem, Source, msg
from dunning_batch.reading.days import read_day
from dunning_batch.reading.fec_columns import ACCOUNT_START, AMOUNTS, DATES, Header, may_lack
from dunning_batch.reading.texts import unquoted

_LISTED = 3  # fields of a wrong line that are shown
_MOST_FIELDS = 200  # of a line that is worth trying


def mended(text: str, header: Header) -> tuple[list[str] | None, bool]:
    """The fields of a line, one for each column of the header, and whether fields were joined; None: it cannot be."""
    fields = text.split(header.separator)
    if len(fields) <= header.width:
        whole = len(fields) == header.width or may_lack(header, len(fields))
        return (fields + [""] * (header.width - len(fields)) if whole else None), False
    if len(fields) > _MOST_FIELDS:
        return None, False
    rows = _two_ways(fields, header)
    return (rows[0], True) if len(rows) == 1 else (None, False)


def _two_ways(fields: list[str], header: Header) -> list[list[str]]:
    """The ways of joining neighbours that make every date, account and amount valid; two stand for any more.

    Column after column, for each number of fields used up so far at most two ways are kept.
    """
    checks = _checks(header)
    extra = len(fields) - header.width
    ways: dict[int, list[list[str]]] = {0: [[]]}
    for place in range(header.width):
        longer: dict[int, list[list[str]]] = {}
        for used, rows in ways.items():
            for end in range(used + 1, place + extra + 2):
                value = header.separator.join(fields[used:end])
                if place not in checks or checks[place](unquoted(value.strip())):
                    longer.setdefault(end, []).extend([*row, value] for row in rows)
        ways = {end: rows[:2] for end, rows in longer.items()}
    return ways.get(len(fields), [])


def _checks(header: Header) -> dict[int, Callable[[str], bool]]:
    """What each column must hold, by its place."""
    days: dict[str, Callable[[str], bool]] = dict.fromkeys((*DATES, "valid_date", "lettering_date"), _is_day)
    amounts: dict[str, Callable[[str], bool]] = dict.fromkeys((*AMOUNTS, "currency_amount"), _is_amount)
    known = days | amounts | {"date": _is_given_day, "account": _is_account, "side": _is_side}
    return {header.columns[name]: check for name, check in known.items() if name in header.columns}


def _is_day(text: str) -> bool:
    return not isinstance(read_day(text), str)


def _is_given_day(text: str) -> bool:
    return not isinstance(read_day(text), str | None)


def _is_amount(text: str) -> bool:
    return read_amount(text) is not None


def _is_account(text: str) -> bool:
    return ACCOUNT_START.match(text) is not None


def _is_side(text: str) -> bool:
    return text.upper() in {"D", "C", "+1", "-1"}


def cut_file(shown: str, line: int) -> Problem:
    """The error for a last line that has no end and lacks fields (fault 2)."""
    text = msg("The last line is cut off: the file is incomplete. Export or copy it again.")
    return Problem("cut_file", text, "error", Source(shown, line))


def wrong_width(text: str, line: int, shown: str, header: Header, *, cut: bool) -> Problem:
    """The error for a line that cannot be mended; `cut`: it is the last one and has no line end (fault 2)."""
    if cut:
        return cut_file(shown, line)
    fields = text.split(header.separator)
    message = msg(
        "This line has {found:field|fields} where the header has {expected} (it begins {start}): a separator inside a "
        "text? Correct the line or export again.",
        found=len(fields),
        expected=header.width,
        start=" ".join(_short(fields)),
    )
    return Problem("wrong_width", message, "error", Source(shown, line))


def _short(fields: list[str]) -> Iterator[str]:
    for name in fields[:_LISTED]:
        yield "".join(sign if sign.isprintable() else " " for sign in name.strip()[:40])


def mended_problem(line: int, shown: str) -> Problem:
    """What is said of a line that was mended."""
    text = msg("A separator stood inside a text of this line; its fields were joined in the one way that makes sense.")
    return Problem("mended_line", text, "notice", Source(shown, line))
