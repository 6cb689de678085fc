"""The levels workbook of so many items, by the program or by openpyxl alone: the same cells, for bench/run.py.

python bench/levels_workbook.py ours 50000
python bench/levels_workbook.py floor 50000
"""

import io
import sys
from datetime import date, timedelta

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from dunning_batch.core.money import as_decimal
from dunning_batch.state.columns import LEVELS
from dunning_batch.state.levels import Extras, workbook_bytes
from dunning_batch.state.memory import Memory
from dunning_batch.state.rows import Row
from dunning_batch.state.sheets import Look

FIRST = date(2025, 1, 1)


def rows_of(count: int) -> list[Row]:
    """Invented items."""
    return [
        Row(
            f"K{number:09d}", f"C{number % 1000:05d}", f"Société {number % 1000}", f"F{number:07d}",
            FIRST + timedelta(number % 300), FIRST + timedelta(number % 300 + 30), 1000 + number, 1000 + number, 1000 + number,
            number % 200, number % 4, FIRST + timedelta(300), "zip", 1 + number % 4, FIRST + timedelta(330), note="vu",
        )
        for number in range(count)
    ]  # fmt: skip


def floor(rows: list[Row]) -> bytes:
    """Openpyxl in its write-only mode, with number formats and nothing else."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Niveaux")
    sheet.append([column.fr for column in LEVELS])
    formats = {"money": "#,##0.00", "date": "dd/mm/yyyy"}
    for row in rows:
        cells = []
        for column in LEVELS:
            value = getattr(row, column.field)
            if value is None or value == "" or value is False:
                cells.append(None)
            elif column.kind in formats:
                cell = WriteOnlyCell(sheet, as_decimal(value) if column.kind == "money" else value)
                cell.number_format = formats[column.kind]
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    """Write one, and say how large it is."""
    rows = rows_of(int(sys.argv[2]))
    if sys.argv[1] == "floor":
        data = floor(rows)
    else:
        data = workbook_bytes(Memory(rows={row.key: row for row in rows}), "123456782", 1, Look("fr", 4), Extras())
    print(len(data))


if __name__ == "__main__":
    main()
