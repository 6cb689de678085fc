"""Columns of text -> days and cents, a whole batch at once; what is none is named by its row."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.money import read_amount
from dunning_batch.reading.days import day_number, read_day

NO_DAY = np.iinfo(np.int64).min
_USUAL = r"^-?[0-9]{1,13}[.,][0-9]{2}$"
Bad = list[tuple[int, str]]  # (row of the batch, text)


def clean(text: str) -> str:
    """Without blanks around, and without quotes around a field that is quoted as a whole (fault 4)."""
    text = text.strip()
    return text[1:-1].replace('""', '"').strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def cleaned(column: pa.Array) -> pa.Array:
    """`clean` for a whole column."""
    column = pc.utf8_trim_whitespace(column)
    if pc.any(pc.starts_with(column, '"')).as_py():
        inner = pc.replace_substring_regex(column, r'(?s)^"(.*)"$', r"\1")
        changed = pc.not_equal(inner, column)
        column = pc.if_else(changed, pc.utf8_trim_whitespace(pc.replace_substring(inner, '""', '"')), column)
    return column


def days(column: pa.Array, bad: Bad, *, lenient: bool = False) -> np.ndarray:
    """Days since 1970, NO_DAY for none; each distinct text is read once.

    Args:
        column: Texts.
        bad: Rows whose text is no day are added.
        lenient: What is no day counts as none, and is not added.
    """
    encoded = pc.dictionary_encode(column)
    numbers, wrong = [], set()
    for place, text in enumerate(encoded.dictionary.to_pylist()):
        found = read_day(clean(text))
        if isinstance(found, str):
            wrong.add(place)
        numbers.append(NO_DAY if found is None or isinstance(found, str) else day_number(found))
    indices = encoded.indices.to_numpy()
    if wrong and not lenient:
        rows = np.flatnonzero(np.isin(indices, sorted(wrong)))
        bad.extend((row, column[row].as_py()) for row in rows.tolist())
    return np.array(numbers, np.int64)[indices] if numbers else np.zeros(0, np.int64)


def cents(column: pa.Array, bad: Bad) -> np.ndarray:
    """Cents of amounts: `1234,56` by the million, any other spelling one by one with `read_amount`."""
    usual = _usual_cents(column)
    if usual is not None:
        return usual
    column = cleaned(column)
    column = pc.if_else(pc.equal(column, ""), "0,00", column)  # empty is zero
    is_usual = pc.match_substring_regex(column, _USUAL)
    digits = pc.replace_substring_regex(pc.if_else(is_usual, column, "0"), "[.,]", "")
    amounts: np.ndarray = pc.cast(digits, pa.int64()).to_numpy(zero_copy_only=False).copy()
    for row in np.flatnonzero(~is_usual.to_numpy(zero_copy_only=False)).tolist():
        text = column[row].as_py()
        read = read_amount(text)
        if read is None:
            bad.append((row, text))
        else:
            amounts[row] = read
    return amounts


def _usual_cents(column: pa.Array) -> np.ndarray | None:
    """Cents where every amount has a comma before its last two digits and nothing else but digits and a sign."""
    comma = pc.equal(pc.find_substring(column, ","), pc.subtract(pc.binary_length(column), 3))
    if not pc.all(comma).as_py():
        return None
    try:
        amounts: np.ndarray = pc.cast(pc.replace_substring(column, ",", ""), pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return amounts


def sides(column: pa.Array, bad: Bad) -> np.ndarray:
    """+1 for a debit, -1 for a credit: `D`, `C`, `+1`, `-1`."""
    known = {"D": 1, "C": -1, "+1": 1, "-1": -1, "1": 1}
    encoded = pc.dictionary_encode(column)
    texts = [clean(text).upper() for text in encoded.dictionary.to_pylist()]
    indices = encoded.indices.to_numpy()
    wrong = [place for place, text in enumerate(texts) if text not in known]
    rows = np.flatnonzero(np.isin(indices, wrong)) if wrong else ()
    bad.extend((row, column[row].as_py()) for row in np.asarray(rows).tolist())
    return np.array([known.get(text, 0) for text in texts], np.int64)[indices] if texts else np.zeros(0, np.int64)


def classes(column: pa.Array, judge: Callable[[str], int]) -> np.ndarray:
    """What a function says of each text, asked once for each distinct one."""
    encoded = pc.dictionary_encode(column)
    said = [judge(clean(text)) for text in encoded.dictionary.to_pylist()]
    return np.array(said or [0])[encoded.indices.to_numpy()] if len(column) else np.zeros(0, np.int64)
