"""Layouts laid down for exchange: Dolibarr's FEC, IsaCompta; and two files that LibreOffice wrote, .ods and .xls."""

from dataclasses import replace
from pathlib import Path

from tests.reading.layouts import cegid, pme
from tests.reading.layouts.making import Layout, table, text

DATA = Path(__file__).parent / "data"


def dolibarr_fec() -> bytes:
    """A FEC with three columns more: due date, invoice, file."""
    return text(*table("""
        JournalCode | JournalLib | EcritureNum | EcritureDate | CompteNum | CompteLib | CompAuxNum | CompAuxLib | PieceRef | PieceDate | EcritureLib | Debit | Credit | EcritureLet | DateLet | ValidDate | Montantdevise | Idevise | DateLimitReglmt | NumFacture | FichierFacture
        VT | Ventes | 1 | 20260115 | 411 | Clients | 411DUPONT | DUPONT SA | FA2601-0001 | 20260115 | DUPONT SA | 600,00 | 0,00 |  |  | 20260131 |  |  | 20260214 | FA2601-0001 |
        VT | Ventes | 1 | 20260115 | 706 | Ventes |  |  | FA2601-0001 | 20260115 | DUPONT SA | 0,00 | 600,00 |  |  | 20260131 |  |  | 20260214 | FA2601-0001 |
    """), separator="\t")  # fmt: skip


def isacompta() -> bytes:
    """Days DDMMYYYY, accounts of eight digits, a letter and a due date at the end."""
    return text(*table("""
        id | jour     | numero_compte | journal | libelle_journal | type_compte | numero_piece | libelle_ecriture | debit  | credit | lettrage | date_echeance | sequence_analytique
        1  | 02012026 | 41100010      | VE      | Ventes          | ge          | F12          | DUPONT           | 125.5  | 0.0    | AAA      | 01022026      |
        2  | 02012026 | 70600000      | VE      | Ventes          | ge          | F12          | DUPONT           | 0.0    | 125.5  |          |               |
        3  | 30012026 | 41100010      | BQ      | Banque          | ge          | R3           | DUPONT           | 0.0    | 125.5  | AAA      |               |
        4  | 10022026 | 41100020      | VE      | Ventes          | ge          | F15          | MARTIN           | 1210.0 | 0.0    |          | 12032026      |
    """), separator=",")  # fmt: skip


def again(layouts: tuple[Layout, ...], name: str, file: str) -> Layout:
    """A layout whose workbook was written anew by another program, into `data/`."""
    (layout,) = (one for one in layouts if one.name == name)
    return replace(layout, name=f"{name}, {file}", file=file, make=(DATA / file).read_bytes)


LAYOUTS = (
    # https://github.com/Dolibarr/dolibarr/blob/develop/htdocs/accountancy/class/accountancyexport.class.php (FEC); rows invented.
    # By hand: 600 due 14/02.
    Layout(
        "Dolibarr, FEC",
        "123456782FEC20261231.txt",
        dolibarr_fec,
        lines=1,
        balances={"411DUPONT": ("DUPONT SA", 60000)},
        items=(("411DUPONT", "FA2601-0001", 60000, "2026-02-14"),),
    ),
    # The exchange layout of IsaCompta as Ekylibre writes it (https://github.com/ekylibre/ekylibre); rows invented.
    # By hand: F12 lettered AAA; F15 1210 due 12/03.
    Layout(
        "IsaCompta, exchange",
        "isacompta.csv",
        isacompta,
        lines=3,
        balances={"41100010": ("", 0), "41100020": ("", 121000)},
        items=(("41100020", "F15", 121000, "2026-03-12"),),
    ),
    # soffice --headless --convert-to ods loop.xlsx, and --convert-to xls ebp-grand-livre.xlsx (LibreOffice), once.
    again(cegid.LAYOUTS, "Cegid Loop", "loop.ods"),
    again(pme.LAYOUTS, "EBP, ledger", "ebp-grand-livre.xls"),
)
