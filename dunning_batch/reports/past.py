"""`history` in every form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dunning_batch.errors import msg
from dunning_batch.language import Language
from dunning_batch.reports.run_json import dump
from dunning_batch.reports.tables import Column, csv_bytes, table_text, xlsx_bytes

COLUMNS = {
    "run": Column(msg("Run"), width=14),
    "day": Column(msg("Date"), "date"),
    "customer": Column(msg("Customer"), width=14),
    "name": Column(msg("Name"), width=28),
    "piece": Column(msg("Piece"), width=16),
    "before": Column(msg("Level before"), "number", 12),
    "level": Column(msg("Level"), "number", 8),
    "open": Column(msg("Open"), "money", 14),
    "result": Column(msg("Result"), width=18),
    "document": Column(msg("Document"), width=30),
}


def history_bytes(rows: Sequence[Any], form: str, language: Language) -> bytes:
    """Rows of the past (state/memory.py) as table, JSON, CSV or workbook."""
    if form == "json":
        return dump({"schema": 1, "history": [{name: _plain(getattr(row, name)) for name in COLUMNS} for row in rows]})
    columns = tuple(COLUMNS.values())
    cells = [tuple(getattr(row, name) for name in COLUMNS) for row in rows]
    if form == "csv":
        return csv_bytes(columns, cells, language)
    if form == "xlsx":
        return xlsx_bytes(language.text("History"), columns, cells, language)
    return table_text(columns, cells, language).encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
