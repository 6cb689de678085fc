"""Files that look like ledgers and are none: each is refused with what it is and what to export instead."""

from tests.reading.layouts.making import Refused, day, row, table, text, workbook


def aged_balance() -> bytes:
    return workbook(
        ("Balance âgée - EXEMPLE SARL - EUR",),
        ("Filtre à la date du", None, "31/03/2026"),
        (),
        (
            "Partenaire",
            "Résiduel",
            "Actuel",
            "Éch. ≤ 30 j.",
            "Éch. ≤ 60 j.",
            "Éch. ≤ 90 j.",
            "Éch. ≤ 120 j.",
            "Plus ancien",
        ),
        ("DUPONT SA", 1062.5, 912.5, 0, 150, 0, 0, 0),
        ("MARTIN SARL", 20, 20, 0, 0, 0, 0, 0),
        ("Total", 1082.5, 932.5, 0, 150, 0, 0, 0),
    )


def general_balance() -> bytes:
    return workbook(
        ("Balance générale", None, None, "Du 01/01/2026 au 31/03/2026"),
        ("Compte", "Intitulé", "Débit", "Crédit", "Solde débiteur", "Solde créditeur"),
        ("411DUPONT", "DUPONT SA", 3740.6, 1440, 2300.6, None),
        ("512000", "Banque", 1440, 0, 1440, None),
        ("706000", "Prestations", 0, 3740.6, None, 3740.6),
        ("Total", None, 5180.6, 5180.6, 3740.6, 3740.6),
    )


def customers_balance() -> bytes:
    return text(*table("""
        Compte    | Nom         | Débit   | Crédit  | Solde
        411DUPONT | DUPONT SA   | 3740,60 | 1440,00 | 2300,60
        411MARTIN | MARTIN SARL | 60,00   | 0,00    | 60,00
    """))  # fmt: skip


def invoices_without_state() -> bytes:
    return workbook(
        ("Numéro", "Client", "Date", "Échéance", "Montant TTC"),
        ("F-001", "DUPONT SA", day("10/01/2026"), day("09/02/2026"), 120),
        ("F-002", "MARTIN SARL", day("11/01/2026"), day("10/02/2026"), 240),
    )


def invoices_without_amount() -> bytes:
    return workbook(
        ("Numéro", "Client", "Date", "Échéance", "Payée"),
        ("F-001", "DUPONT SA", day("10/01/2026"), day("09/02/2026"), "oui"),
        ("F-002", "MARTIN SARL", day("11/01/2026"), day("10/02/2026"), "non"),
    )


def bank_statement() -> bytes:
    return text(*table("""
        Date       | Date valeur | Libellé        | Débit  | Crédit | Solde
        02/01/2026 | 02/01/2026  | VIR DUPONT SA  |        | 600,00 | 600,00
        05/01/2026 | 05/01/2026  | PRLV ASSURANCE | 45,00  |        | 555,00
    """))  # fmt: skip


def suppliers_ledger() -> bytes:
    return workbook(
        row(A="EXEMPLE SARL", F="Grand-livre des tiers"),
        row(F="Fournisseur", N="Tenue de compte : EUR"),
        row(
            A="Date", B="C.j", C="N° pièce", D="Libellé écriture", I="Lettr.", M="Mouvement débit", O="Mouvement crédit"
        ),
        row(A="GARAGE", D="GARAGE PETIT"),
        row(A=day("15/01/2026"), B="ACH", C="37", D="Facture 4411", O=480),
        row(A=day("12/02/2026"), B="BQ1", C="114", D="VIR GARAGE", M=500),
        row(D="Total du tiers", M=500, O=480),
    )


def drafts_among_invoices() -> bytes:
    return workbook(
        ("numéro de facture", "date de facture", "nom du client", "montant TTC", "payée"),
        ("F-001", day("10/01/2026"), "DUPONT SA", 120, "oui"),
        ("F-002", day("10/02/2026"), "DUPONT SA", 240, "peut-être"),
    )


def debits_alone() -> bytes:
    """The heading of the credits was lost: who has paid does not count."""
    return workbook(
        ("Date", "Journal", "Compte", "Pièce", "Libellé", "Débit", None, "Lettrage"),
        (day("10/01/2026"), "VE", "411DUPONT", "F-001", "Facture", 120, None, None),
        (day("10/02/2026"), "BQ", "411DUPONT", "", "Virement", None, 120, None),
    )


def records_of_fixed_width() -> bytes:
    """Quadra's exchange format: it has no headings at all."""
    return (
        "M411DUP  VE000150126 Facture F101         D+000000072000        280226     F101      EUR\r\n"
        "M706000  VE000150126 Facture F101         C+000000072000                   F101      EUR\r\n"
    ).encode("cp1252")


def headings_only() -> bytes:
    return workbook(("Date", "Journal", "Compte", "Pièce", "Libellé", "Débit", "Crédit", "Lettrage"))


REFUSED = (
    # https://github.com/OCA/account-financial-reporting/blob/17.0/account_financial_report/report/aged_partner_balance_xlsx.py
    Refused("aged balance", "balance-agee.xlsx", aged_balance, ("balance",)),
    Refused("general balance", "balance.xlsx", general_balance, ("balance",)),
    Refused("customers' balance", "balance-clients.csv", customers_balance, ("balance",)),
    Refused("invoices without what is paid", "factures.xlsx", invoices_without_state, ("paid",)),
    Refused("invoices without amounts", "factures.xlsx", invoices_without_amount, ("amount",)),
    Refused("bank statement", "releve.csv", bank_statement, ("customer",)),
    Refused("suppliers' ledger", "fournisseurs.xlsx", suppliers_ledger, ("customer",)),
    Refused("a flag that says neither", "factures.xlsx", drafts_among_invoices, ("E3",)),
    Refused("debits without credits", "grand-livre.xlsx", debits_alone, ("debit", "credit")),
    # https://doc-en.openflyers.com/Accounting-export-template-Quadratus
    Refused("records of fixed width", "quadra.csv", records_of_fixed_width, ("no FEC", "export")),
    Refused("headings without lines", "vide.xlsx", headings_only, ("no line",)),
)
