"""`history` in every form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dunning_batch.errors import msg
from dunning_batch.language import Language
from dunning_batch.reports.run_json import dump
from dunning_batch.reports.tables import Column, csv_bytes, table_text, xlsx_bytes
from dunning_batch.wording import CHANNELS, PAST_RESULTS

COLUMNS = {
    "run": Column(msg("Run"), width=14),
    "day": Column(msg("Date"), "date"),
    "customer": Column(msg("Customer"), width=14),
    "name": Column(msg("Name"), width=28),
    "piece": Column(msg("Piece"), width=16),
    "before": Column(msg("Level before"), "number", 12),
    "level": Column(msg("Level"), "number", 8),
    "open": Column(msg("Open"), "money", 14),
    "channel": Column(msg("Channel"), width=10),
    "recipient": Column(msg("Recipient"), width=28),
    "result": Column(msg("Result"), width=18),
    "document": Column(msg("Document"), width=30),
    "reference": Column(msg("Reference"), width=24),
}
_NOT_ON_SCREEN = ("channel", "recipient", "reference")  # a terminal is narrow
_WORDS = {"channel": CHANNELS, "result": PAST_RESULTS}


def history_bytes(rows: Sequence[Any], form: str, language: Language) -> bytes:
    """Rows of the past (state/memory.py) as table, JSON, CSV or workbook."""
    if form == "json":
        return dump({"schema": 1, "history": [{name: _plain(getattr(row, name)) for name in COLUMNS} for row in rows]})
    names = [name for name in COLUMNS if form != "table" or name not in _NOT_ON_SCREEN]
    columns = tuple(COLUMNS[name] for name in names)
    cells = [tuple(_said(row, name, language) for name in names) for row in rows]
    if form == "csv":
        return csv_bytes(columns, cells, language)
    if form == "xlsx":
        return xlsx_bytes(language.text("History"), columns, cells, language)
    return table_text(columns, cells, language).encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _said(row: Any, name: str, language: Language) -> str | int | date | None:  # noqa: ANN401
    """A value, in words where it is one of a few."""
    value: str | int | date | None = getattr(row, name)
    word = _WORDS.get(name, {}).get(str(value))
    return language.message(word) if word else value
