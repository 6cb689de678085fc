"""The customers that owe something and stand in no file, as a workbook ready to fill (`check --missing-customers`)."""

import io
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dunning_batch.core.customers import Customer
from dunning_batch.core.money import as_decimal
from dunning_batch.core.openitems import CustomerBalance
from dunning_batch.files import temporary_files
from dunning_batch.language import LanguageCode

_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("Client", "Customer", 14), ("Nom", "Name", 32), ("Adresse 1", "Address 1", 28), ("Adresse 2", "Address 2", 20),
    ("Adresse 3", "Address 3", 14), ("Adresse 4", "Address 4", 14), ("Code postal", "Postcode", 12),
    ("Ville", "Town", 20), ("Pays", "Country", 12), ("Email", "Email", 30), ("Langue", "Language", 10),
    ("Type", "Type", 16), ("Délai", "Terms", 24), ("Relancer", "Remind", 10), ("Canal", "Channel", 12),
    ("Suspendu jusqu'au", "Held until", 18), ("Motif", "Reason", 24), ("Niveau de départ", "Start level", 16),
    ("Compte comptable", "Ledger account", 18), ("Reste dû", "Open", 14),
)  # fmt: skip
_CHOICES: dict[LanguageCode, dict[str, str]] = {
    "fr": {"Langue": "fr,en", "Type": "professionnel,particulier,public", "Relancer": "oui,non",
           "Canal": "email,courrier"},
    "en": {"Language": "fr,en", "Type": "professional,consumer,public", "Remind": "yes,no", "Channel": "email,post"},
}  # fmt: skip
NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})
_EMAIL = 1 + [french for french, _, _ in _COLUMNS].index("Email")
_ROWS = 1000  # below the last customer, drop-downs go on so far


def missing_customers(
    balances: Iterable[CustomerBalance], customers: Mapping[str, Customer]
) -> tuple[CustomerBalance, ...]:
    """The balances with something open whose customer has no row; pseudo-customers are nobody to write to."""
    return tuple(
        balance for balance in balances if balance.open > 0 and not balance.nobody and balance.code not in customers
    )


@temporary_files()
def missing_customers_workbook(
    balances: Iterable[CustomerBalance],
    customers: Mapping[str, Customer],
    language: LanguageCode = "fr",
    accounts: Mapping[str, str] = NOTHING_KNOWN,
    emails: Mapping[str, str] = NOTHING_KNOWN,
) -> bytes:
    """An .xlsx with a row for each missing customer and what the ledger knows, drop-downs where words are few.

    Args:
        balances: Of all customers.
        customers: The customers file, by code.
        language: Of the headings.
        accounts: The account of each customer in the ledger.
        emails: Addresses from invoice copies, for somebody to look at.
    """
    missing = missing_customers(balances, customers)
    book = Workbook()
    sheet = book.create_sheet("Clients" if language == "fr" else "Customers", 0)
    del book["Sheet"]
    _write_head(sheet, language)
    for row, balance in enumerate(missing, 2):
        _write_text(sheet.cell(row, 1), balance.code)
        _write_text(sheet.cell(row, 2), balance.name if balance.name != balance.code else "")
        _write_text(sheet.cell(row, _EMAIL), emails.get(balance.code, ""))
        _write_text(sheet.cell(row, len(_COLUMNS) - 1), accounts.get(balance.code, ""))
        owed = sheet.cell(row, len(_COLUMNS), as_decimal(balance.open))
        owed.number_format = "#,##0.00"
    _add_choices(sheet, language, len(missing) + _ROWS)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _write_head(sheet: Worksheet, language: LanguageCode) -> None:
    for number, (french, english, width) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(1, number, french if language == "fr" else english)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3864")
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"


def _write_text(cell: Cell, text: str) -> None:
    """A text stays one, whatever it starts with (security rule S10)."""
    cell.value = "".join(sign for sign in text if sign.isprintable())
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True


def _add_choices(sheet: Worksheet, language: LanguageCode, last: int) -> None:
    headings = [french if language == "fr" else english for french, english, _ in _COLUMNS]
    for heading, words in _CHOICES[language].items():
        letter = get_column_letter(headings.index(heading) + 1)
        rule = DataValidation("list", formula1=f'"{words}"', allow_blank=True)
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)
