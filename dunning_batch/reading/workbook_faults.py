"""Cells of movements that are errors or formulas nobody has computed: named, never read as empty (faults 26, 30)."""

from bisect import bisect_left

from dunning_batch.errors import Problem, msg
from dunning_batch.reading.workbook_body import Body
from dunning_batch.reading.workbook_sections import kind_of_sum

_MOST = 200
_UNCHECKED = frozenset({"balance", "bucket", "account_name", "journal_label", "label"})


def faulty_cells(body: Body) -> list[Problem]:
    """One problem a cell, in the columns that are read; what stands in a row of sums is nobody's business."""
    fields = {place: name for name, place in body.fields.items() if name not in _UNCHECKED}
    problems: list[Problem] = []
    first = body.sheet.lines[body.start] if body.count else 0
    for (line, column), fault in sorted(body.sheet.faults.items()):
        name = fields.get(column - 1)
        if name is None or line < first or len(problems) >= _MOST:
            continue
        row = bisect_left(body.sheet.lines, line) - body.start
        if kind_of_sum(text for _, text in body.texts(row)):
            continue
        if fault == "error":
            text = msg("{column}: this cell holds an error: correct it.", column=body.heading(name))
            problems.append(body.problem("error_cell", text, row, name))
        else:
            text = msg("{column}: this formula has no value: open the file in a spreadsheet, save it, run again.",
                       column=body.heading(name))  # fmt: skip
            problems.append(body.problem("formula_without_value", text, row, name))
    return problems
