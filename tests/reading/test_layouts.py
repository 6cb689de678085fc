"""What packages used in France export is read without configuration (rules A1 to A4, C1, C2, E1; faults 1, 8, 10, 27, 28)."""

from pathlib import Path

import pytest

from dunning_batch.core.ledger import Ledger, LedgerRules
from dunning_batch.core.openitems import Settlement
from dunning_batch.core.paidlists import settle_paid
from dunning_batch.core.settling import settle
from dunning_batch.errors import InputError
from dunning_batch.language import language
from dunning_batch.reading.reader import read_ledger
from tests.reading.layouts import LAYOUTS, REFUSED, printed
from tests.reading.layouts.making import Layout, Refused


def read(folder, one: Layout | Refused) -> Ledger:
    path = folder / "input" / one.file
    path.parent.mkdir()
    path.write_bytes(one.make())
    return read_ledger([path], folder, LedgerRules(), {}, "")


def owed(ledger: Ledger) -> Settlement:
    """As the program settles it: by lettering, or by what a list says is paid."""
    if ledger.accounting == "cash":
        return settle_paid(ledger, {}, "30 days")
    return settle(ledger, LedgerRules(), {}, "30 days")


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
def test_a_layout_is_read(tmp_path, layout):
    ledger = read(tmp_path, layout)
    assert ledger.accounting == layout.accounting
    settled = owed(ledger)
    assert len(ledger.lines) == layout.lines
    assert sorted((one.customer, one.piece, one.open, one.due.isoformat()) for one in settled.items) == sorted(
        layout.items
    )
    assert {one.code: one.balance for one in settled.balances} == {
        code: cents for code, (_, cents) in layout.balances.items()
    }
    names = {one.code: one.name for one in settled.balances}
    assert all(names[code] == name for code, (name, _) in layout.balances.items() if name)
    assert not any(one.nobody for one in settled.balances)


@pytest.mark.parametrize("refused", REFUSED, ids=lambda one: one.name)
def test_what_is_no_ledger_is_refused(tmp_path, refused):
    with pytest.raises(InputError) as caught:
        read(tmp_path, refused)
    words = " ".join(f"{one.source} {language('en').message(one.message)}" for one in caught.value.problems)
    assert all(word in words.lower() or word in words for word in refused.says), words


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.name)
def test_what_is_expected_adds_up(layout):
    """An item never belongs to a customer without a balance, and open items of a list are its balances (rule C3)."""
    assert {customer for customer, *_ in layout.items} <= layout.balances.keys()
    if layout.accounting == "cash" and layout.name != "documents of all types":  # it has a credit note
        for code, (_, cents) in layout.balances.items():
            assert cents == sum(one[2] for one in layout.items if one[0] == code)


def test_what_sage_calls_intitule_is_the_label_of_an_entry(tmp_path):
    (layout,) = (one for one in LAYOUTS if one.name == "Sage 100, table F_ECRITUREC")
    assert set(read(tmp_path, layout).lines["label"]) == {"Vente", "Virement"}


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if one not in printed.LAYOUTS], ids=lambda one: one.name)
def test_each_package_is_told_in_the_how_to(layout):
    page = Path(__file__).parents[2] / "docs" / "how-to" / "ledger-from-your-package.md"
    assert layout.name.split(", ")[0] in page.read_text(encoding="utf-8")
