"""Sage 100 as it prints: sections, headings that do not stand over their data, totals, running balances."""

from tests.reading.layouts.making import Layout, day, row, table, text, workbook


def grand_livre_tiers() -> bytes:
    """A heading stands in the first cell of a merged group, the value in its last one."""
    return workbook(
        (),
        row(A="ATELIER EXEMPLE", F="Grand-livre des tiers", N="Période du", P=day("01/01/2026")),
        row(N="au", P=day("31/12/2026")),
        row(F="Client", N="Tenue de compte : EUR"),
        (),
        row(A="© Sage - Sage 100", N="Date de tirage", P=day("20/03/2026"), R="Page : 1"),
        (),
        row(A="Date", B="C.j", C="N° pièce", D="Libellé écriture", G="Lettr.", J="Mouvement débit",
            N="Mouvement crédit", P="Solde progressif"),
        (),
        row(A="DUPONT", D="DUPONT SA"),
        row(A=day("15/01/2026"), B="VTE", C="37", F="Facture FA260031 DUPONT", I="A", M=1200, R=1200),
        row(A=day("12/02/2026"), B="BQ1", C="114", F="VIR DUPONT", I="A", O=1200, R=0),
        row(A=day("10/03/2026"), B="VTE", C="52", F="Facture FA260052 DUPONT", M=840.5, R=840.5),
        row(F="Total du tiers", M=2040.5, O=1200, R=840.5),
        row(A="MARTIN", D="MARTIN SARL"),
        row(A=day("01/01/2026"), B="AN", C="3", F="Facture FA250311 MARTIN", M=300, R=300),
        row(A=day("20/02/2026"), B="VTE", C="48", F="Facture FA260048 MARTIN", M=560, R=860),
        row(A=day("05/03/2026"), B="BQ1", C="131", F="CHQ MARTIN", O=300, R=560),
        row(F="Total du tiers", M=860, O=300, R=560),
        (),
        row(F="Totaux", M=2900.5, O=1500, R=1400.5),
        sheet="Grand-livre des tiers",
        merged=("D8:F8", "G8:I8", "J8:M8", "N8:O8", "P8:R8"),
    )  # fmt: skip


def grand_livre_tiers_collectifs() -> bytes:
    """All third parties: each title ends with the account that collects them; days are texts JJMMAA."""
    return workbook(
        row(A="ATELIER EXEMPLE", G="Grand-livre des tiers", K="Période du", L="01/01/26"),
        row(K="au", L="31/12/26"),
        row(A="Impression définitive", K="Date de tirage 20/03/26"),
        (),
        row(A="Date", B="C.j", C="N° pièce", E="Libellé écriture", I="Lettr.", J="Mouvement débit",
            L="Mouvement crédit", O="Solde progressif"),
        row(A="DUPONT", C="DUPONT SA", D="41100000"),
        row(A="150126", B="VTE", C="37", E="Facture FA37", I="A", J="1 200,00", O="1 200,00"),
        row(A="120226", B="BQ1", C="114", E="VIR DUPONT", I="A", L="1 200,00", O="0,00"),
        row(A="100326", B="VTE", C="52", E="Facture FA52", J="840,50", O="840,50"),
        row(D="Total", J="2 040,50", L="1 200,00", O="840,50"),
        row(A="FGARAGE", C="GARAGE PETIT", D="40100000"),
        row(A="160126", B="ACH", C="12", E="Facture garage", L="480,00", O="-480,00"),
        row(A="170126", B="BQ1", C="115", E="Acompte garage", J="500,00", O="20,00"),
        row(D="Total", J="500,00", L="480,00", O="20,00"),
        row(A="MARTIN", C="MARTIN SARL", D="41100000"),
        row(A="200226", B="VTE", C="48", E="Facture FA48", J="560,00", O="560,00"),
        row(D="Total", J="560,00", O="560,00"),
        row(D="Total général", J="3 100,50", L="1 680,00", O="1 420,50"),
        sheet="Grand livre tiers",
    )  # fmt: skip


def grand_livre_comptes() -> bytes:
    """Days are whole numbers, JMMAA; accounts stand before their lines; every page repeats title and headings."""
    title = row(A="ATELIER EXEMPLE", F="Grand-livre des comptes", O="Période du 01/01/26 au 31/12/26")
    head = row(A="Date", B="C.j", C="N° pièce", E="Libellé écriture", I="Let.", K="Mouvements débit",
               N="Mouvements crédit", Q="Solde progressif")  # fmt: skip
    return workbook(
        title,
        row(A="© Sage", O="Page : 1"),
        (),
        head,
        row(A="40100000", C="GARAGE PETIT"),
        row(A=70126, B="ACH", C="11", F="Facture entretien", O=480, R=-480),
        row(F="Total compte 40100000", O=480, R=-480),
        row(A="41100010", C="LEROY SA"),
        row(A=50126, B="VTE", C="FA1001", F="Facture FA1001", I="AA", L=600, R=600),
        row(A=120226, B="BQ", C="R201", F="Virement LEROY", I="AA", O=600, R=0),
        row(A=280226, B="VTE", C="FA1017", F="Facture FA1017", L=1250.4, R=1250.4),
        title,
        row(A="© Sage", O="Page : 2"),
        (),
        head,
        row(A="41100010", C="LEROY SA (suite)"),
        row(F="Report", L=1850.4, O=600, R=1250.4),
        row(A=150326, B="BQ", C="R233", F="Acompte LEROY", O=250.4, R=1000),
        row(F="Total compte 41100010", L=1850.4, O=850.4, R=1000),
        row(A="41100020", C="MOREAU ET FILS"),
        row(A=100326, B="VTE", C="FA1020", F="Facture FA1020", L=75, R=75),
        row(A=110326, B="VTE", C="AV12", F="Avoir AV12", L=-25, R=50),
        row(F="Total compte 41100020", L=50, R=50),
        row(A="70700000", C="VENTES"),
        row(A=50126, B="VTE", C="FA1001", F="Facture FA1001", O=500, R=-500),
        row(F="Total compte 70700000", O=500, R=-500),
        row(F="Totaux", L=1900.4, O=1830.4),
        sheet="Grand-livre",
    )


def journal() -> bytes:
    """A text with days JJMMAA, two accounts a line, and the means of payment beside the amounts."""
    return text(
        *table("""
                  | Jou | Date   | N°  | Général | Tiers  | Libellé             | Règlement | Echéance | Débit   | Crédit
                G | VTE | 050126 | 001 | 4110000 | DUPONT | Fact FA-001         | Chèque    | 280226   | 306,00  | 0,00
                G | VTE | 050126 | 001 | 4457120 |        | Fact FA-001         |           |          | 0,00    | 51,00
                G | VTE | 050126 | 001 | 701020  |        | Fact FA-001         |           |          | 0,00    | 255,00
                G | VTE | 070126 | 002 | 4110000 | MARTIN | Fact FA-002         | Virement  | 060226   | 1200,00 | 0,00
                G | VTE | 070126 | 002 | 4457120 |        | Fact FA-002         |           |          | 0,00    | 200,00
                G | VTE | 070126 | 002 | 701020  |        | Fact FA-002         |           |          | 0,00    | 1000,00
                G | VTE | 090126 | 003 | 4110000 | DUPONT | Avoir sur FA-001    | Chèque    | 090126   | 0,00    | 6,00
                G | VTE | 090126 | 003 | 701020  |        | Avoir sur FA-001    |           |          | 6,00    | 0,00
        """),
        separator="\t",
        encoding="cp1252",
    )


LAYOUTS = (
    # After what public programs that read such prints say of them (headings in row 8; day, journal, piece, label, letter,
    # debit, credit, balance in columns 1, 2, 3, 6, 9, 13, 15, 18; "Total du tiers"); rows invented. The print itself:
    # https://documentation.sage.fr, Sage 100 Comptabilité, État / Grand-livre tiers.
    # By hand: DUPONT 37 lettered: 1200 - 1200; open 52: 840.50, due 10/03 + 30 = 09/04. MARTIN open 300 (opening, 01/01 + 30 =
    # 31/01) and 560 (20/02 + 30 = 22/03); 300 paid, not lettered: 860 - 300 = 560.
    Layout(
        "Sage 100, grand-livre des tiers",
        "grand-livre-tiers.xlsx",
        grand_livre_tiers,
        lines=6,
        balances={"DUPONT": ("DUPONT SA", 84050), "MARTIN": ("MARTIN SARL", 56000)},
        items=(
            ("DUPONT", "52", 84050, "2026-04-09"),
            ("MARTIN", "3", 30000, "2026-01-31"),
            ("MARTIN", "48", 56000, "2026-03-22"),
        ),
    ),
    # After a public program that reads the print of all third parties (code, name and "centralisateur" in one row, then day,
    # journal, piece, label, debit, credit in columns 1, 2, 3, 5, 10, 12; "Total" in column 4); rows invented.
    # By hand: as above; the supplier, whose account is overpaid by 20, is nobody's customer. MARTIN 560, 20/02 + 30 = 22/03.
    Layout(
        "Sage 100, grand-livre of all third parties",
        "grand-livre-tous-tiers.xlsx",
        grand_livre_tiers_collectifs,
        lines=4,
        balances={"DUPONT": ("DUPONT SA", 84050), "MARTIN": ("MARTIN SARL", 56000)},
        items=(("DUPONT", "52", 84050, "2026-04-09"), ("MARTIN", "48", 56000, "2026-03-22")),
    ),
    # After the same prints, by account: account in A and name in C, then dates as JMMAA, debit L, credit O, balance R.
    # By hand: LEROY FA1017 1250.40 open (28/02 + 30 = 30/03), 250.40 on account: 1000. MOREAU FA1020 75 open (10/03 + 30 =
    # 09/04), a negative debit of 25 is a credit (rule A3): 50.
    Layout(
        "Sage 100, grand-livre des comptes",
        "grand-livre.xlsx",
        grand_livre_comptes,
        lines=6,
        balances={"41100010": ("LEROY SA", 100000), "41100020": ("MOREAU ET FILS", 5000)},
        items=(("41100010", "FA1017", 125040, "2026-03-30"), ("41100020", "FA1020", 7500, "2026-04-09")),
    ),
    # https://developer.sage.com/100/fr/saas/guides/samples/exemplesmappage: after; rows invented.
    # By hand: 306 due 28/02, 1200 due 06/02, a credit note of 6: DUPONT 306 - 6 = 300. "Règlement" says how, not whether.
    Layout(
        "Sage 100, journal",
        "ventes.csv",
        journal,
        lines=3,
        balances={"DUPONT": ("", 30000), "MARTIN": ("", 120000)},
        items=(("DUPONT", "001", 30600, "2026-02-28"), ("MARTIN", "002", 120000, "2026-02-06")),
    ),
)
