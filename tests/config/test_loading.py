"""What a configuration says, and every problem of its values at once (faults 48 to 51)."""

import hashlib
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from dunning_batch.config import DunningSettings, load_settings, with_filters
from dunning_batch.core.policy import Filters, Level
from dunning_batch.errors import ConfigurationError, UsageError
from tests.config.helpers import CREDITOR, load, only_problem, problems, written


def test_a_creditor_is_enough_and_the_rest_is_as_the_contract_says(tmp_path):
    settings = load(tmp_path)
    assert settings.root == tmp_path
    assert settings.sha256 == hashlib.sha256(CREDITOR.encode()).hexdigest()
    assert settings.language == "fr"
    assert settings.creditor.address == ("12 rue des Lilas", "69003 LYON")
    assert settings.creditor.signatory == "Le service comptabilité"
    assert settings.ledger.files[:2] == ("input/*.txt", "input/*.csv")
    assert settings.ledger.rules.customer_accounts == ("411",)
    assert settings.ledger.rules.advance_accounts == ("4191",)
    assert settings.ledger.rules.tolerance == 0
    assert settings.customers_file is None
    assert settings.default_terms == "30 days"
    assert settings.policy.filters == Filters(min_days_overdue=1, min_amount=100, positive_balance=True)
    assert settings.policy.by == "any"
    assert settings.dunning == DunningSettings(max_letters=200, stale_after_days=35, max_growth=3.0)
    assert settings.penalties.fixed_indemnity == 4000
    assert settings.letters.print_file
    assert settings.problems == ()
    assert settings.output == tmp_path / "output"
    assert settings.levels == tmp_path / "output" / "levels.xlsx"
    assert not settings.output_is_outside


def test_four_levels_by_default(tmp_path):
    assert load(tmp_path).policy.levels == (
        Level(1, "Relevé de factures impayées", "level1", 1, 0),
        Level(2, "2ème relance de paiement", "level2", 15, 15),
        Level(3, "3ème relance de paiement", "level3", 30, 15, show_penalties=True),
        Level(4, "Mise en demeure de payer", "level4", 45, 15, registered=True, show_penalties=True),
    )
    english = load(tmp_path, creditor='language = "en"\n' + CREDITOR)
    names = ["Statement of unpaid invoices", "Second reminder", "Third reminder", "Formal notice"]
    assert [level.name for level in english.policy.levels] == names
    assert english.creditor.signatory == "The accounts department"


def test_levels_of_the_file_replace_the_four(tmp_path):
    levels = load(tmp_path, '[[dunning.levels]]\nname = "Rappel"\nmin_amount = "5"\n[[dunning.levels]]\n').policy.levels
    assert levels == (Level(1, "Rappel", "level1", min_amount=500), Level(2, "2ème relance de paiement", "level2"))


def test_the_language_of_the_call_leaves_that_of_the_letters(tmp_path):
    settings = load(tmp_path, language="en")
    assert (settings.language, settings.dossier_language) == ("en", "fr")
    assert settings.policy.levels[0].name == "Relevé de factures impayées"


def test_numbers_may_be_written_in_groups(tmp_path):
    creditor = CREDITOR.replace("123456782", "123 456 782").replace(
        "FR7630006000011234567890189", "fr76 3000 6000 0112 3456 7890 189"
    )
    settings = load(tmp_path, creditor=creditor)
    assert settings.creditor.siren == "123456782"
    assert settings.creditor.iban == "FR7630006000011234567890189"


def test_filters_dates_and_rates(tmp_path):
    settings = load(tmp_path, """
[filters]
customers = ["DUP*"]
due_from = 2026-01-01
due_to = "2026-12-31"
last_levels = [0, 4]
min_amount = 10
[penalties]
ecb = { "2101-S1" = "2.15" }
legal = { "2101-S1" = 3 }
[ledger]
columns = { due_date = "Echeance client" }
""".replace("2101", "2099"))
    assert settings.policy.filters == Filters(
        customers=("DUP*",), due_from=date(2026, 1, 1), due_to=date(2026, 12, 31), last_levels=(0, 4), min_amount=1000
    )
    assert settings.rates.ecb["2099-S1"] == Decimal("2.15")
    assert settings.rates.legal["2099-S1"] == 3
    assert settings.rates.ecb["2026-S1"] == Decimal("2.15")  # the program's own
    assert settings.ledger.columns == {"due_date": "Echeance client"}


@pytest.mark.parametrize("ending", ["xlsx", "csv", "ods"])
def test_the_usual_customers_file_is_found_in_any_form(tmp_path, ending):
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / f"customers.{ending}").touch()
    assert load(tmp_path).customers_file == tmp_path / "input" / f"customers.{ending}"


def test_a_named_customers_file_must_be_there(tmp_path):
    line, text = only_problem(tmp_path, '[customers]\nfile = "input/clients.csv"\n')
    assert (line, "input/clients.csv" in text) == (7, True)


def test_48_every_problem_at_once_with_its_line_and_the_nearest_name(tmp_path):
    found = problems(tmp_path, """
[dunning]
groupings = "level"
max_letters = "many"
[penalty]
[filters]
iban = "x"
[terms]
default = "bientôt"
""")
    assert [line for line, _ in found] == [8, 9, 10, 12, 14]
    texts = [text for _, text in found]
    assert texts[0] == "[dunning] groupings is not known: did you mean grouping?"
    assert texts[1] == (
        "[dunning] max_letters must be a whole number from 1 to 1000000: write for example max_letters = 200."
    )
    assert texts[2] == "penalty is not known: did you mean penalties?"
    assert texts[3] == "[filters] iban is not known here: it belongs under [creditor]."
    assert texts[4].startswith('[terms] default: "bientôt" is not known; write one of: ')


def test_48_what_is_missing_is_named_with_what_to_write(tmp_path):
    found = [text for _, text in problems(tmp_path, "", creditor="[creditor]\naddress = []\n")]
    assert found == [
        '[creditor] name is missing: write name = "Atelier Exemple SARL".',
        '[creditor] address is empty: write address = ["12 rue des Lilas", "69003 LYON"].',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[dunning]\nrepeat_last_level = "yes"', "true or false, in lower case"),
        ("[dunning]\nmax_letters = true", "a whole number"),
        ("[dunning]\nmax_letters = 1.5", "a whole number"),
        ("[dunning]\nmax_letters = 0", "a whole number from 1"),
        ("[dunning]\nmax_growth = 0.5", "a number, 1 or more"),
        ("[dunning]\nmax_growth = nan", "a number, 1 or more"),
        ("[dunning]\ngrouping = 'all'", 'one of "level" | "customer" | "invoice"'),
        ("[ledger]\ntolerance = 0.1", 'an amount with decimals stands in double quotes: "0.10"'),
        ("[ledger]\ntolerance = ''", "an amount in euros"),
        ("[ledger]\ntolerance = '12,345'", "an amount in euros"),
        ("[ledger]\ntolerance = inf", "an amount in euros"),
        ("[ledger]\ncustomer_accounts = '411'", 'such as ["411"]'),
        ("[ledger]\ncustomer_accounts = ['']\n", "customer_accounts is empty"),
        ("[ledger]\ncustomer_accounts = ['clients']\n", 'such as ["411"]'),
        ("[ledger]\npiece_pattern = 'F\\d+'", "exactly one group"),
        ("[ledger]\npiece_pattern = '(F'", "exactly one group"),
        ("[ledger]\ncolumns = { echeance = 'x' }", "a table from names of columns"),
        ("[ledger]\nfiles = [3]", "a list of paths"),
        ("[ledger]\nfiles = ['input/a**b']", "a list of paths"),
        ("[ledger]\nfiles = ['.']", "a list of paths"),
        ("[ledger]\nfiles = ['/']", "a list of paths"),
        ("[ledger]\nfiles = ['..']", "a list of paths"),
        (f"[output]\nfolder = '{'x' * 256}'", "a path, relative to the folder of this file"),
        ("[output]\nfolder = ''", "a path, relative to the folder of this file"),
        ("[ledger]\nfiles = []", "[ledger] files is empty"),
        ("[filters]\ndue_from = '31/12/2026'", "a day such as 2026-11-24"),
        ("[filters]\ndue_from = 2026-11-24T10:00:00", "a day such as 2026-11-24"),
        ("[filters]\nmin_days_overdue = -1", "a whole number from 0"),
        ("[filters]\nmin_amount = -1", "it cannot be negative"),
        ("[penalties]\nprofessional = 'ecb'", '"ecb+10"'),
        ("[penalties]\necb = { '2027' = '2.15' }", '{ "2027-S1" = "2.15" }'),
        ("[penalties]\necb = { '2027-S1' = 2.15 }", '{ "2027-S1" = "2.15" }'),
        ("[penalties]\necb = { '2026-S1' = '9.99' }", "another rate than the program's table, 2.15 %"),
        ('[output]\nfolder = "C:\\temp"', "in double quotes a backslash starts a code"),
        ("[email]\nreply_to = 'nobody'", "an e-mail address is written name@company.fr"),
        ("[email]\nport = 70000", "a whole number from 1 to 65535"),
        ("[customers]\nfile = 'customers.xls'", "must end in .xlsx, .csv or .ods"),
    ],
)  # fmt: skip
def test_48_a_wrong_value_is_said_with_what_to_write(tmp_path, text, expected):
    found = problems(tmp_path, text)
    assert any(expected in sentence for _, sentence in found), found


def test_48_a_table_that_is_no_table(tmp_path):
    line, text = only_problem(tmp_path, CREDITOR, creditor="dunning = 3\n")
    assert (line, text) == (1, "dunning is a table: write [dunning] on a line of its own.")
    line, text = only_problem(tmp_path, '[dunning.levels]\nname = "x"\n')
    assert text == "Each level is a table: write [[dunning.levels]] in double brackets."


@pytest.mark.parametrize("place", ["[email]\n", "", "[email.more]\n", "[secrets]\n"])
@pytest.mark.parametrize("key", ["password", "Mot_de_passe", "smtp_password", "client-secret", "token"])
def test_49_a_password_is_refused_anywhere_and_never_shown(tmp_path, place, key):
    text = f'{place}{key} = "s3cr3t-zz"\n'
    with pytest.raises(ConfigurationError) as caught:
        load_settings(written(tmp_path, text + CREDITOR if not place else CREDITOR + text))
    found = [problem for problem in caught.value.problems if problem.code == "password_in_file"]
    assert found
    assert "password_env" in found[0].message.text
    assert "s3cr3t" not in repr(caught.value)


def test_49_wrong_values_are_never_shown(tmp_path):
    keys = ("port", "password_env", "hosts", "security", "sender")
    wrong = "[email]\n" + "".join(f'{key} = "s3cr3t zz"\n' for key in keys)
    assert "s3cr3t" not in str(problems(tmp_path, wrong))


def test_how_a_workbook_is_read_goes_with_the_rules(tmp_path):
    rules = load(tmp_path, '[ledger]\nformat = "workbook"\nsheet = "GL"\nheader_row = 3\n').ledger.rules
    assert (rules.format, rules.sheet, rules.header_row) == ("workbook", "GL", 3)


def test_what_is_not_there_yet_may_stand_at_its_default(tmp_path):
    load(tmp_path, '[letters]\nlogo = ""\npayment_qr = false\n[email]\nhost = "smtp.example.com"\nbcc = ["a@b.fr"]\n')


def test_e4_default_terms_above_the_legal_caps_are_reported(tmp_path):
    (problem,) = load(tmp_path, '[terms]\ndefault = "90 jours"\n').problems
    assert (problem.code, problem.severity, problem.source.line) == ("terms_above_cap", "warning", 7)


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_118_a_dossier_where_everybody_may_write_is_said(tmp_path):
    tmp_path.chmod(0o777)
    assert [problem.code for problem in load(tmp_path).problems] == ["open_to_everybody"]


def test_the_command_line_wins_over_the_filters(tmp_path):
    settings = load(tmp_path, '[filters]\ncustomers = ["DUPONT"]\nmin_days_overdue = 5\n')
    same = with_filters(settings, customers=(), last_levels=())
    assert same == settings
    typed = with_filters(settings, customers=["MARTIN"], min_days_overdue=0, min_amount=0, positive_balance=False)
    assert typed.policy.filters == Filters(
        customers=("MARTIN",), min_days_overdue=0, min_amount=0, positive_balance=False
    )
    assert typed.policy.levels == settings.policy.levels


@pytest.mark.parametrize(
    "typed", [{"last_levels": [5]}, {"due_from": date(2026, 2, 2), "due_to": date(2026, 2, 1)}]
)
def test_filters_that_cannot_be_are_wrong_usage(tmp_path, typed):
    with pytest.raises(UsageError):
        with_filters(load(tmp_path), **typed)


def test_loading_settings_costs_no_heavy_library(tmp_path):
    file = written(tmp_path, CREDITOR)
    code = (
        "import sys; from pathlib import Path;"
        "import dunning_batch.config as c; c.load_settings(Path(sys.argv[1]));"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'openpyxl', 'reportlab', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
