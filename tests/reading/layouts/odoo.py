"""Odoo: the ledgers of the community's reports and the list of invoices."""

from tests.reading.layouts.making import Layout, day, row, workbook

_HEAD = (
    "Date",
    "Pièce",
    "Journal",
    "Compte",
    "Taxes",
    "Partenaire",
    "Réf - Libellé",
    "Let.",
    "Débit",
    "Crédit",
    "Cumul",
)


def partner_ledger() -> bytes:
    """A block of filters; for each account and partner a title and the headings again; balances before and after."""
    return workbook(
        ("Grand livre - EXEMPLE SARL - EUR",),
        (),
        ("Filtre de dates", None, "Du : 01/01/2026 Au : 31/12/2026"),
        ("Filtre des écritures", None, "Toutes les écritures comptabilisées"),
        (),
        ("411100 - Clients",),
        ("DUPONT SA",),
        _HEAD,
        row(F="Solde initial du partenaire", I=0, J=0, K=0),
        (day("15/01/2026"), "FAC/2026/00001", "FAC", "411100", "", "DUPONT SA", "S00012", "A1", 600, 0, 600),
        (day("16/02/2026"), "BNK1/2026/0004", "BNK1", "411100", "", "DUPONT SA", "FAC/2026/00001", "A1", 0, 600, 0),
        (day("02/03/2026"), "FAC/2026/00009", "FAC", "411100", "", "DUPONT SA", "S00031", "", 912.5, 0, 912.5),
        row(A="DUPONT SA", F="Solde final du partenaire", I=1512.5, J=600, K=912.5),
        (),
        ("MARTIN SARL",),
        _HEAD,
        row(F="Solde initial du partenaire", I=0, J=0, K=0),
        (day("03/03/2026"), "FAC/2026/00010", "FAC", "411100", "", "MARTIN SARL", "S00033", "", 20, 0, 20),
        row(A="MARTIN SARL", F="Solde final du partenaire", I=20, J=0, K=20),
        (),
        row(A="411100 - Clients", F="Solde final", I=1532.5, J=600, K=932.5),
        sheet="Grand livre",
    )


def open_items() -> bytes:
    """What is open only: the amount and what is left of it."""
    head = (
        "Date",
        "Pièce",
        "Journal",
        "Compte",
        "Partenaire",
        "Réf - Libellé",
        "Date d'échéance",
        "Original",
        "Résiduel",
    )
    return workbook(
        ("Postes ouverts - EXEMPLE SARL - EUR",),
        (),
        ("Filtre à la date du", None, "31/03/2026"),
        (),
        ("411100 - Clients",),
        ("DUPONT SA",),
        head,
        (day("15/01/2026"), "FAC/2026/00001", "FAC", "411100", "DUPONT SA", "S00012", day("14/02/2026"), 600, 150),
        (day("02/03/2026"), "FAC/2026/00009", "FAC", "411100", "DUPONT SA", "S00031", day("01/04/2026"), 912.5, 912.5),
        row(A="DUPONT SA", F="Solde final du partenaire", I=1062.5),
        (),
        row(A="411100 - Clients", F="Solde final", I=1062.5),
        sheet="Postes ouverts",
    )


def invoice_list() -> bytes:
    """The list as exported: what is due beside the total."""
    return workbook(
        (
            "Numéro",
            "Client",
            "Date de facturation",
            "Date d'échéance",
            "Total signé",
            "Montant dû signé",
            "État de paiement",
        ),
        ("FAC/2026/00001", "DUPONT SA", day("15/01/2026"), day("14/02/2026"), 600, 150, "Partiellement réglée"),
        ("FAC/2026/00002", "MARTIN SARL", day("16/01/2026"), day("15/02/2026"), 80, 0, "Payée"),
        ("FAC/2026/00009", "DUPONT SA", day("02/03/2026"), day("01/04/2026"), 912.5, 912.5, "Non payées"),
        sheet="Sheet1",
    )


LAYOUTS = (
    # https://github.com/OCA/account-financial-reporting/blob/17.0/account_financial_report/report/general_ledger_xlsx.py
    # (headings and titles, by partner; French from its catalogue): after; rows invented.
    # By hand: 600 lettered A1; 912.50 of 02/03 + 30 = 01/04; MARTIN 20 of 03/03 + 30 = 02/04.
    Layout(
        "Odoo, partner ledger",
        "odoo-grand-livre.xlsx",
        partner_ledger,
        lines=4,
        balances={"DUPONT SA": ("DUPONT SA", 91250), "MARTIN SARL": ("MARTIN SARL", 2000)},
        items=(
            ("DUPONT SA", "FAC/2026/00009", 91250, "2026-04-01"),
            ("MARTIN SARL", "FAC/2026/00010", 2000, "2026-04-02"),
        ),
    ),
    # https://github.com/OCA/account-financial-reporting/blob/17.0/account_financial_report/report/open_items_xlsx.py: after.
    # By hand: 150 left of 600, 912.50 of 912.50.
    Layout(
        "Odoo, open items",
        "odoo-postes-ouverts.xlsx",
        open_items,
        lines=2,
        balances={"DUPONT SA": ("DUPONT SA", 106250)},
        items=(
            ("DUPONT SA", "FAC/2026/00001", 15000, "2026-02-14"),
            ("DUPONT SA", "FAC/2026/00009", 91250, "2026-04-01"),
        ),
        accounting="cash",
    ),
    # Comptabilité, Clients, Factures, list, Exporter (Numéro, Client, Date de facturation, Date d'échéance, Total signé, Montant
    # dû signé) as a course on Odoo lists them; rows invented. By hand: 150 and 912.50 left.
    Layout(
        "Odoo, list of invoices",
        "odoo-factures.xlsx",
        invoice_list,
        lines=3,
        balances={"DUPONT SA": ("", 106250), "MARTIN SARL": ("", 0)},
        items=(
            ("DUPONT SA", "FAC/2026/00001", 15000, "2026-02-14"),
            ("DUPONT SA", "FAC/2026/00009", 91250, "2026-04-01"),
        ),
        accounting="cash",
    ),
)
