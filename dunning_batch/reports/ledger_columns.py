"""What was understood of a ledger in a workbook: column, meaning, example, and the lines to paste under the rules."""

from collections.abc import Iterable, Iterator
from typing import Any

from dunning_batch.core.ledger import ColumnMeaning, LedgerFile
from dunning_batch.errors import Message, msg
from dunning_batch.language import Language
from dunning_batch.reports.tables import Column, table_text

MEANINGS: dict[str, Message] = {
    "date": msg("date of the entry"),
    "piece": msg("piece"),
    "invoice": msg("invoice number"),
    "piece_date": msg("date of the invoice"),
    "due_date": msg("due date"),
    "label": msg("label"),
    "account": msg("account"),
    "account_name": msg("name of the account"),
    "first_name": msg("first name"),
    "customer": msg("customer's code"),
    "customer_name": msg("customer's name"),
    "journal": msg("journal"),
    "journal_label": msg("name of the journal"),
    "number": msg("number of the entry"),
    "debit": msg("debit"),
    "credit": msg("credit"),
    "amount": msg("amount"),
    "side": msg("side of the amount (D or C)"),
    "lettering": msg("lettering code"),
    "lettering_date": msg("date of lettering"),
    "paid": msg("paid or not"),
    "paid_on": msg("day of payment"),
    "paid_amount": msg("amount paid"),
    "residual": msg("amount left to pay"),
    "balance": msg("running balance, as a check"),
    "currency": msg("currency"),
    "period": msg("month of the entry"),
    "type": msg("kind of row"),
    "item": msg("article, to tell rows of one invoice"),
}
_NOT_USED = msg("not used")
_KEYS = ("date", "piece", "piece_date", "due_date", "label", "account", "customer", "customer_name", "journal", "debit",
         "credit", "amount", "lettering", "paid", "paid_on", "paid_amount", "currency")  # fmt: skip
_COLUMNS = (Column(msg("Column")), Column(msg("Heading")), Column(msg("Meaning")), Column(msg("Example")))


def columns_text(files: Iterable[LedgerFile], language: Language) -> str:
    """A table for each file that has columns, and what to write to have it read so for ever; empty for FECs."""
    return "".join(_file_text(file, language) for file in files if file.columns)


def _file_text(file: LedgerFile, language: Language) -> str:
    rows = [(one.column, one.heading, language.message(_meaning(one)), one.example) for one in file.columns]
    lines = "\n".join(proposed(file.columns))
    title = language.text("{file} is read as: {dialect}", file=file.name, dialect=file.dialect)
    advice = language.text("If a meaning is wrong, paste this into config.toml and correct it:")
    return f"{title}\n{table_text(_COLUMNS, rows, language)}{advice}\n{lines}\n\n"


def _meaning(column: ColumnMeaning) -> Message:
    return MEANINGS.get(column.field, _NOT_USED)


def proposed(columns: Iterable[ColumnMeaning]) -> Iterator[str]:
    """`[ledger.columns]` as it would have to be written to be understood in the same way."""
    known = {one.field: one.heading for one in columns if one.heading}
    if "invoice" in known:
        known["piece"] = known["invoice"]
    yield "[ledger.columns]"
    for key in _KEYS:
        if key in known:
            written = known[key].replace("\\", "\\\\").replace('"', '\\"')
            yield f'{key} = "{" ".join(written.split())}"'


def columns_json(files: Iterable[LedgerFile]) -> list[dict[str, Any]]:
    """The same as data; `meaning` is a key of `[ledger.columns]` or a word of the program, empty where not used."""
    return [
        {
            "file": file.name,
            "dialect": file.dialect,
            "columns": [
                {"column": one.column, "heading": one.heading, "meaning": one.field, "example": one.example}
                for one in file.columns
            ],
        }
        for file in files
        if file.columns
    ]
