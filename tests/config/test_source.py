"""A file that is no TOML, or not in UTF-8: line, column and what to write (fault 47)."""

import pytest

from dunning_batch.config import load_settings
from dunning_batch.errors import ConfigurationError, ExitCode
from dunning_batch.language import language
from tests.config.helpers import CREDITOR, only_problem


def test_47_no_file_points_to_init(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        load_settings(tmp_path / "config.toml")
    assert caught.value.exit_code is ExitCode.CONFIGURATION
    assert "dunning-batch init FOLDER" in language("en").message(caught.value.problems[0].message)


def test_47_a_folder_in_its_place(tmp_path):
    with pytest.raises(ConfigurationError):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("line", "column", "hint"),
    [
        ('folder = "C:\\Users\\Marie"', 13, "write a path between single quotes"),
        ('folder = "C:\\données"', 13, "write a path between single quotes"),
        ("tolerance = 0,10", 14, 'write an amount in double quotes, as in "0.10"'),
        ("tolerance = 1 250,50", 15, 'write an amount in double quotes, as in "0.10"'),
        ("positive_balance = True", 20, "write true or false, in lower case"),
        ("positive_balance = oui", 20, "write true or false, in lower case"),
        ("min_amount = 10 €", 17, 'write an amount or a percent in double quotes, as in "40.00"'),
        ("due_from = 31/12/2026", 14, "write a day as 2026-11-24"),
        ("phone = 012345678", 10, "without zeros before it"),
        ("name = Atelier", 8, "write a text in double quotes"),
        ("name = “Atelier”", 8, "use straight quotes"),
        ("bank = 'L'Atelier'", 11, "a text that holds an apostrophe"),
        ('name = "Atelier', 16, "the double quote that closes the text is missing"),
        ("name : 3", 6, "with the sign ="),
        ("name =", 7, "write a value after the sign ="),
        ("[ledger", 8, "the bracket ] that closes the name of the table is missing"),
        ("files = [1,", 12, "a bracket, a quote or a value is missing at the end"),
        ("= 3", 1, "write key = value"),
    ],
)
def test_47_line_column_and_what_to_write(tmp_path, line, column, hint):
    place, text = only_problem(tmp_path, f"# a note\n{line}\n")
    assert place == 7
    assert text.startswith(f"Line 7, column {column}: "), text
    assert hint in text


def test_47_a_key_given_twice(tmp_path):
    line, text = only_problem(tmp_path, 'siren = "123456782"\n')
    assert line == 6
    assert "siren stands twice in the file" in text
    line, text = only_problem(tmp_path, "[ledger]\n[ledger]\n")
    assert (line, "ledger stands twice" in text) == (7, True)


def test_47_a_byte_order_mark(tmp_path):
    line, text = only_problem(tmp_path, b"\xef\xbb\xbf" + CREDITOR.encode())
    assert (line, text[:17]) == (1, "Line 1, column 1:")
    assert "UTF-8 without BOM" in text


def test_47_utf16(tmp_path):
    line, text = only_problem(tmp_path, CREDITOR.encode("utf-16"))
    assert (line, "save it as UTF-8" in text) == (1, True)


def test_47_cp1252(tmp_path):
    line, text = only_problem(tmp_path, CREDITOR.replace("Exemple", "Électrique").encode("cp1252"))
    assert (line, text) == (
        2,
        'Line 2, column 17: the letter "É" is not in UTF-8: open the file in an editor and save it as UTF-8.',
    )


@pytest.mark.parametrize("text", ["x = " + "[" * 5000, "x = " + "1" * 6000, "# " + "x" * 1_000_001, "x = \0"])
def test_34_a_hostile_file_is_refused_without_a_traceback(tmp_path, text):
    assert only_problem(tmp_path, text)[1].startswith("Line ")


def test_49_a_line_that_cannot_be_read_is_never_shown(tmp_path):
    assert "s3cr3t" not in only_problem(tmp_path, "[email]\npassword = s3cr3t\n")[1]
