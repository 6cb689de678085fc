"""Lists of invoices in tables: what is no invoice, and what is paid where two columns say it (rules C1, C2; fault 43)."""

import pytest

from dunning_batch.core.ledger import LedgerRules
from dunning_batch.core.paidlists import settle_paid
from dunning_batch.errors import InputError
from dunning_batch.reading.reader import read_ledger
from tests.reading.layouts.making import table, text


def listed(folder, rows: str):
    path = folder / "factures.csv"
    path.write_bytes(text(*table(rows)))
    return read_ledger([path], folder, LedgerRules(), {}, "")


def left(ledger) -> dict[str, int]:
    return {one.piece: one.open for one in settle_paid(ledger, {}, "30 days").items}


def said(ledger) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.severity, one.source.line) for one in ledger.problems]


def test_what_is_left_counts_where_a_discount_explains_it(tmp_path):
    ledger = listed(tmp_path, """
        Date       | Facture | Client | Montant TTC | Montant réglé | Reste dû
        10/01/2026 | F1      | DUPONT | 100,00      | 98,00         | 0,00
        10/01/2026 | F2      | DUPONT | 100,00      | 50,00         | 30,00
        10/01/2026 | F3      | DUPONT | 100,00      | 40,00         |
        10/01/2026 | F4      | DUPONT | 100,00      | 40,00         | 60,00
    """)  # fmt: skip
    assert left(ledger) == {"F2": 3000, "F3": 6000, "F4": 6000}
    assert said(ledger) == [("paid_and_left", "warning", 2), ("paid_and_left", "warning", 3)]


def test_nothing_leaves_more_than_what_is_not_paid(tmp_path):
    with pytest.raises(InputError) as caught:
        listed(tmp_path, """
            Date       | Facture | Client | Montant TTC | Montant réglé | Reste dû
            10/01/2026 | F1      | DUPONT | 100,00      | 50,00         | 70,00
        """)  # fmt: skip
    assert [(one.code, one.source.line) for one in caught.value.problems] == [("paid_and_left", 2)]


def test_a_credit_note_by_its_type_lowers_what_is_owed_whatever_its_sign(tmp_path):
    ledger = listed(tmp_path, """
        Date       | Type             | Facture | Client | Montant TTC | Reste dû
        10/01/2026 | Facture          | F1      | DUPONT | 100,00      | 100,00
        11/01/2026 | Avoir            | A1      | DUPONT | 20,00       | 20,00
        12/01/2026 | Note de crédit   | A2      | DUPONT | -5,00       | 5,00
        13/01/2026 | Avoir            | A3      | DUPONT | 7,00        | 0,00
    """)  # fmt: skip
    (balance,) = settle_paid(ledger, {}, "30 days").balances
    assert (balance.open, balance.unallocated) == (10000, 2500)
    assert said(ledger) == [("credit_notes_turned", "notice", 3)]


def test_quotes_orders_and_payments_are_no_invoices(tmp_path):
    ledger = listed(tmp_path, """
        Date       | Type                     | Facture | Client | Montant TTC | Payée
        10/01/2026 | Devis                    | D1      | DUPONT | 900,00      | non
        10/01/2026 | Facture                  | F1      | DUPONT | 100,00      | non
        10/01/2026 | Bon de commande          | C1      | DUPONT | 800,00      | non
        10/01/2026 | Facture d'acompte commande | F2    | DUPONT | 30,00       | non
        10/01/2026 | Facture proforma         | P1      | DUPONT | 700,00      | non
        10/01/2026 | Paiement                 |         | DUPONT | -100,00     | non
    """)  # fmt: skip
    assert left(ledger) == {"F1": 10000, "F2": 3000}
    assert said(ledger) == [("no_invoice_rows", "notice", 7), ("no_invoice_rows", "notice", 2)]


def test_a_type_that_names_no_invoice_tells_something_else(tmp_path):
    ledger = listed(tmp_path, """
        Date       | Type     | Facture | Client | Montant TTC | Payée
        10/01/2026 | Virement | F1      | DUPONT | 100,00      | non
        10/01/2026 | Chèque   | F2      | DUPONT | 30,00       | non
    """)  # fmt: skip
    assert left(ledger) == {"F1": 10000, "F2": 3000}
    assert said(ledger) == []
