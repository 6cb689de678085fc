"""Sage as tables: database tables, a ledger in the cloud that follows it, due-date lists, Sage Coala."""

from tests.reading.layouts.making import Layout, day, row, table, text, workbook


def f_ecriturec() -> bytes:
    """The table of entries: a side 0 or 1 beside the amount, `EC_Piece` is Sage's number, `EC_RefPiece` the invoice."""
    return text(
        *table("""
        JO_Num | EC_Date    | EC_Piece | EC_RefPiece | CG_Num  | CT_Num | EC_Intitule | EC_Echeance | EC_Sens | EC_Montant | EC_Lettrage
        VTE    | 12/01/2026 | 101      | FA2601      | 4110000 | DUPONT | Vente       | 28/02/2026  | 0       | 960,00     | A
        VTE    | 12/01/2026 | 101      | FA2601      | 7010000 |        | Vente       |             | 1       | 800,00     |
        VTE    | 12/01/2026 | 101      | FA2601      | 4457100 |        | Vente       |             | 1       | 160,00     |
        BQ     | 27/02/2026 | 55       |             | 4110000 | DUPONT | Virement    |             | 1       | 960,00     | A
        BQ     | 27/02/2026 | 55       |             | 5120000 |        | Virement    |             | 0       | 960,00     |
        VTE    | 02/03/2026 | 118      | FA2618      | 4110000 | MARTIN | Vente       | 30/04/2026  | 0       | 1540,80    |
        VTE    | 02/03/2026 | 118      | FA2618      | 7010000 |        | Vente       |             | 1       | 1540,80    |
    """)
    )


def f_docentete() -> bytes:
    """The table of documents: what was paid stands beside the total; the delivery date is no due date; types
    6 and 7 alone are invoices."""
    return text(
        *table("""
        DO_Piece   | DO_Type | DO_Date    | DO_DateLivr | CT_Num | DO_TotalHT | DO_TotalTTC | DO_MontantRegle | DO_Ref
        FC2026-101 | 6       | 15/01/2026 | 28/02/2026  | CLI010 | 1000       | 1200        | 0               | CHANTIER-1
        FC2026-102 | 6       | 20/01/2026 |             | CLI020 | 500        | 600         | 600             | CHANTIER-2
        FC2026-103 | 7       | 10/02/2026 | 31/03/2026  | CLI010 | 250        | 300         | 120             | CHANTIER-1
        DE2026-050 | 0       | 11/02/2026 |             | CLI010 | 4000       | 4800        | 0               | CHANTIER-9
        BL2026-080 | 3       | 12/02/2026 | 13/02/2026  | CLI020 | 10         | 12          | 0               | CHANTIER-2
    """)
    )


def flat_with_totals() -> bytes:
    """Every line carries its account and its third party; a total stands between two accounts, without a date."""
    return text(
        *table("""
        Compte   | Intitulé            | Date       | Compte général | Tiers    | C.J    | N° Saisie    | Libellé écriture      | Let | Débit  | Crédit | Solde progressif
        41110000 | Clients             | 2026-01-05 | 41110000       | 41110001 | SF-VTE | 000000000001 | Facture 1             | A   | 500    | 0      |
        41110000 | Clients             | 2026-02-09 | 41110000       | 41110001 | SF-BQ  | 000000000007 | Virement              | A   | 0      | 500    |
        41110000 | Clients             | 2026-03-02 | 41110000       | 41110001 | SF-VTE | 000000000012 | Facture 12            |     | 180.25 | 0      |
        41110000 | Clients             | 2026-03-03 | 41110000       | 41110002 | SF-VTE | 000000000013 | Facture 13            |     | 90     | 0      |
        41110000 | Clients             |            | 41110000       |          |        |              | Total compte 41110000 |     | 770.25 | 500    | 270.25
        41910000 | Clients, avances    | 2026-03-03 | 41910000       | 41110002 | SF-VTE | 000000000013 | Facture 13            |     | 0      | 30     |
        41910000 | Clients, avances    |            | 41910000       |          |        |              | Total compte 41910000 |     |        | 30     | -30
        51210000 | Banque              | 2026-02-09 | 51210000       |          | SF-BQ  | 000000000007 | Virement              |     | 500    | 0      |
        51210000 | Banque              |            | 51210000       |          |        |              | Total compte 51210000 |     | 500    |        | 500
    """),
        separator=",",
        quoted=True,
    )


def flat_by_customer() -> bytes:
    """The same program by third party: the code stands first, suppliers among the customers."""
    return text(*table("""
        Tiers  | Intitulé     | Date       | Compte général | C.J | N° Saisie | Libellé écriture   | Let | Débit | Crédit | Solde progressif
        DUPONT | DUPONT SA    | 2026-01-05 | 411000         | VT  | 21        | Facture 21         |     | 240   | 0      |
        DUPONT | DUPONT SA    | 2026-02-09 | 411000         | BQ  | 31        | Acompte            |     | 0     | 40     |
        DUPONT |              |            |                |     |           | Total tiers DUPONT |     | 240   | 40     | 200
        GARAGE | GARAGE PETIT | 2026-01-07 | 401000         | AC  | 22        | Facture garage     |     | 0     | 75     |
        GARAGE |              |            |                |     |           | Total tiers GARAGE |     | 0     | 75     | -75
    """), separator=",", quoted=True)  # fmt: skip


def echeancier() -> bytes:
    """One row a due date, with what was settled of it: no lettering, so it is judged by what is paid (rule C)."""
    return workbook(
        row(A="ATELIER EXEMPLE - Échéancier clients"),
        row(A="Au 31/03/2026"),
        (),
        row(A="Tiers", B="Intitulé", C="N° facture", D="Date facture", E="Date d'échéance", F="Montant échéance",
            G="Montant réglé", H="Solde dû"),
        row(A="DUPONT", B="DUPONT SA", C="FA71", D=day("15/01/2026"), E=day("28/02/2026"), F=800, G=800, H=0),
        row(A="DUPONT", B="DUPONT SA", C="FA75", D=day("02/02/2026"), E=day("31/03/2026"), F=450, G=50, H=400),
        row(A="MARTIN", B="MARTIN SARL", C="FA76", D=day("03/02/2026"), E=day("05/03/2026"), F=99.99, G=0, H=99.99),
        row(A="Total général", F=1349.99, G=850, H=499.99),
        sheet="Échéancier",
    )  # fmt: skip


def coala() -> bytes:
    """Account and name in one cell before the lines; amounts and dates as texts; a subtotal a month."""
    return workbook(
        row(A="ATELIER EXEMPLE", H="Exercice du 01/01/2026 au 31/12/2026"),
        row(A="GRAND LIVRE"),
        (),
        row(A="Date", B="Jnl", C="Pièce", D="Libellé", E="Let", F="Débit", G="Crédit", H="Solde"),
        row(A="411DUPONT  DUPONT SA"),
        row(A="08/01/2026", B="VE", C="260108", D="DUPONT facture 260108", E="A", F="1 440,00", H="1 440,00 D"),
        row(A="31/01/2026", B="BQ", C="VIR", D="DUPONT virement", E="A", G="1 440,00", H="0,00"),
        row(D="Total Janvier 2026", F="1 440,00", G="1 440,00", H="0,00"),
        row(A="18/02/2026", B="VE", C="260218", D="DUPONT facture 260218", F="2 300,60", H="2 300,60 D"),
        row(D="Total Février 2026", F="2 300,60", H="2 300,60 D"),
        row(D="Total compte 411DUPONT", F="3 740,60", G="1 440,00", H="2 300,60 D"),
        row(A="411PETIT  PETIT FRERES"),
        row(A="20/02/2026", B="VE", C="260220", D="PETIT facture 260220", F="64,80", H="64,80 D"),
        row(D="Total compte 411PETIT", F="64,80", H="64,80 D"),
        row(A="512000  BANQUE"),
        row(A="31/01/2026", B="BQ", C="VIR", D="DUPONT virement", F="1 440,00", H="1 440,00 D"),
        row(D="Total compte 512000", F="1 440,00", H="1 440,00 D"),
        row(D="TOTAL GENERAL", F="5 245,40", G="1 440,00"),
        sheet="Grand livre",
    )


LAYOUTS = (
    # The table of Sage 100 with its columns as public programs that query it name them; rows invented.
    # By hand: DUPONT 960 lettered with 960. MARTIN 1540.80 due 30/04. Side 0 is a debit: the sales of an invoice are 1.
    Layout(
        "Sage 100, table F_ECRITUREC",
        "F_ECRITUREC.csv",
        f_ecriturec,
        lines=3,
        balances={"DUPONT": ("", 0), "MARTIN": ("", 154080)},
        items=(("MARTIN", "FA2618", 154080, "2026-04-30"),),
    ),
    # The table of documents of Sage 100; rows invented. By hand: 101: 1200 - 0, due 15/01 + 30 = 14/02; 102 paid; 103: 300 - 120
    # = 180, due 10/02 + 30 = 12/03. CLI010: 1200 + 180 = 1380.
    Layout(
        "Sage 100, table F_DOCENTETE",
        "F_DOCENTETE.csv",
        f_docentete,
        lines=3,
        balances={"CLI010": ("", 138000), "CLI020": ("", 0)},
        items=(("CLI010", "FC2026-101", 120000, "2026-02-14"), ("CLI010", "FC2026-103", 18000, "2026-03-12")),
        accounting="cash",
    ),
    # ComptaFlow, a ledger in the cloud that follows Sage 100; rows invented. By hand: 500 lettered; 180.25 open, due 02/03 + 30 =
    # 01/04; 41110002 90, less 30 in advance of the same entry (rule B7) = 60, due 03/03 + 30 = 02/04. The number of the entry is
    # no piece: it holds no letter (rule A4).
    Layout(
        "ComptaFlow, ledger by account",
        "grand-livre.csv",
        flat_with_totals,
        lines=5,
        balances={"41110001": ("", 18025), "41110002": ("", 6000)},
        items=(("41110001", "", 18025, "2026-04-01"), ("41110002", "", 6000, "2026-04-02")),
    ),
    # The same by third party. By hand: 240 open (05/01 + 30 = 04/02), 40 on account: 200. The supplier is not read.
    Layout(
        "ComptaFlow, ledger by third party",
        "grand-livre-tiers.csv",
        flat_by_customer,
        lines=2,
        balances={"DUPONT": ("DUPONT SA", 20000)},
        items=(("DUPONT", "", 24000, "2026-02-04"),),
    ),
    # https://documentation.sage.fr, Sage 100 Comptabilité, Échéancier: after; rows invented.
    # By hand: FA71 paid; FA75 450 - 50 = 400; FA76 99.99.
    Layout(
        "Sage 100, échéancier",
        "echeancier.xlsx",
        echeancier,
        lines=3,
        balances={"DUPONT": ("DUPONT SA", 40000), "MARTIN": ("MARTIN SARL", 9999)},
        items=(("DUPONT", "FA75", 40000, "2026-03-31"), ("MARTIN", "FA76", 9999, "2026-03-05")),
        accounting="cash",
    ),
    # https://wiki.gestan.fr/doku.php?id=wiki:v15:compta:exportximport names Sage Coala's exchange; its printed ledger was not
    # seen: rows and columns as such prints have them, invented.
    # By hand: 1440 lettered; 2300.60 due 18/02 + 30 = 20/03; PETIT 64.80 due 20/02 + 30 = 22/03.
    Layout(
        "Sage Coala",
        "grand-livre-coala.xlsx",
        coala,
        lines=4,
        balances={"411DUPONT": ("DUPONT SA", 230060), "411PETIT": ("PETIT FRERES", 6480)},
        items=(("411DUPONT", "260218", 230060, "2026-03-20"), ("411PETIT", "260220", 6480, "2026-03-22")),
    ),
)
