"""Numbers of registered letters that a person wrote into a run's `registered.xlsx`: they become part of the past.

`Historique` shows them as the reference of their letters, and a case file as the proof of posting.
"""

from collections.abc import Iterator, Sequence

from dunning_batch.config import Settings
from dunning_batch.delivery.places import LETTERS, REGISTERED
from dunning_batch.errors import InputError
from dunning_batch.language import LANGUAGES, language
from dunning_batch.reading.sheets import Sheet, cell_text, read_file, read_sheets
from dunning_batch.state.journal import Body
from dunning_batch.state.memory import Memory

_HEAD_ROWS = 10


def numbers_filled_in(settings: Settings, memory: Memory) -> tuple[Body, ...]:
    """For each run whose list has numbers that the journal does not know yet: `run`, and `numbers` by document.

    A list that was taken away or cannot be read says nothing.
    """
    known = {(row.run, row.document): row.reference for row in memory.past if row.document}
    found = []
    for run in memory.runs.values():
        path = settings.output / run.name / REGISTERED
        if run.undone or not path.is_file():
            continue
        try:
            sheets = read_sheets(read_file(path, path.name), path.name)
        except InputError:
            continue
        numbers = {
            document: number
            for sheet in sheets
            for document, number in _numbers_of(sheet)
            if known.get((run.name, document)) not in (None, number)
        }
        if numbers:
            found.append({"run": run.name, "numbers": numbers})
    return tuple(found)


def _numbers_of(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Documents and their numbers, whatever rows stand above and however the rows are sorted."""
    for rank, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        file, number = _column(row, "File"), _column(row, "Registered number")
        if file is None or number is None:
            continue
        for cells in sheet.rows[rank + 1 :]:
            texts = [cell_text(cells[place]).strip() if place < len(cells) else "" for place in (file, number)]
            if all(texts):
                yield f"{LETTERS}/{texts[0]}", texts[1]
        return


def _column(row: Sequence[object], heading: str) -> int | None:
    """Where a heading stands, in either language."""
    spellings = {language(code).text(heading).casefold() for code in LANGUAGES}
    return next((place for place, cell in enumerate(row) if cell_text(cell).strip().casefold() in spellings), None)
