"""What was understood of a sheet: each column with its heading, its meaning and an example."""

from dunning_batch.core.ledger import ColumnMeaning
from dunning_batch.reading.archive_guard import column_letters
from dunning_batch.reading.sheets import cell_text
from dunning_batch.reading.workbook_body import Body


def meanings_of(body: Body) -> tuple[ColumnMeaning, ...]:
    """One a column that has a heading or a meaning, from left to right."""
    fields = {place: name for name, place in body.fields.items()}
    return tuple(
        ColumnMeaning(
            column_letters(place + 1) if body.sheet.name else str(place + 1), body.header.headings.get(place, ""),
            fields.get(place, ""), _example(body, place),
        )
        for place in sorted({*fields, *body.header.headings})
    )  # fmt: skip


def _example(body: Body, place: int) -> str:
    column = body.columns[place] if place < len(body.columns) else ()
    return next((cell_text(cell).strip()[:40] for cell in column if cell not in ("", None)), "")
