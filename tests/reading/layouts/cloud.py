"""MyUnisoft, Pennylane, Tiime, macompta: ledgers of programs in the cloud."""

from tests.reading.layouts.making import Layout, day, table, text, workbook


def myunisoft() -> bytes:
    """Accounts of ten digits as numbers, an invoice number and a number of the piece."""
    return workbook(
        ("Compte", "Libellé du compte", "Date", "Journal", "N° facture", "N° pièce", "Libellé", "Échéance", "Lettrage", "Débit", "Crédit", "Solde"),
        (4110000001, "DUPONT SA", day("12/01/2026"), "VE", "F26-01", "0012", "Facture", day("11/02/2026"), "AA", 350, 0, 350),
        (4110000001, "DUPONT SA", day("10/02/2026"), "BQ", "", "0044", "Virement", None, "AA", 0, 350, 0),
        (4110000001, "DUPONT SA", day("01/03/2026"), "VE", "F26-09", "0051", "Facture", day("31/03/2026"), "", 700.7, 0, 700.7),
        (4110000002, "MARTIN SARL", day("02/03/2026"), "VE", "F26-10", "0052", "Facture", day("01/04/2026"), "", 10, 0, 10),
        (5120000000, "BANQUE", day("10/02/2026"), "BQ", "", "0044", "Virement", None, "", 350, 0, 350),
        sheet="Grand livre",
    )  # fmt: skip


def pennylane() -> bytes:
    """Without lettering; two labels a line; the account of each customer; a pivot table on the first sheet."""
    return workbook(
        ("Identifiant", "Date", "Code journal", "Numéro de compte", "Libellé de compte", "Libellé de pièce", "Numéro de facture", "Famille de catégories", "Catégorie", "Code analytique", "Débit", "Crédit", "Solde", "Libellé de ligne"),
        (90001, day("15/01/2026"), "VT", "411DUPONT", "DUPONT SA", "Facture client DUPONT SA", "F-2026-01-001", None, None, None, 1200, 0, 1200, "Facture DUPONT"),
        (90002, day("15/01/2026"), "VT", "706", "Prestations", "Facture client DUPONT SA", "F-2026-01-001", "Activité", "Conseil", "CON", 0, 1000, -1000, "Facture DUPONT"),
        (90003, day("15/01/2026"), "VT", "44571", "TVA collectée", "Facture client DUPONT SA", "F-2026-01-001", None, None, None, 0, 200, -200, "Facture DUPONT"),
        (90010, day("20/02/2026"), "BQ", "411DUPONT", "DUPONT SA", "VIREMENT DUPONT", None, None, None, None, 0, 700, 500, "VIREMENT DUPONT"),
        (90011, day("20/02/2026"), "BQ", "512", "Banque", "VIREMENT DUPONT", None, None, None, None, 700, 0, 700, "VIREMENT DUPONT"),
        (90020, day("01/03/2026"), "VT", "411MARTIN", "MARTIN SARL", "Facture client MARTIN SARL", "F-2026-03-002", None, None, None, 99.9, 0, 99.9, "Facture MARTIN"),
        sheet="Grand livre",
    )  # fmt: skip


def tiime() -> bytes:
    """Account and subsidiary account, then the name of the second; letters before the amounts."""
    return text(*table("""
        N° Compte | N° Compte Auxiliaire | Libellé du compte | Date       | Journal | N° de pièce | Libellé mouvement | Lettrage | Montant Débit | Montant Crédit | Solde
        41100000  | 411DUPONT            | DUPONT SA         | 04/01/2026 | VE      | FAC001      | Facture DUPONT    | AA       | 1200.00       | 0.00           | 1200.00
        41100000  | 411DUPONT            | DUPONT SA         | 15/02/2026 | BQ      |             | Virement DUPONT   | AA       | 0.00          | 1200.00        | 0.00
        41100000  | 411LEROY             | LEROY SA          | 05/02/2026 | VE      | FAC007      | Facture LEROY     |          | 88.80         | 0.00           | 88.80
    """), encoding="cp1252")  # fmt: skip


def macompta() -> bytes:
    """A ledger with commas, every cell between quotes, amounts with a point."""
    return text(*table("""
        Compte    | Libellé compte | Date       | Journal | Pièce | Libellé        | Débit   | Crédit  | Lettrage
        411000001 | DUPONT SA      | 10/01/2026 | VTE     | FA10  | Facture FA10   | 250.00  |         | A
        411000001 | DUPONT SA      | 10/02/2026 | BQE     | 18    | Virement       |         | 250.00  | A
        411000002 | PETIT FRERES   | 28/02/2026 | VTE     | FA14  | Facture FA14   | 1033.10 |         |
        706000000 | Prestations    | 28/02/2026 | VTE     | FA14  | Facture FA14   |         | 1033.10 |
    """), separator=",", quoted=True)  # fmt: skip


LAYOUTS = (
    # https://github.com/MyUnisoft/api-partenaires/blob/main/docs/MAD/specs/v1.0.0/entries.md (account, date, dueDate, journal,
    # invoiceNumber, freeNumber, lettering): after; the sheet itself not seen, rows invented.
    # By hand: 350 lettered; F26-09 700.70 due 31/03; F26-10 10 due 01/04.
    Layout(
        "MyUnisoft",
        "myunisoft.xlsx",
        myunisoft,
        lines=4,
        balances={"4110000001": ("DUPONT SA", 70070), "4110000002": ("MARTIN SARL", 1000)},
        items=(("4110000001", "F26-09", 70070, "2026-03-31"), ("4110000002", "F26-10", 1000, "2026-04-01")),
    ),
    # The fourteen columns of "Grand livre, nouveau format en ligne", as programs that import it list them; rows invented.
    # By hand: 1200 open (15/01 + 30 = 14/02), 700 not lettered: 500. MARTIN 99.90 (01/03 + 30 = 31/03).
    Layout(
        "Pennylane",
        "pennylane.xlsx",
        pennylane,
        lines=3,
        balances={"411DUPONT": ("DUPONT SA", 50000), "411MARTIN": ("MARTIN SARL", 9990)},
        items=(
            ("411DUPONT", "F-2026-01-001", 120000, "2026-02-14"),
            ("411MARTIN", "F-2026-03-002", 9990, "2026-03-31"),
        ),
    ),
    # https://github.com/kamel934/RelanceTiime (a text with semicolons, Windows-1252: N° Compte, Libellé du compte, Date, Journal,
    # N° de pièce, Libellé mouvement, Montant Débit, Montant Crédit): after; rows invented.
    # By hand: 1200 lettered; LEROY 88.80 of 05/02 + 30 = 07/03.
    Layout(
        "Tiime, ledger",
        "tiime-grand-livre.csv",
        tiime,
        lines=3,
        balances={"411DUPONT": ("DUPONT SA", 0), "411LEROY": ("LEROY SA", 8880)},
        items=(("411LEROY", "FAC007", 8880, "2026-03-07"),),
    ),
    # Not seen: columns as its screens name them, rows invented. By hand: 250 lettered; FA14 1033.10 of 28/02 + 30 = 30/03.
    Layout(
        "macompta",
        "macompta.csv",
        macompta,
        lines=3,
        balances={"411000001": ("DUPONT SA", 0), "411000002": ("PETIT FRERES", 103310)},
        items=(("411000002", "FA14", 103310, "2026-03-30"),),
    ),
)
