"""By what the program knows its own workbooks, and what their sheets share; read without loading what writes them."""

from dataclasses import dataclass

from dunning_batch.language import LanguageCode

CREDITOR, FORMAT, MARK = "dunning-batch creditor", "dunning-batch format", "dunning-batch mark"
FORMAT_NUMBER = 1


@dataclass(frozen=True, slots=True)
class Look:
    """What the sheets of one workbook share."""

    language: LanguageCode
    levels: int  # how many the dossier has
