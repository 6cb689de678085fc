"""Cegid Quadra and Loop, ACD: what firms of accountants export."""

from tests.reading.layouts.making import Layout, day, row, table, text, workbook


def quadra() -> bytes:
    """The month in one column, the day in another; accounts as texts; the centre of each line."""
    return workbook(
        ("Compte", "Journal", "Folio", "Période", "Jour", "Pièce", "Libellé", "Débit", "Crédit", "Lettrage", "Échéance",
         "CentreSimple"),
        ("411DUP", "VE", "000", "01/01/2026", 15, "F101", "DUPONT F101", 720, None, "A", "28/02/2026", ""),
        ("411DUP", "BQ", "000", "01/02/2026", 27, "", "VIR DUPONT", None, 720, "A", "", ""),
        ("411DUP", "VE", "000", "01/03/2026", 3, "F131", "DUPONT F131", 410.25, None, "", "30/04/2026", ""),
        ("411LER", "VE", "000", "01/03/2026", 31, "F140", "LEROY F140", 80, None, "", "", ""),
        ("706000", "VE", "000", "01/03/2026", 31, "F140", "LEROY F140", None, 80, "", "", "ATELIER"),
        sheet="Mouvements",
    )  # fmt: skip


def quadra_grand_livre() -> bytes:
    """Printed: account and name before the lines, letters at the end, letters D and C after the balances."""
    return workbook(
        row(A="DOSSIER EXEMPLE", G="Grand livre des comptes clients"),
        row(A="Du 01/01/2026 au 31/12/2026"),
        (),
        row(A="Date", B="Jal", C="N° Pièce", D="Libellé", E="Échéance", F="Débit", G="Crédit", H="Solde", I="Lettrage"),
        row(A="01DUPO", B="DUPONT SA"),
        row(A=day("15/01/2026"), B="VE", C="F101", D="DUPONT F101", E=day("28/02/2026"), F=720, H="720,00 D", I="A"),
        row(A=day("27/02/2026"), B="BQ", C="27", D="VIR DUPONT", G=720, H="0,00", I="A"),
        row(A=day("03/03/2026"), B="VE", C="F131", D="DUPONT F131", E=day("30/04/2026"), F=410.25, H="410,25 D"),
        row(C="Totaux 01DUPO", F=1130.25, G=720, H="410,25 D"),
        row(A="01LERO", B="LEROY SA"),
        row(A=day("31/03/2026"), B="VE", C="F140", D="LEROY F140", E=day("30/04/2026"), F=80, H="80,00 D"),
        row(C="Totaux 01LERO", F=80, H="80,00 D"),
        row(C="Totaux généraux", F=1210.25, G=720),
        sheet="Clients",
    )


def loop() -> bytes:
    """A flat table: general account and third party, a letter with its date."""
    return workbook(
        ("Date comptable", "Code journal", "Libellé journal", "Numéro de compte", "Libellé du compte", "Code tiers", "Référence pièce", "Libellé", "Débit", "Crédit", "Code lettrage", "Date lettrage", "Date d'échéance"),
        (day("05/01/2026"), "VT", "Ventes", "411000", "Clients", "DUPONT", "FV-1", "Facture FV-1", 1000.1, 0, "AA", day("15/02/2026"), day("04/02/2026")),
        (day("05/01/2026"), "VT", "Ventes", "706000", "Prestations", "", "FV-1", "Facture FV-1", 0, 1000.1, "", None, None),
        (day("15/02/2026"), "BQ", "Banque", "411000", "Clients", "DUPONT", "", "Virement", 0, 1000.1, "AA", day("15/02/2026"), None),
        (day("15/02/2026"), "BQ", "Banque", "512000", "Banque", "", "", "Virement", 1000.1, 0, "", None, None),
        (day("10/02/2026"), "VT", "Ventes", "411000", "Clients", "MARTIN", "FV-2", "Facture FV-2", 55, 0, "", None, day("12/03/2026")),
        (day("10/02/2026"), "VT", "Ventes", "706000", "Prestations", "", "FV-2", "Facture FV-2", 0, 55, "", None, None),
        sheet="Ecritures",
    )  # fmt: skip


def acd_journal() -> bytes:
    """Only the day stands on a line; month and year stand in a line before the headings of each month."""
    return text(
        *table("""
            Edition Journaux |        |                         |          |             |               |
                             |        |                         |          | JANVIER 2026 |              |
            Jour             | Pièce  | Libellé de l'écriture   | Compte   | Intitulé    | Débit         | Crédit
            8                | 260108 | DUPONT                  | 411DUPON | DUPONT SA   | 1440,00       |
            8                | 260108 | DUPONT                  | 706000   | PRESTATIONS |               | 1440,00
            Total            |        |                         |          |             | 1440,00       | 1440,00
                             |        |                         |          | FEVRIER 2026 |              |
            Jour             | Pièce  | Libellé de l'écriture   | Compte   | Intitulé    | Débit         | Crédit
            18               | 260218 | MARTIN                  | 411MARTI | MARTIN SARL | 60,50         |
            18               | 260218 | MARTIN                  | 706000   | PRESTATIONS |               | 60,50
            Total            |        |                         |          |             | 60,50         | 60,50
        """),
        encoding="cp1252",
    )


def acd_grand_livre() -> bytes:
    """The letter stands between debit and credit."""
    return workbook(
        row(A="Grand livre auxiliaire clients", F="EXEMPLE SARL"),
        (),
        row(A="Date", B="Jnl", C="Pièce", D="Libellé de l'écriture", E="Débit", F="L", G="Crédit", H="Solde"),
        row(A="411DUPON", D="DUPONT SA"),
        row(A=day("08/01/2026"), B="VE", C="260108", D="Facture 260108", E=1440, F="A", H=1440),
        row(A=day("02/02/2026"), B="BQ", C="", D="Virement", F="A", G=1440, H=0),
        row(A=day("18/02/2026"), B="VE", C="260218", D="Facture 260218", E=96.2, H=96.2),
        row(D="Total du compte 411DUPON", E=1536.2, G=1440, H=96.2),
        sheet="Edition",
    )


LAYOUTS = (
    # After the reader QuadraFileParser of the free program caerp (of "un fichier xlsx extrait de quadra": Compte, Libellé,
    # Débit, Crédit, Période, Jour, CentreSimple); the other columns and the rows invented.
    # By hand: F101 lettered; F131 410.25 due 30/04; LEROY F140 80 of 31/03 + 30 = 30/04.
    Layout(
        "Cegid Quadra, entries",
        "quadra.xlsx",
        quadra,
        lines=4,
        balances={"411DUP": ("", 41025), "411LER": ("", 8000)},
        items=(("411DUP", "F131", 41025, "2026-04-30"), ("411LER", "F140", 8000, "2026-04-30")),
    ),
    # Quadra's customers' accounts begin with 01 (its exchange format, records M and C); the print was not seen: invented.
    # By hand: as above.
    Layout(
        "Cegid Quadra, customers' ledger",
        "quadra-clients.xlsx",
        quadra_grand_livre,
        lines=4,
        balances={"01DUPO": ("DUPONT SA", 41025), "01LERO": ("LEROY SA", 8000)},
        items=(("01DUPO", "F131", 41025, "2026-04-30"), ("01LERO", "F140", 8000, "2026-04-30")),
    ),
    # https://inte-developers.cegid.com/docreference/BusinessUnits/Loop-Api-Management-Docs/EcritureComptableImportJson.html
    # (date comptable, code du journal, numéro de compte, code du tiers, référence de la pièce, date et code du lettrage, date
    # d'échéance): after; rows invented. By hand: FV-1 lettered; FV-2 55 due 12/03.
    Layout(
        "Cegid Loop",
        "loop.xlsx",
        loop,
        lines=3,
        balances={"DUPONT": ("", 0), "MARTIN": ("", 5500)},
        items=(("MARTIN", "FV-2", 5500, "2026-03-12"),),
    ),
    # "Edition Journaux" as programs read it (Jour, Pièce, Libellé de l'écriture, Compte, Intitulé, Débit, Crédit; the month in
    # the fifth column before the headings); rows invented. By hand: 1440 of 08/01 + 30 = 07/02; 60.50 of 18/02 + 30 = 20/03.
    Layout(
        "ACD, journals",
        "acd-journaux.csv",
        acd_journal,
        lines=2,
        balances={"411DUPON": ("DUPONT SA", 144000), "411MARTI": ("MARTIN SARL", 6050)},
        items=(("411DUPON", "260108", 144000, "2026-02-07"), ("411MARTI", "260218", 6050, "2026-03-20")),
    ),
    # After a screen of it: date, journal, piece, label, debit, letter, credit; rows invented.
    # By hand: 1440 lettered; 96.20 of 18/02 + 30 = 20/03.
    Layout(
        "ACD, customers' ledger",
        "acd-grand-livre.xlsx",
        acd_grand_livre,
        lines=3,
        balances={"411DUPON": ("DUPONT SA", 9620)},
        items=(("411DUPON", "260218", 9620, "2026-03-20"),),
    ),
)
