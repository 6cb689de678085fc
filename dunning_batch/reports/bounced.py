"""What delivery notices changed, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from dunning_batch.errors import msg
from dunning_batch.language import Language
from dunning_batch.reports.tables import Column, table_text

_COLUMNS = (
    Column(msg("Customer"), width=14),
    Column(msg("Name"), width=28),
    Column(msg("Address"), width=28),
    Column(msg("Reason"), width=40),
    Column(msg("New level"), width=10),
)


@dataclass(frozen=True, slots=True)
class Bounced:
    """One address that a notice names."""

    customer: str
    name: str
    address: str
    reason: str
    levels: tuple[int, ...]  # of the items of the reminder, as they are now
    refused: bool  # nobody has the reminder; else another address of the customer has it


def bounced_table(rows: Sequence[Bounced], language: Language) -> str:
    """A row an address."""
    cells = [(row.customer, row.name, row.address, row.reason, _levels(row, language)) for row in rows]
    return table_text(_COLUMNS, cells, language)


def _levels(row: Bounced, language: Language) -> str:
    shown = ", ".join(map(str, sorted(set(row.levels)))) or "-"
    return shown if row.refused else language.text("{levels} (others have it)", levels=shown)
