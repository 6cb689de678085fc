"""What headings mean, in the spellings that programs and people use (fault 28)."""

import pytest

from dunning_batch.reading.workbook_headings import HEADING_FIELDS, meanings, vocabulary


def best(heading):
    found = meanings(heading)
    return max(found, key=found.get) if found else ""


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Date d'échéance", "due_date"), ("DATE_ECHEANCE", "due_date"), ("DateLimitReglmt", "due_date"),
        ("À payer avant le", "due_date"), ("Due", "due_date"), ("N° pièce", "piece"), ("Pièce n°", "piece"),
        ("Nº facture", "invoice"), ("Réf. pièce", "piece"), ("DO_Piece", "piece"), ("Libellé de l'écriture", "label"),
        ("Débit (€)", "debit"), ("DEBIT", "debit"), ("Montant\ndébit", "debit"), ("Mouvements de la période crédit", "credit"),
        ("Débit (-)", "debit"), ("Let.", "lettering"), ("CARLETTRAGE", "lettering"), ("EcritureLet", "lettering"),
        ("Lettré le", "lettering_date"), ("C.J", "journal"), ("D/C", "side"), ("Sens", "side"), ("Payée", "paid"),
        ("Payée le", "paid_on"), ("Réglée le", "paid_on"), ("Montant payé", "paid_amount"), ("DO_MontantRegle", "paid_amount"),
        ("Reste dû", "residual"), ("Reste à payer", "residual"), ("Montant dû signé", "residual"), ("Amount due", "residual"),
        ("Montant TTC", "amount"), ("Solde progressif", "balance"), ("CompAuxNum", "customer"), ("Code tiers", "customer"),
        ("Raison sociale", "customer_name"), ("Intitulé du compte", "account_name"), ("numero_compte", "account"),
        ("> 90 jours", "bucket"), ("31-60", "bucket"), ("Devise", "currency"),
    ],
)  # fmt: skip
def test_a_heading_is_known(heading, field):
    assert best(heading) == field


@pytest.mark.parametrize(
    "heading",
    ["Montant HT", "Total TVA", "Débit devise", "Contrevaleur débit", "Solde débit devise", "Code analytique",
     "Date de livraison", "DO_DateLivr", "Mode de règlement", "Téléphone", "", "x" * 200],
)  # fmt: skip
def test_what_is_no_amount_owed_is_not_taken_for_one(heading):
    assert best(heading) not in {"amount", "debit", "credit", "paid_amount", "residual", "date", "due_date"}


def test_a_heading_means_one_thing_for_certain():
    """But for `Intitulé`, which names what stands before it."""
    for _, _, spellings in vocabulary():
        for spelling in spellings:
            weights = sorted(meanings(spelling).values(), reverse=True)
            assert len(weights) < 2 or weights[0] > weights[1], spelling


def test_every_field_is_one_that_the_program_knows():
    assert {field for field, _, _ in vocabulary()} == HEADING_FIELDS
