"""`preview` and `casefile`: made by the renderer of a run, sent to nobody."""

import io

import pytest
from pypdf import PdfReader

from tests.documents.letters import pages_of
from tests.documents.test_copies import invoice
from tests.dossiers import make_dossier

FEC = """
    jnl | date       | customer | piece | debit   | credit | let | counter
    VE  | 2026-01-15 | DUPONT   | F001  | 1000.00 |        |     | 707
    VE  | 2026-02-10 | DUPONT   | F002  | 200.00  |        |     | 707
    BQ  | 2026-03-05 | DUPONT   | R1    |         | 50.00  |     | 512
    VE  | 2026-02-01 | MARTIN   | F003  | 5.00    |        |     | 707
    VE  | 2026-11-20 | BERNARD  | F004  | 70.00   |        |     | 707
"""
CUSTOMERS = """Client;Nom;Adresse 1;Code postal;Ville;Type
DUPONT;Dupont SA;1 rue A;75001;Paris;professionnel
MARTIN;Martin SA;2 rue B;69001;Lyon;particulier
"""


@pytest.fixture
def dossier(tmp_path):
    made = make_dossier(tmp_path, fec=FEC)
    (made.root / "input" / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    return made


def text_of(path):
    return " ".join(pages_of(path.read_bytes()))


def test_a_letter_and_a_mail_of_each_level_to_who_is_asked_for_most(dossier):
    done = dossier.run("preview --as-of 2026-04-30")
    assert done.code == 0, done.stderr
    folder = dossier.root / "output" / "preview"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"level-{number}.{form}" for number in range(1, 5) for form in ("html", "pdf")
    ]
    assert done.stdout.split() == [str(folder / f"level-{n}.{form}") for n in range(1, 5) for form in ("pdf", "html")]
    for number in range(1, 5):
        said = text_of(folder / f"level-{number}.pdf")
        assert "Dupont SA" in said
        assert "F001" in said
        assert "Martin" not in said
    assert "Mise en demeure" in text_of(folder / "level-4.pdf")
    assert "Dupont SA" in done.stderr


def test_nothing_else_is_written(dossier):
    dossier.run("preview --as-of 2026-04-30")
    assert [path.name for path in (dossier.root / "output").iterdir()] == ["preview"]


@pytest.mark.parametrize("pattern", ["MARTIN", "mart*", "Martin SA"])
def test_of_one_customer(dossier, pattern):
    done = dossier.run(f"preview --as-of 2026-04-30 --customer '{pattern}' -o look")
    assert done.code == 0, done.stderr
    assert "F003" in text_of(dossier.root / "look" / "level-1.pdf")


def test_of_one_who_is_not_late_yet(dossier):
    done = dossier.run("preview --as-of 2026-11-24 --customer BERNARD")
    assert done.code == 0, done.stderr
    assert "F004" in text_of(dossier.root / "output" / "preview" / "level-1.pdf")


def test_of_one_who_owes_nothing(dossier):
    done = dossier.run("preview --customer NOBODY")
    assert done.code == 2
    assert "NOBODY" in done.stderr
    assert not (dossier.root / "output" / "preview").exists()


def test_an_invented_customer_needs_no_ledger(dossier):
    for path in (dossier.root / "input").iterdir():
        path.unlink()
    assert dossier.run("preview").code == 4
    assert dossier.run("preview --sample").code == 0
    assert "Dupont & Fils SARL" in text_of(dossier.root / "output" / "preview" / "level-1.pdf")
    assert dossier.run("preview --sample --customer X").code == 2


def test_the_file_on_a_customer(dossier):
    dossier.run("run --by zip --yes --as-of 2026-04-30")
    dossier.run("run --by zip --yes --as-of 2026-05-31")
    done = dossier.run("casefile DUPONT --as-of 2026-11-24")
    assert done.code == 0, done.stderr
    path = dossier.root / "output" / "casefile-DUPONT.pdf"
    assert done.stdout.strip() == str(path)
    reader = PdfReader(io.BytesIO(path.read_bytes()))
    assert [entry.title for entry in reader.outline] == [
        "Décompte", "30/04/2026 Relevé de factures impayées", "31/05/2026 2ème relance de paiement",
    ]  # fmt: skip
    first, *others = pages_of(path.read_bytes())
    # 1 000 + 200 - 50, two indemnities of 40; interest is worked out on the pages that follow.
    for said in ("1 200,00", "50,00", "2 × 40,00", "F001", "F002", "courrier, Dupont SA", "30/04/2026"):
        assert said in first, said
    assert "14/02/2031" in first  # five years after 14/02/2026
    assert "Relevé de factures impayées" in others[-2]
    assert "2ème relance" in first
    assert "2026-04-30-01/letters/DUPONT-1.pdf" in first.replace("/ ", "/")
    assert "MARTIN" not in " ".join(pages_of(path.read_bytes()))


def test_a_letter_that_is_gone_is_said(dossier):
    dossier.run("run --by zip --yes --as-of 2026-04-30")
    (dossier.root / "output" / "2026-04-30-01" / "letters" / "DUPONT-1.pdf").unlink()
    dossier.run("casefile DUPONT -o file.pdf --as-of 2026-11-24")
    assert "n'est plus là" in text_of(dossier.root / "file.pdf")


def test_copies_of_its_invoices_lie_behind(dossier):
    config = dossier.root / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[letters]\ninvoice_copies = "copies"\n', encoding="utf-8")
    invoice(dossier.root / "copies" / "F001.pdf", "Facture F001 du 15 janvier", "Total 1 000,00 EUR")
    done = dossier.run("casefile DUPONT --as-of 2026-11-24")
    reader = PdfReader(io.BytesIO((dossier.root / "output" / "casefile-DUPONT.pdf").read_bytes()))
    assert [entry.title for entry in reader.outline] == ["Décompte", "Facture F001"]
    assert "Total 1 000,00 EUR" in reader.pages[-1].extract_text()
    assert "F002" in dossier.run("-v casefile DUPONT --as-of 2026-11-24").stderr
    assert done.code == 0


def test_consumers_owe_no_indemnity_in_their_file(dossier):
    dossier.run("casefile MARTIN -o file.pdf --as-of 2026-11-24")
    said = text_of(dossier.root / "file.pdf")
    assert "40,00" not in said
    assert "03/03/2028" in said  # two years


def test_nobody_of_that_code(dossier):
    done = dossier.run("casefile DUPOND")
    assert done.code == 2
    assert "DUPOND" in done.stderr
    assert not any((dossier.root / "output").iterdir())


def test_a_missing_rate_is_named(dossier):
    done = dossier.run("casefile DUPONT --as-of 2028-01-15")
    assert done.code == 3
    assert "2027-S1" in done.stderr
