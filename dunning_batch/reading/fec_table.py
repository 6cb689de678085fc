"""The customer lines of a FEC as a table (reading/part.py)."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dunning_batch.core.ledger import PLACEHOLDERS

_CATEGORIES = ("journal", "account", "account_name", "customer", "customer_name")


def table_of(
    kept: list[pa.Table], entry: np.ndarray, flags: np.ndarray, keys: pa.Array, numbers: np.ndarray
) -> pd.DataFrame:
    """The lines of all batches in the order of the file.

    Args:
        kept: The customer lines by batch.
        entry: Number of the entry of each run.
        flags: Bits of Counterpart of each entry.
        keys: Text of each entry's key.
        numbers: Number in the file of each row.
    """
    if not kept:
        return _empty()
    table = pa.concat_tables(kept).unify_dictionaries().combine_chunks()
    rows = table["row"].to_numpy()
    entries = entry[table["run"].to_numpy()]
    opening = table["opening"].to_numpy(zero_copy_only=False)
    lines = pd.DataFrame(
        {
            "line": numbers[rows],
            "opening": opening,
            "advance": table["advance"].to_numpy(zero_copy_only=False),
            "amount": table["amount"].to_numpy(),
            "counterparts": np.where(opening, 0, flags[entries]).astype(np.uint8),
            **{name: _day(table[column]) for name, column in _DAYS},
            **{name: table[column].to_pandas() for name, column in (("number", "number"), ("label", "label"))},
            "code": table["lettering"].to_pandas(),
            "piece": _piece(table).to_pandas(),
        }
    )
    for name, column in (("journal", "journal"), ("account", "account"), ("account_name", "account_name"),
                         ("auxiliary", "customer"), ("auxiliary_name", "customer_name")):  # fmt: skip
        lines[name] = table[column].to_pandas()
    lines["entry_text"] = _entry_texts(entries, keys)
    return (
        lines.sort_values("line", kind="stable", ignore_index=True)
        if not lines["line"].is_monotonic_increasing
        else lines
    )


_DAYS = (("date", "date"), ("piece_date", "piece_date"), ("due", "due_date"), ("code_date", "lettering_date"))


def _day(column: pa.ChunkedArray) -> np.ndarray:
    days: np.ndarray = column.to_numpy().astype("datetime64[D]").astype("datetime64[s]")
    return days


def _piece(table: pa.Table) -> pa.ChunkedArray:
    """`NumFacture`, else `PieceRef` (rule A4)."""
    if "invoice" not in table.column_names:
        return table["piece"]
    none = pc.is_in(table["invoice"], pa.array(sorted(PLACEHOLDERS)))
    return pc.if_else(none, table["piece"], table["invoice"])


def _entry_texts(entries: np.ndarray, keys: pa.Array) -> pd.Categorical:
    """The key of the entry of each line; keys of entries without a customer are not kept."""
    distinct, place = np.unique(entries, return_inverse=True)
    texts = keys.take(pa.array(distinct)).to_pylist()
    return pd.Categorical.from_codes(place, categories=pd.Index(texts, dtype=object))


def _empty() -> pd.DataFrame:
    columns = {
        name: pd.Series(dtype=kind)
        for name, kind in (
            ("line", "int64"),
            ("opening", "bool"),
            ("advance", "bool"),
            ("amount", "int64"),
            ("counterparts", "uint8"),
        )
    }
    texts = {name: pd.Series(dtype="str") for name in ("number", "label", "code", "piece")}
    days = {name: pd.Series(dtype="datetime64[s]") for name, _ in _DAYS}
    categories = {
        name: pd.Series(pd.Categorical([]))
        for name in ("journal", "account", "account_name", "auxiliary", "auxiliary_name", "entry_text")
    }
    return pd.DataFrame({**columns, **texts, **days, **categories})
