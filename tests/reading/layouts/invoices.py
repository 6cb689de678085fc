"""Lists of invoices with what is paid: Dolibarr, Tiime, Indy, Axonaut, Zoho Books, QuickBooks, Dynamics AX."""

from textwrap import dedent

from tests.reading.layouts.making import Layout, day, table, text, workbook


def dolibarr() -> bytes:
    """The fields of an invoice, one row each; a flag 0 or 1; names and accounts of the customers."""
    return text(*table("""
        Nom société | Code compta client | Ref. facture | Date facturation | Date échéance | Total HT | Total TTC | Total TVA | Facture payée | Statut facture
        DUPONT SA   | 411DUPONT          | FA2601-0001  | 2026-01-15       | 2026-02-14    | 500      | 600       | 100       | 1             | Payée
        DUPONT SA   | 411DUPONT          | FA2603-0004  | 2026-03-02       | 2026-04-01    | 210      | 252       | 42        | 0             | Impayée
        MARTIN SARL | 411MARTIN          | FA2603-0005  | 2026-03-03       | 2026-04-02    | 25       | 30        | 5         | 0             | Impayée
    """), separator=",")  # fmt: skip


def tiime() -> bytes:
    """Headings in lower case, no due date, a state of each invoice."""
    return workbook(
        ("id", "numéro de facture", "date de facture", "nom du client", "pays du client", "intitulé", "montant HT ",
         "montant TVA (20.0%)", "montant TTC ", "statut de la facture", "Transaction(s) liée(s)"),
        (501, "F-001", day("10/01/2026"), "DUPONT SA", "France", "Atelier janvier", 100, 20, 120, "Payée", "VIR DUPONT"),
        (502, "F-002", day("10/02/2026"), "DUPONT SA", "France", "Atelier février", 200, 40, 240, "Envoyée", None),
        (503, "F-003", day("12/02/2026"), "PETIT FRERES", "France", "Conseil", 50, 10, 60, "En retard", None),
        sheet="Factures",
    )  # fmt: skip


def indy() -> bytes:
    """A list with the day of payment; amounts with the sign of the euro."""
    return text(*table("""
        Numéro     | Client      | Date d'émission | Date d'échéance | Montant HT | Montant TTC | Statut     | Payée le
        2026-0001  | DUPONT SA   | 05/01/2026      | 04/02/2026      | 100,00 €   | 120,00 €    | Payée      | 02/02/2026
        2026-0002  | MOREAU      | 15/02/2026      | 17/03/2026      | 1 000,00 € | 1 200,00 €  | En attente |
    """))  # fmt: skip


def axonaut() -> bytes:
    """What is left to pay, no flag."""
    return text(*table("""
        N° facture | Date       | Échéance   | Société     | Montant HT | TVA    | Montant TTC | Reste à payer
        FV202601   | 07/01/2026 | 06/02/2026 | DUPONT SA   | 1000,00    | 200,00 | 1200,00     | 0,00
        FV202602   | 09/02/2026 | 11/03/2026 | MARTIN SARL | 500,00     | 100,00 | 600,00      | 450,00
    """), quoted=True)  # fmt: skip


def zoho() -> bytes:
    """One row a line of an invoice: number, total and balance stand on each of them."""
    return text(*table("""
        Invoice Date | Invoice ID | Invoice Number | Invoice Status | Customer ID | Customer Name | Due Date   | Currency Code | Item Name | Quantity | Item Total | SubTotal | Total  | Balance
        2026-01-10   | 9001       | INV-0001       | Closed         | 77001       | DUPONT SA     | 2026-02-09 | EUR           | Chair     | 2        | 100.00     | 100.00   | 120.00 | 0.00
        2026-02-10   | 9002       | INV-0002       | Overdue        | 77001       | DUPONT SA     | 2026-03-12 | EUR           | Table     | 1        | 300.00     | 350.00   | 420.00 | 320.00
        2026-02-10   | 9002       | INV-0002       | Overdue        | 77001       | DUPONT SA     | 2026-03-12 | EUR           | Lamp      | 1        | 50.00      | 350.00   | 420.00 | 320.00
        2026-03-01   | 9003       | INV-0003       | Sent           | 77002       | MARTIN SARL   | 2026-03-31 | EUR           | Chair     | 1        | 50.00      | 50.00    | 60.00  | 60.00
    """), separator=",")  # fmt: skip


def quickbooks() -> bytes:
    """Invoices and payments in one list; `Balance` is what is open of an invoice, not a running balance."""
    return text(*table("""
        Transaction date | Transaction type | No.  | Name        | Status  | Due date   | Total    | Balance  | Currency
        2026-01-05       | Invoice          | 1050 | DUPONT SA   | Paid    | 2026-02-04 | 1,500.00 | 0.00     | EUR
        2026-02-03       | Payment          |      | DUPONT SA   |         |            | -1,500.00 |         | EUR
        2026-02-10       | Invoice          | 1051 | MARTIN SARL | Overdue | 2026-03-12 | 2,250.75 | 2,250.75 | EUR
    """), separator=",")  # fmt: skip


def dynamics_ax() -> bytes:
    """One signed amount, a number of lettering, 1900-01-01 for no day, short lines."""
    return (
        dedent("""
        Compte client,Profil de validation,Montant,Montant réglé,Devise,SETTLEMENT,N° document,Date du document,Date d échéance,Facture,Date de transaction,Date dernier règlement,LASTSETTLEVOUCHER,N° de lettrage
        2000001,GENERAL,345.6,345.600000,EUR,1,FF001,2026-01-05 00:00:00.000,2026-02-04 00:00:00.000,FA1,2026-01-05 00:00:00.000,2026-02-04 00:00:00.000,ENC001,C1
        2000001,GENERAL,-345.6,-345.600000,EUR,1,ENC001,2026-02-04 00:00:00.000,2026-02-04 00:00:00.000,,2026-02-04 00:00:00.000,2026-02-04 00:00:00.000,FF001,C1
        2000002,GENERAL,1505.81,0.000000,EUR,1,FF002,2026-01-10 00:00:00.000,2026-02-09 00:00:00.000,FA2,2026-01-10 00:00:00.000,1900-01-01 00:00:00.000
        2000002,GENERAL,-66.06,0.000000,EUR,1,AF003,2026-01-20 00:00:00.000,2026-01-20 00:00:00.000,AV1,2026-01-20 00:00:00.000,1900-01-01 00:00:00.000
    """)
        .lstrip()
        .encode()
    )


LAYOUTS = (
    # https://github.com/Dolibarr/dolibarr/blob/develop/htdocs/core/modules/modFacture.class.php (fields of the export "Factures
    # clients") and htdocs/langs/fr_FR/bills.lang (their French): after; rows invented.
    # By hand: 0001 paid; 0004 252; 0005 30.
    Layout(
        "Dolibarr, list of invoices",
        "dolibarr-factures.csv",
        dolibarr,
        lines=3,
        balances={"411DUPONT": ("DUPONT SA", 25200), "411MARTIN": ("MARTIN SARL", 3000)},
        items=(("411DUPONT", "FA2603-0004", 25200, "2026-04-01"), ("411MARTIN", "FA2603-0005", 3000, "2026-04-02")),
        accounting="cash",
    ),
    # The headings of Tiime's list of invoices as programs read it (numéro de facture, date de facture, nom du client, intitulé,
    # montant TTC, statut de la facture, Transaction(s) liée(s)); rows invented.
    # By hand: F-001 paid; F-002 240 of 10/02 + 30 = 12/03; F-003 60 of 12/02 + 30 = 14/03.
    Layout(
        "Tiime, list of invoices",
        "tiime-factures.xlsx",
        tiime,
        lines=3,
        balances={"DUPONT SA": ("DUPONT SA", 24000), "PETIT FRERES": ("PETIT FRERES", 6000)},
        items=(("DUPONT SA", "F-002", 24000, "2026-03-12"), ("PETIT FRERES", "F-003", 6000, "2026-03-14")),
        accounting="cash",
    ),
    # Not seen: columns as Indy's screen of invoices names them, rows invented. By hand: 0001 paid on 02/02; 0002 1200.
    Layout(
        "Indy, list of invoices",
        "indy-factures.csv",
        indy,
        lines=2,
        balances={"DUPONT SA": ("", 0), "MOREAU": ("", 120000)},
        items=(("MOREAU", "2026-0002", 120000, "2026-03-17"),),
        accounting="cash",
    ),
    # Not seen: columns as Axonaut's screen names them, rows invented. By hand: FV202601 paid; 450 left of FV202602.
    Layout(
        "Axonaut, list of invoices",
        "axonaut-factures.csv",
        axonaut,
        lines=2,
        balances={"DUPONT SA": ("", 0), "MARTIN SARL": ("", 45000)},
        items=(("MARTIN SARL", "FV202602", 45000, "2026-03-11"),),
        accounting="cash",
    ),
    # https://www.zoho.com/de-de/books/help/import-export/export.md and the columns of its Invoice.csv as programs read them; rows
    # invented. By hand: INV-0002 once, 320 of 420 left; INV-0003 60.
    Layout(
        "Zoho Books, invoices",
        "Invoice.csv",
        zoho,
        lines=3,
        balances={"77001": ("DUPONT SA", 32000), "77002": ("MARTIN SARL", 6000)},
        items=(("77001", "INV-0002", 32000, "2026-03-12"), ("77002", "INV-0003", 6000, "2026-03-31")),
        accounting="cash",
    ),
    # The columns of QuickBooks Online's sales list as programs read it; rows invented. By hand: 1050 paid; 1051 2250.75. A payment
    # is no invoice: what it paid already stands in the balance of 1050.
    Layout(
        "QuickBooks, sales",
        "quickbooks.csv",
        quickbooks,
        lines=2,
        balances={"DUPONT SA": ("", 0), "MARTIN SARL": ("", 225075)},
        items=(("MARTIN SARL", "1051", 225075, "2026-03-12"),),
        accounting="cash",
    ),
    # After a table of customers' transactions and their settlements; rows invented. By hand: C1 345.60 - 345.60; FA2 1505.81 due
    # 09/02, a credit note of 66.06: 1439.75.
    Layout(
        "Dynamics AX, customers' transactions",
        "ax.csv",
        dynamics_ax,
        lines=4,
        balances={"2000001": ("", 0), "2000002": ("", 143975)},
        items=(("2000002", "FA2", 150581, "2026-02-09"),),
    ),
)
