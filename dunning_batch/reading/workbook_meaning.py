"""What was understood of a sheet: each column with its heading, its meaning and an example."""

import numpy as np

from dunning_batch.core.ledger import ColumnMeaning
from dunning_batch.reading.archive_guard import column_letters
from dunning_batch.reading.sheets import cell_text
from dunning_batch.reading.workbook_body import Body


def meanings_of(body: Body, rows: np.ndarray) -> tuple[ColumnMeaning, ...]:
    """One a column that has a heading or a meaning, from left to right; examples are of these rows."""
    used = {body.heading(name) for name in body.fields}
    columns = {place: ("", text) for place, text in body.header.headings.items() if text not in used}
    columns |= {place: (name, body.heading(name)) for name, place in body.fields.items()}
    return tuple(
        ColumnMeaning(
            column_letters(place + 1) if body.sheet.name else str(place + 1), heading, name, _example(body, place, rows)
        )
        for place, (name, heading) in sorted(columns.items())
    )


def _example(body: Body, place: int, rows: np.ndarray) -> str:
    if place >= len(body.columns):
        return ""
    cells = (body.columns[place][row] for row in rows.tolist())
    return next((cell_text(cell).strip()[:40] for cell in cells if cell not in ("", None)), "")
