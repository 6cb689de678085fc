"""Shapes that prints of several packages share: headings in two rows, one account a file, customers with sums in one row."""

from tests.reading.layouts.making import Layout, day, row, table, text, workbook


def two_row_headings() -> bytes:
    """`Débit` and `Crédit` stand twice: under the movements, and under the balances."""
    return workbook(
        ("EXEMPLE SARL",),
        ("GRAND LIVRE AUXILIAIRE", None, None, None, None, "Du 01/01/2026", None, "au 31/12/2026"),
        (),
        ("Date", "Jnl", "N° pièce", "Libellé", "Let.", "Mouvements", None, "Soldes", None),
        (None, None, None, None, None, "Débit", "Crédit", "Débit", "Crédit"),
        ("Compte : 411DUPONT - DUPONT SA",),
        (day("15/01/2026"), "VE", "F101", "Facture F101", "AA", 720, None, 720, None),
        (day("10/02/2026"), "BQ", "27", "Virement", "AA", None, 720, None, None),
        (day("12/02/2026"), "BQ", "28", "Virement d'avance", None, None, 50, None, 50),
        (day("03/03/2026"), "VE", "F131", "Facture F131", None, 410.25, None, 360.25, None),
        (None, None, None, "Total 411DUPONT", None, 1130.25, 770, 360.25, None),
        ("Compte : 411LEROY - LEROY SA",),
        (day("31/03/2026"), "VE", "F140", "Facture F140", None, 80, None, 80, None),
        (None, None, None, "Total 411LEROY", None, 80, None, 80, None),
        (None, None, None, "Total général", None, 1210.25, 770, 440.25, None),
        sheet="Grand livre",
        merged=("F4:G4", "H4:I4"),
    )


def account_statement() -> bytes:
    """One account: named in the title alone; the table begins in the second column."""
    return workbook(
        (),
        row(B="Extrait de compte"),
        row(B="Compte : 411MOREAU - MOREAU ET FILS"),
        row(B="Période : du 01/01/2026 au 31/03/2026"),
        (),
        row(B="Date", C="Journal", D="Pièce", E="Libellé", F="Échéance", G="Débit", H="Crédit", I="Solde", J="Lettrage"),
        row(B=day("05/01/2026"), C="VE", D="F7", E="Facture F7", F=day("04/02/2026"), G=1500, I=1500, J="A"),
        row(B=day("01/02/2026"), C="BQ", D="", E="Chèque", H=1500, I=0, J="A"),
        row(B=day("01/03/2026"), C="VE", D="F9", E="Facture F9", F=day("31/03/2026"), G=333.33, I=333.33),
        row(E="Solde au 31/03/2026", G=1833.33, H=1500, I=333.33),
        sheet="411MOREAU",
    )  # fmt: skip


def by_customer_in_english() -> bytes:
    """Titles of the report, then each customer in the first column; one signed amount with a running balance."""
    return text(
        *table("""
            Transaction List by Customer |            |                  |      |                  |           |
            EXEMPLE SARL                 |            |                  |      |                  |           |
            All Dates                    |            |                  |      |                  |           |
                                         |            |                  |      |                  |           |
                                         | Date       | Transaction type | No.  | Memo/Description | Amount    | Balance
            DUPONT SA                    |            |                  |      |                  |           |
                                         | 2026-01-05 | Invoice          | 1050 | January          | 1,500.00  | 1,500.00
                                         | 2026-02-03 | Payment          |      | Transfer         | -1,500.00 | 0.00
                                         | 2026-03-02 | Invoice          | 1060 | March            | 75.50     | 75.50
            Total for DUPONT SA          |            |                  |      |                  | 75.50     |
            MARTIN SARL                  |            |                  |      |                  |           |
                                         | 2026-02-10 | Invoice          | 1051 | February         | 2,250.75  | 2,250.75
            Total for MARTIN SARL        |            |                  |      |                  | 2,250.75  |
        """),
        separator=",",
    )


def amount_and_side() -> bytes:
    """One amount and D or C; the third party beside a collective account; dates without separators."""
    return text(*table("""
        Journal | Date     | Compte general | Compte auxiliaire | Intitule    | Piece | Libelle      | Montant | Sens | Lettrage | Echeance
        VT      | 20260112 | 411000         | CDUPONT           | DUPONT SA   | V001  | Facture V001 | 1250,00 | D    | A        | 20260211
        VT      | 20260112 | 707000         |                   |             | V001  | Facture V001 | 1250,00 | C    |          |
        BQ      | 20260210 | 411000         | CDUPONT           | DUPONT SA   | B014  | Virement     | 1250,00 | C    | A        |
        BQ      | 20260210 | 512000         |                   |             | B014  | Virement     | 1250,00 | D    |          |
        VT      | 20260301 | 411000         | CMARTIN           | MARTIN SARL | V002  | Facture V002 | 88,00   | D    |          | 20260331
        VT      | 20260305 | 411000         | CMARTIN           | MARTIN SARL | A003  | Avoir A003   | 8,00    | C    |          | 20260305
    """), encoding="cp850")  # fmt: skip


def american_days() -> bytes:
    """The month stands first, in every column of days: the due dates alone could be read either way."""
    return text(*table("""
        Invoice date | Invoice no. | Customer    | Due date   | Total    | Open balance
        01/15/2026   | 1070        | DUPONT SA   | 02/03/2026 | 1,200.00 | 0.00
        01/20/2026   | 1071        | MARTIN SARL | 02/04/2026 | 310.10   | 310.10
        02/01/2026   | 1072        | DUPONT SA   | 03/03/2026 | 60.00    | 10.00
    """), separator=",")  # fmt: skip


def all_documents() -> bytes:
    """Quotes and deliveries among the invoices; credit notes without a sign; the type alone tells them apart."""
    return text(*table("""
        Date       | Type de document    | Numéro | Client      | Montant TTC | Reste à payer
        10/01/2026 | Devis               | D-001  | DUPONT SA   | 5000,00     | 5000,00
        12/01/2026 | Facture             | F-001  | DUPONT SA   | 120,00      | 120,00
        13/01/2026 | Bon de livraison    | BL-001 | DUPONT SA   | 120,00      | 120,00
        20/01/2026 | Avoir               | A-001  | DUPONT SA   | 20,00       | 20,00
        25/01/2026 | Facture d'acompte   | F-002  | MARTIN SARL | 60,00       | 0,00
        26/01/2026 | Facture proforma    | P-001  | MARTIN SARL | 600,00      | 600,00
    """))  # fmt: skip


LAYOUTS = (
    # As firms' packages print an auxiliary ledger; not one of them: rows invented.
    # By hand: 720 lettered; F131 410.25 of 03/03 + 30 = 02/04, 50 on account: 360.25; F140 80 of 31/03 + 30 = 30/04.
    Layout(
        "headings in two rows",
        "grand-livre-auxiliaire.xlsx",
        two_row_headings,
        lines=5,
        balances={"411DUPONT": ("DUPONT SA", 36025), "411LEROY": ("LEROY SA", 8000)},
        items=(("411DUPONT", "F131", 41025, "2026-04-02"), ("411LEROY", "F140", 8000, "2026-04-30")),
    ),
    # As small programs in the cloud export it; rows invented. By hand: 1500 lettered; F9 333.33 due 31/03.
    Layout(
        "statement of one account",
        "extrait-411MOREAU.xlsx",
        account_statement,
        lines=3,
        balances={"411MOREAU": ("MOREAU ET FILS", 33333)},
        items=(("411MOREAU", "F9", 33333, "2026-03-31"),),
    ),
    # The report "Transaction List by Customer" of QuickBooks Online as programs read it (titles in the first rows, headings in the
    # fifth, a total a customer); rows invented. By hand: 1050: 1500, due 05/01 + 30 = 04/02; 1060: 75.50 of 02/03 + 30 = 01/04;
    # a payment of 1500, not lettered: 1500 + 75.50 - 1500 = 75.50. MARTIN 2250.75 of 10/02 + 30 = 12/03.
    Layout(
        "QuickBooks, transactions by customer",
        "quickbooks-customers.csv",
        by_customer_in_english,
        lines=4,
        balances={"DUPONT SA": ("DUPONT SA", 7550), "MARTIN SARL": ("MARTIN SARL", 225075)},
        items=(
            ("DUPONT SA", "1050", 150000, "2026-02-04"),
            ("DUPONT SA", "1060", 7550, "2026-04-01"),
            ("MARTIN SARL", "1051", 225075, "2026-03-12"),
        ),
    ),
    # As exchange tables for accountants have it (an amount and its side, a code and a due date at the end); rows invented.
    # By hand: 1250 lettered; V002 88 due 31/03, a credit note of 8: 80.
    Layout(
        "amount and side",
        "ecritures.csv",
        amount_and_side,
        lines=4,
        balances={"CDUPONT": ("DUPONT SA", 0), "CMARTIN": ("MARTIN SARL", 8000)},
        items=(("CMARTIN", "V002", 8800, "2026-03-31"),),
    ),
    # A list in the American form; rows invented. By hand: 1070 paid; 1071 310.10 due on 4 February; 1072: 10 left, due 3 March.
    Layout(
        "days in the American form",
        "invoices.csv",
        american_days,
        lines=3,
        balances={"DUPONT SA": ("", 1000), "MARTIN SARL": ("", 31010)},
        items=(("DUPONT SA", "1072", 1000, "2026-03-03"), ("MARTIN SARL", "1071", 31010, "2026-02-04")),
        accounting="cash",
    ),
    # A list of all documents; rows invented. By hand: F-001 120 of 12/01 + 30 = 11/02, a credit note of 20 that names no invoice:
    # 100; F-002 paid.
    Layout(
        "documents of all types",
        "documents.csv",
        all_documents,
        lines=3,
        balances={"DUPONT SA": ("", 10000), "MARTIN SARL": ("", 0)},
        items=(("DUPONT SA", "F-001", 12000, "2026-02-11"),),
        accounting="cash",
    ),
)
