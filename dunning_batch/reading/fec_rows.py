"""Lines of a FEC with another number of fields than its header: mended where there is one way only (rule A7)."""

from collections.abc import Iterator
from itertools import combinations

from dunning_batch.core.money import read_amount
from dunning_batch.errors import Problem, Source, msg
from dunning_batch.reading.days import read_day
from dunning_batch.reading.fec_columns import ACCOUNT_START, AMOUNTS, DATES, OPTIONAL_TAIL, Header

_MOST_EXTRA = 4  # fields too many that are tried; beyond, the line is lost
_LISTED = 3  # fields of a wrong line that are shown


def mended(text: str, header: Header) -> tuple[list[str] | None, bool]:
    """The fields of a line, one for each column of the header, and whether fields were joined; None: it cannot be."""
    fields = text.split(header.separator)
    width = len(header.names)
    if len(fields) < width:
        lacking = {field for field, place in header.columns.items() if place >= len(fields)}
        return (fields + [""] * (width - len(fields)) if lacking <= OPTIONAL_TAIL else None), False
    if len(fields) == width:
        return fields, False
    if _only_ends_with_separator(fields, header):
        return fields[:-1], False
    ways = list(_two_ways(fields, header))
    return (ways[0], True) if len(ways) == 1 else (None, False)


def _only_ends_with_separator(fields: list[str], header: Header) -> bool:
    """Whether what is too much is an empty end, and no separator can have stood inside a text before it (fault 3)."""
    row = fields[:-1]
    if len(row) != len(header.names) or fields[-1].strip() or not _is_valid(row, header):
        return False
    essential = [place for field, place in header.columns.items() if field not in OPTIONAL_TAIL]
    others = (_joined(fields, frozenset((joint,)), header.separator) for joint in range(1, len(fields)))
    return not any(
        any(other[place] != row[place] for place in essential) and _is_valid(other, header) for other in others
    )


def _two_ways(fields: list[str], header: Header) -> Iterator[list[str]]:
    """The ways of joining neighbours that make every date, account and amount valid; two are as bad as many."""
    width, extra = len(header.names), len(fields) - len(header.names)
    if extra > _MOST_EXTRA:
        return
    found = 0
    for joints in combinations(range(1, len(fields)), extra):
        row = _joined(fields, frozenset(joints), header.separator)
        if len(row) == width and _is_valid(row, header):
            found += 1
            yield row
        if found > 1:
            return


def _joined(fields: list[str], joints: frozenset[int], separator: str) -> list[str]:
    row = [fields[0]]
    for place in range(1, len(fields)):
        if place in joints:
            row[-1] += separator + fields[place]
        else:
            row.append(fields[place])
    return row


def _is_valid(row: list[str], header: Header) -> bool:
    columns = header.columns
    value = {field: unquoted(row[place].strip()) for field, place in columns.items()}
    days = (read_day(value[field]) for field in (*DATES, "valid_date", "lettering_date") if field in columns)
    amounts = (read_amount(value[field]) for field in (*AMOUNTS, "currency_amount") if field in columns)
    side = value.get("side", "D").upper() in ("D", "C", "+1", "-1")
    account = ACCOUNT_START.match(value.get("account", "411")) is not None
    return account and side and not any(isinstance(day, str) for day in days) and None not in amounts


def unquoted(text: str) -> str:
    """A field that is quoted as a whole, without its quotes; any other quote is part of the text (fault 4)."""
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text


def wrong_width(text: str, line: int, shown: str, header: Header, *, cut: bool) -> Problem:
    """The error for a line that cannot be mended; `cut`: it is the last one and has no line end (fault 2)."""
    source = Source(shown, line)
    if cut:
        return Problem("cut_file", msg("The last line is cut off: the file is incomplete. Export or copy it again."),
                       "error", source)  # fmt: skip
    fields = text.split(header.separator)
    message = msg(
        "This line has {found} fields where the header has {expected} (it begins {start}): a separator inside a text? "
        "Correct the line or export again.",
        found=len(fields),
        expected=len(header.names),
        start=" ".join(field.strip() for field in fields[:_LISTED]),
    )
    return Problem("wrong_width", message, "error", source)


def mended_problem(line: int, shown: str) -> Problem:
    """What is said of a line that was mended."""
    text = msg("A separator stood inside a text of this line; its fields were joined in the one way that makes sense.")
    return Problem("mended_line", text, "notice", Source(shown, line))
