"""The customers file: every cell understood, or the customer held (faults 26 to 33 and 36 to 44, rules E2 and E4)."""

from datetime import date, datetime

import openpyxl
import pytest

from dunning_batch.core.customers import Customer
from dunning_batch.core.openitems import CustomerBalance
from dunning_batch.errors import ExitCode, InputError
from dunning_batch.language import language
from dunning_batch.reading.customers import HEADINGS, Customers, read_customers
from dunning_batch.reading.missing_customers import missing_customers_workbook
from tests.reading.books import ods, ods_row, saved, xlsx


def read(folder, data: str | bytes, name: str = "customers.csv") -> Customers:
    path = folder / "input" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_customers(path, folder)


def errors(folder, data: str | bytes, name: str = "customers.csv") -> list[tuple[str, str, str]]:
    """Code, place and customer of each problem; the file must be refused."""
    with pytest.raises(InputError) as caught:
        read(folder, data, name)
    assert caught.value.exit_code is ExitCode.INPUT
    return [(problem.code, str(problem.source), problem.customer) for problem in caught.value.problems]


def listed(customers: Customers) -> list[tuple[str, str, str]]:
    return [(problem.code, str(problem.source), problem.customer) for problem in customers.problems]


FULL = (
    "Client;Nom;Adresse 1;Adresse 2;Code postal;Ville;Pays;Email;Langue;Type;Délai;Relancer;Canal;Suspendu jusqu'au;"
    "Motif;Niveau de départ\n"
    "DUPONT;Dupont SARL;3 rue du Marché;Bât. B;01000;BOURG;France;a@x.fr; Français ;Professionnel;45 jours fin de mois;"
    "OUI;Courrier;31/12/2026;congés;2\n"
)


def test_a_whole_row(tmp_path):
    customers = read(tmp_path, FULL.replace("a@x.fr;", '"a@x.fr; b@x.fr";'))
    customer = customers.by_code["DUPONT"]
    assert (customer.name, customer.address) == ("Dupont SARL", ("3 rue du Marché", "Bât. B"))
    assert (customer.postcode, customer.town, customer.country) == ("01000", "BOURG", "France")
    assert customer.emails == ("a@x.fr", "b@x.fr")
    assert (customer.language, customer.type, customer.terms) == ("fr", "professional", "45 jours fin de mois")
    assert (customer.remind, customer.channel, customer.start_level) == (True, "post", 2)
    assert (customer.held_until, customer.reason) == (date(2026, 12, 31), "congés")
    assert not customer.doubtful
    assert str(customer.source) == "input/customers.csv:2"
    assert customers.problems == ()
    assert len(customers.sha256) == 64


def test_only_a_code_takes_every_default(tmp_path):
    customers = read(tmp_path, "Client;Nom\nDUPONT;\n")
    assert customers.by_code == {"DUPONT": Customer("DUPONT", source=customers.by_code["DUPONT"].source)}


def test_headings_in_english_in_any_order_and_case_behind_a_title(tmp_path):
    book = openpyxl.Workbook()
    for row in [["Our customers"], [], [None, "EMAIL", "held until", "Customer", "  name "],
                [None, "a@x.fr", datetime(2026, 3, 10), 411000, "Dupont"]]:  # fmt: skip
        book.active.append(row)
    customers = read(tmp_path, saved(book), "customers.xlsx")
    customer = customers.by_code["411000"]
    assert (customer.emails, customer.held_until, customer.name) == (("a@x.fr",), date(2026, 3, 10), "Dupont")
    assert str(customer.source) == "input/customers.xlsx Sheet!D4"


def test_an_ods(tmp_path):
    customers = read(tmp_path, ods(ods_row("Client", "Nom") + ods_row("0411", "Dupont")), "customers.ods")
    assert customers.by_code["0411"].name == "Dupont"


def test_every_spelling_of_a_heading_is_one_field_only():
    spellings = [spelling.strip() for text in HEADINGS.values() for spelling in text.split(";")]
    assert len(spellings) == len(set(spellings))


def test_27_codes_and_postcodes_of_number_cells(tmp_path):
    rows = [("Client", "Code postal", "Pays"), (411000.0, 1000, None), ("0411", "1000", None), ("BE", 1000, "Belgique")]
    customers = read(tmp_path, xlsx(*rows), "customers.xlsx").by_code
    assert {code: customer.postcode for code, customer in customers.items()} == {
        "411000": "01000", "0411": "1000", "BE": "1000"
    }  # fmt: skip


@pytest.mark.parametrize("headings", ["Nom;Ville\nDupont;Lyon\n", "Client\nDUPONT\n", "\n", ""])
def test_28_no_row_of_headings(tmp_path, headings):
    assert errors(tmp_path, headings) == [("no_headings", "input/customers.csv", "")]


def test_28_two_columns_that_mean_the_same(tmp_path):
    found = errors(tmp_path, xlsx(("Client", "Email", "Courriel"), ("C1", "", "")), "customers.xlsx")
    assert found == [("column_twice", "input/customers.xlsx Clients!C1", "")]


def test_29_two_sheets_with_customers_and_a_hidden_one(tmp_path):
    rows = [("Client", "Nom"), ("C1", "Dupont")]
    assert errors(tmp_path, xlsx(*rows, Old=rows), "customers.xlsx")[0][0] == "several_sheets"
    customers = read(tmp_path, xlsx(*rows, Old_hidden=rows, Notes=[("a", "b")]), "customers.xlsx")
    assert listed(customers) == [("hidden_sheet", "input/customers.xlsx Old_hidden!A1", "")]


def test_an_unknown_heading_is_listed(tmp_path):
    assert listed(read(tmp_path, "Client;Nom;Téléphone\nC1;;\n")) == [("unknown_column", "input/customers.csv:1", "")]


def test_26_a_formula_without_a_value_stops_the_run(tmp_path):
    data = xlsx(("Client", "Relancer"), ("C1", "=A1"))
    found = errors(tmp_path, data, "customers.xlsx")
    assert found == [("formula_without_value", "input/customers.xlsx Clients!B2", "C1")]


def test_30_an_error_in_a_cell_holds_the_customer_and_in_a_code_stops(tmp_path):
    customers = read(tmp_path, "Client;Ville\nC1;#N/A\n")
    assert customers.by_code["C1"].doubtful
    assert listed(customers) == [("error_cell", "input/customers.csv:2", "C1")]
    assert errors(tmp_path, "Client;Ville\n#REF!;Lyon\n")[0][:2] == ("error_cell", "input/customers.csv:2")


def test_32_33_a_file_open_elsewhere_and_copies_beside_it(tmp_path):
    (tmp_path / "input").mkdir()
    copies = ["customers (1).csv", "customers-PC.csv", "customers (Copie en conflit de Marie).csv",
              "customers - Copie.csv", "customers conflicted copy 2026-11-24.csv"]  # fmt: skip
    for name in [*copies, "~$customers.csv", "customers2025.csv", "customers.xlsx"]:
        (tmp_path / "input" / name).touch()
    customers = read(tmp_path, "Client;Nom\nC1;\n")
    assert [problem.code for problem in customers.problems] == ["open_elsewhere", *["conflict_copy"] * 5]
    assert sorted(copies) == [dict(problem.message.values).get("copy") for problem in customers.problems[1:]]


def test_36_37_39_addresses_that_fail_are_listed_and_the_others_used(tmp_path):
    """What fault 36, fault 37 and fault 39 ask."""
    customers = read(tmp_path, 'Client;Email\nC1;"a@x.fr; b@x..fr; Jean <j@été.fr>; é@x.fr"\n')
    assert customers.by_code["C1"].emails == ("a@x.fr", "j@xn--t-9fab.fr")
    assert not customers.by_code["C1"].doubtful
    assert listed(customers) == [("bad_address", "input/customers.csv:2", "C1")] * 2


def test_38_line_ends_and_control_characters_are_flattened(tmp_path):
    """What fault 38 asks."""
    row = 'C1;"Dupont\r\nBcc: x@y.fr";"a\u202eb\x07";"a@x.fr\nb@x.fr"'
    customers = read(tmp_path, f"Client;Nom;Adresse 1;Email\n{row}\n")
    customer = customers.by_code["C1"]
    assert (customer.name, customer.address, customer.emails) == ("Dupont Bcc: x@y.fr", ("a b",), ())
    assert sorted(problem.code for problem in customers.problems) == ["bad_address", "control_characters"]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("Relancer", "peut-être"), ("Relancer", "x"), ("Relancer", "2"), ("Canal", "fax"), ("Type", "ami"),
     ("Langue", "de"), ("Suspendu jusqu'au", "31/02"), ("Suspendu jusqu'au", "31/02/2026"),
     ("Suspendu jusqu'au", "oui"), ("Suspendu jusqu'au", "46000"), ("Suspendu jusqu'au", "01/01/1900"),
     ("Niveau de départ", "0"), ("Niveau de départ", "II"), ("Niveau de départ", "1.5")],
)  # fmt: skip
def test_43_a_cell_that_is_not_understood_holds_the_customer(tmp_path, heading, cell):
    customers = read(tmp_path, f"Client;{heading}\nC1;{cell}\nC2;\n")
    assert customers.by_code["C1"].doubtful
    assert not customers.by_code["C2"].doubtful
    assert listed(customers) == [("unreadable_cell", "input/customers.csv:2", "C1")]
    assert cell in language("en").message(customers.problems[0].message)


@pytest.mark.parametrize(
    ("cell", "remind"),
    [("Oui ", True), ("OUI", True), ("1", True), ("yes", True), ("vrai", True), ("", True), ("Non", False),
     ("n", False), ("0", False), ("FALSE", False)],
)  # fmt: skip
def test_43_yes_and_no(tmp_path, cell, remind):
    customer = read(tmp_path, f"Client;Relancer\nC1;{cell}\n").by_code["C1"]
    assert (customer.remind, customer.doubtful) == (remind, False)


def test_43_real_cells(tmp_path):
    rows = [("Client", "Relancer", "Niveau de départ", "Suspendu jusqu'au"), ("C1", False, 3.0, date(2026, 3, 10)),
            ("C2", 1, "2 ", "2026-03-10"), ("C3", 0.0, None, 46091)]  # fmt: skip
    customers = read(tmp_path, xlsx(*rows), "customers.xlsx").by_code
    assert (customers["C1"].remind, customers["C1"].start_level) == (False, 3)
    assert (customers["C2"].remind, customers["C2"].start_level) == (True, 2)
    assert customers["C1"].held_until == customers["C2"].held_until == date(2026, 3, 10)
    assert (customers["C3"].remind, customers["C3"].doubtful) == (False, True)  # a serial outside a date cell


def test_e2_terms_that_are_none_stop_the_run_with_the_list(tmp_path):
    found = errors(tmp_path, "Client;Délai\nC1;60 jours\nC2;fin du trimestre\nC3;#N/A\n")
    assert found == [("unknown_terms", "input/customers.csv:3", "C2"), ("error_cell", "input/customers.csv:4", "C3")]


def test_e4_terms_above_the_legal_caps_are_kept(tmp_path):
    customers = read(tmp_path, "Client;Type;Délai\nC1;professionnel;90 jours\n")
    assert customers.by_code["C1"].terms == "90 jours"


def test_44_a_customer_twice(tmp_path):
    same = read(tmp_path, "Client;Nom;Relancer\nC1;Dupont;oui\nC1;Dupont; OUI\n")
    assert (len(same.by_code), listed(same)) == (1, [("customer_twice", "input/customers.csv:3", "C1")])
    found = errors(tmp_path, xlsx(("Client", "Nom"), ("C1", "Dupont"), ("C1", "Durand")), "customers.xlsx")
    assert found == [("customer_twice", "input/customers.xlsx Clients!A3", "C1")]


def test_44_both_cells_are_named(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, "Client;Nom\nC1;Dupont\nC1;Durand\n")
    text = language("en").message(caught.value.problems[0].message)
    assert text == "Customer C1 stands here again, with other contents than in input/customers.csv:2: keep one."


def test_rows_without_a_code(tmp_path):
    customers = read(tmp_path, "Client;Nom;Relancer\n;Total : 3 clients;\nC1;Dupont;\n;;\n")
    assert list(customers.by_code) == ["C1"]
    assert listed(customers) == [("row_without_code", "input/customers.csv:2", "")]
    assert errors(tmp_path, "Client;Nom;Relancer\n;Dupont;non\n") == [("row_without_code", "input/customers.csv:2", "")]


def test_a_shifted_row_stops_the_run(tmp_path):
    assert errors(tmp_path, "Client;Nom\nC1;Dupont;Fils;Lyon\n") == [("shifted_row", "input/customers.csv:2", "C1")]


def test_missing_customers_come_back_as_a_customers_file(tmp_path):
    balances = [
        CustomerBalance("=C1", "=cmd|' /C calc'!A0", nobody=False, balance=10, open=10, unallocated=0,
                        lettered_elsewhere=0, settled_differences=0),
        CustomerBalance("0411", "0411", False, 5, 5, 0, 0, 0),
        CustomerBalance("KNOWN", "Known", False, 5, 5, 0, 0, 0),
        CustomerBalance("PAID", "Paid", False, 0, 0, 0, 0, 0),
        CustomerBalance("411000", "Clients", True, 5, 5, 0, 0, 0),
    ]  # fmt: skip
    data = missing_customers_workbook(balances, {"KNOWN": Customer("KNOWN")}, "en")
    customers = read(tmp_path, data, "customers.xlsx")
    assert {code: customer.name for code, customer in customers.by_code.items()} == {
        "=C1": "=cmd|' /C calc'!A0", "0411": ""
    }  # fmt: skip
    assert customers.problems == ()
    french = read(tmp_path, missing_customers_workbook(balances, {}), "clients.xlsx")
    assert (list(french.by_code), french.problems) == (["=C1", "0411", "KNOWN"], ())
