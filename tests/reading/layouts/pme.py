"""EBP and Ciel: small companies' own packages."""

from tests.reading.layouts.making import Layout, day, row, table, text, workbook


def ebp_entries() -> bytes:
    """A text of all entries: three dates before the due date, a column for the currency of each amount."""
    head = (
        "Journal",
        "Compte",
        "Date",
        "Date de valeur",
        "Date de saisie",
        "Echéance",
        "Poste",
        "Pièce",
        "N° document",
        "Libellé",
        "Débit",
        "Crédit",
        "Devise",
        "Cours",
        "Débit devise",
        "Crédit devise",
        "Contrevaleur débit",
        "Contrevaleur crédit",
        "Lettre",
        "Rapp.",
        "Règl.",
        "N° Chèque",
        "Date de lettrage",
        "Partiel",
    )

    def entry(*cells: str) -> tuple[str, ...]:
        journal, account, date, due, piece, label, debit, credit, letter = cells
        return (
            journal,
            account,
            date,
            "",
            date,
            due,
            "",
            piece,
            "",
            label,
            debit,
            credit,
            "EUR",
            "1",
            debit,
            credit,
            debit,
            credit,
            letter,
            "",
            "",
            "",
            "",
            "",
        )

    return text(
        head,
        entry("VE", "411DUPONT", "06/01/2026", "05/02/2026", "FA00012", "DUPONT SA", "1234,56", "0,00", "A"),
        entry("VE", "706000", "06/01/2026", "", "FA00012", "DUPONT SA", "0,00", "1028,80", ""),
        entry("VE", "445710", "06/01/2026", "", "FA00012", "DUPONT SA", "0,00", "205,76", ""),
        entry("BQ", "411DUPONT", "04/02/2026", "", "", "Virement DUPONT", "0,00", "1234,56", "A"),
        entry("BQ", "512000", "04/02/2026", "", "", "Virement DUPONT", "1234,56", "0,00", ""),
        entry("VE", "411MOREAU", "20/02/2026", "31/03/2026", "FA00019", "MOREAU", "360,00", "0,00", ""),
        entry("VE", "706000", "20/02/2026", "", "FA00019", "MOREAU", "0,00", "360,00", ""),
        encoding="cp1252",
    )  # fmt: skip


def ebp_grand_livre() -> bytes:
    """Printed to Excel: real dates, amounts as texts with a space for thousands, `TOTAL` lines in the column of accounts."""
    return workbook(
        row(A="EXEMPLE SARL"),
        row(A="Grand livre général", F="Période du 01/01/2026 au 31/12/2026"),
        (),
        ("Compte", "Date", "Journal", "Pièce", "Libellé", "Échéance", "Lettrage", "Débit", "Crédit", "Solde"),
        ("411.DUPONT", day("06/01/2026"), "VE", "FA00012", "DUPONT SA", day("05/02/2026"), "A", "1 234,56", "", "1 234,56"),
        ("411.DUPONT", day("04/02/2026"), "BQ", "", "Virement DUPONT", None, "A", "", "1 234,56", "0,00"),
        ("411.DUPONT", day("20/02/2026"), "VE", "FA00019", "DUPONT SA", day("31/03/2026"), "", "2 000,00", "", "2 000,00"),
        ("TOTAL 411.DUPONT", None, "", "", "", None, "", "3 234,56", "1 234,56", "2 000,00"),
        ("512000", day("04/02/2026"), "BQ", "", "Virement DUPONT", None, "", "1 234,56", "", "1 234,56"),
        ("TOTAL 512000", None, "", "", "", None, "", "1 234,56", "", "1 234,56"),
        ("TOTAL GÉNÉRAL", None, "", "", "", None, "", "4 469,12", "1 234,56", ""),
        sheet="Grand Livre",
    )  # fmt: skip


def ciel_grand_livre() -> bytes:
    """A text with tabs; the account before its lines; a line that carries the balance of the year before."""
    return text(
        *table("""
            Grand-livre      |          |         |          |                 |            |     |         |        |
            Société EXEMPLE  |          |         |          |                 |            |     |         |        |
            Date             | Journal  | N° Mvt. | N° pièce | Libellé         | Échéance   | Let. | Débit   | Crédit | Solde
            Compte 411DUPONT | DUPONT SA |        |          |                 |            |     |         |        |
            01/01/2026       | AN       | 1       | F250090  | A nouveau       | 31/12/2025 | A   | 150,00  |        | 150,00
            13/01/2026       | BQ       | 14      |          | Chèque 77120    |            | A   |         | 150,00 | 0,00
            22/01/2026       | VT       | 20      | F260007  | Facture F260007 | 21/02/2026 |     | 1 080,00 |       | 1 080,00
            Total du compte 411DUPONT |  |        |          |                 |            |     | 1 230,00 | 150,00 | 1 080,00
            Compte 411PETIT  | PETIT FRERES |     |          |                 |            |     |         |        |
            25/01/2026       | VT       | 21      | F260008  | Facture F260008 | 24/02/2026 |     | 42,00   |        | 42,00
            Total du compte 411PETIT |  |         |          |                 |            |     | 42,00   |        | 42,00
        """),
        separator="\t",
        encoding="cp1252",
    )


LAYOUTS = (
    # The headings of the text that EBP v21 exports, as a public program that reads it lists them; rows invented.
    # By hand: FA00012 lettered; FA00019 360 due 31/03.
    Layout(
        "EBP, entries",
        "ebp-ecritures.csv",
        ebp_entries,
        lines=3,
        balances={"411DUPONT": ("", 0), "411MOREAU": ("", 36000)},
        items=(("411MOREAU", "FA00019", 36000, "2026-03-31"),),
    ),
    # After a description of the Excel export (real dates, subtotals that begin with TOTAL in the column Compte, accounts with a
    # point, amounts such as "1 234,56"); rows invented. By hand: 1234.56 lettered; 2000 due 31/03.
    Layout(
        "EBP, ledger",
        "ebp-grand-livre.xlsx",
        ebp_grand_livre,
        lines=3,
        balances={"411.DUPONT": ("", 200000)},
        items=(("411.DUPONT", "FA00019", 200000, "2026-03-31"),),
    ),
    # Not seen; columns as Ciel's screens name them, rows invented. By hand: 150 lettered; 1080 due 21/02; PETIT 42 due 24/02.
    Layout(
        "Ciel",
        "ciel.csv",
        ciel_grand_livre,
        lines=4,
        balances={"411DUPONT": ("DUPONT SA", 108000), "411PETIT": ("PETIT FRERES", 4200)},
        items=(("411DUPONT", "F260007", 108000, "2026-02-21"), ("411PETIT", "F260008", 4200, "2026-02-24")),
    ),
)
