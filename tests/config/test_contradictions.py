"""Settings that are right one by one and wrong together, and folders that must not be written to (50, 65, 119)."""

import contextlib
from pathlib import Path

import pytest

import dunning_batch
from dunning_batch.errors import ConfigurationError
from tests.config.helpers import load, only_problem, problems

LEVEL = "[[dunning.levels]]\n"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (LEVEL + "min_days_overdue = 15\n" + LEVEL + "min_days_overdue = 14\n", 9, "before level 1 (15 days)"),
        ("[dunning]\nlevels = []\n", 7, "There must be 1 to 9 levels"),
        (LEVEL * 5, 10, "Level 5 has no"),
        (LEVEL + 'registered = true\nchannel = "email"\n', 8, "a registered letter, which no e-mail can be"),
        (LEVEL + "min_days_overdue = -1\n", 7, "a whole number from 0"),
        ("[filters]\nlast_levels = [5]\n", 7, "beyond the last level, 4"),
        (LEVEL + "[filters]\nlast_levels = [2]\n", 8, "beyond the last level, 1"),
        ("[filters]\ndue_from = 2026-02-01\ndue_to = 2026-01-01\n", 8, "due_to lies before due_from"),
        ('[ledger]\ntolerance = "-0.01"\n', 7, "it cannot be negative"),
        ("[email]\nport = 465\n", 7, "with security"),
        ('[email]\nhost = "smtp.example.com"\nsecurity = "none"\n', 8, "a server on this computer only"),
    ],
)
def test_50_contradictions(tmp_path, text, line, expected):
    found = [(place, sentence) for place, sentence in problems(tmp_path, text) if expected in sentence]
    assert found
    assert found[0][0] == line


def test_50_more_than_nine_levels(tmp_path):
    levels = "".join(f'{LEVEL}name = "n{number}"\ntemplate = "level1"\n' for number in range(10))
    assert "There must be 1 to 9 levels" in only_problem(tmp_path, levels)[1]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])
def test_50_no_encryption_on_this_computer(tmp_path, host):
    load(tmp_path, f'[email]\nhost = "{host}"\nsecurity = "none"\nport = 2525\n')


@pytest.mark.parametrize("host", ["localhost.example.com", "10.0.0.1", "127.0.0.1.example.com"])
def test_50_a_host_that_only_looks_near(tmp_path, host):
    assert "this computer" in only_problem(tmp_path, f'[email]\nhost = "{host}"\nsecurity = "none"\n')[1]


@pytest.mark.parametrize("template", ["/etc/passwd", "../level1", "a/b", "level1.md", "", "é", "-x", "x\ny"])
def test_119_a_template_is_a_name(tmp_path, template):
    text = LEVEL + f"template = '''{template}'''\n"
    line, sentence = only_problem(tmp_path, text)
    assert line == 7
    assert "template" in sentence


@pytest.mark.parametrize(
    "folder", ["input", "input/letters", ".", "..", "/", "/etc/dunning", str(Path(dunning_batch.__file__).parent / "x")]
)
def test_65_119_an_output_folder_that_must_not_be(tmp_path, folder):
    """What fault 65 asks."""
    found = problems(tmp_path, f'[output]\nfolder = "{folder}"\n')
    assert found[0][0] == 7
    assert "[output] folder: " in found[0][1]


def test_65_the_input_inside_the_output(tmp_path):
    """What fault 65 asks."""
    found = problems(tmp_path, '[output]\nfolder = "work"\n[ledger]\nfiles = ["work/in/*.txt"]\n')
    assert "lie in each other" in found[0][1]


def test_65_a_link_does_not_hide_it(tmp_path):
    """What fault 65 asks."""
    (tmp_path / "input").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "input", target_is_directory=True)
    assert "lie in each other" in only_problem(tmp_path, '[output]\nfolder = "elsewhere/letters"\n')[1]


def test_65_a_link_that_leads_nowhere(tmp_path):
    """What fault 65 asks."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with contextlib.suppress(ConfigurationError):  # newer Pythons leave it to the first writing
        load(tmp_path, '[output]\nfolder = "loop/letters"\n')


def test_65_files_beside_the_configuration_are_no_input_folder(tmp_path):
    """What fault 65 asks."""
    (tmp_path / "customers.csv").touch()
    settings = load(tmp_path, '[ledger]\nfiles = ["*.txt", "**/*.fec"]\n[customers]\nfile = "customers.csv"\n')
    assert settings.output == tmp_path / "output"


def test_119_an_output_outside_the_dossier_is_known_as_such(tmp_path):
    dossier = tmp_path / "dossier"
    dossier.mkdir()
    settings = load(dossier, '[output]\nfolder = "../letters"\n')
    assert settings.output == tmp_path / "letters"
    assert settings.levels == tmp_path / "letters" / "levels.xlsx"
    assert settings.output_is_outside


@pytest.mark.parametrize("levels", ["levels.xlsx", "output/../levels.xlsx", "output/levels.csv", "output"])
def test_the_levels_workbook_stays_in_the_output_folder(tmp_path, levels):
    assert "an .xlsx file in the output folder" in only_problem(tmp_path, f'[output]\nlevels = "{levels}"\n')[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('host = "smtp.example.com:587"', "the name of a server alone"),
        ('host = "smtp://example.com"', "the name of a server alone"),
        ('local_hostname = "poste_de_marie"', "plain letters"),
        ('local_hostname = "pc été"', "plain letters"),
        ('ca_file = "nowhere.pem"', "there is no nowhere.pem"),
        ('auth = "microsoft"', "needs client_id"),
        ('client_id = "my application"', "Application ID"),
        ('client_id = "11111111-2222-3333-4444-55555555555"', "Application ID"),
        ('tenant = "https://login.microsoftonline.com/x"', "the number or the domain"),
        ('tenant = ""', "the number or the domain"),
        ('tenant = "../x"', "the number or the domain"),
    ],
)
def test_a_mail_server_that_cannot_be(tmp_path, line, words):
    assert words in only_problem(tmp_path, f"[email]\n{line}\n")[1]


def test_the_settings_of_the_mail_server(tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    text = '[email]\nhost = "192.0.2.1"\nlocal_hostname = "[192.0.2.7]"\nbcc = ["a@été.fr"]\nca_file = "ca.pem"\n'
    email = load(tmp_path, text).email
    assert (email.host, email.port, email.security, email.bcc) == ("192.0.2.1", 587, "starttls", ("a@xn--t-9fab.fr",))
    assert (email.per_minute, email.connections, email.retries) == (20, 1, 3)
    assert (email.timeout_seconds, email.final_timeout_seconds) == (30, 600)
    assert (email.auth, email.client_id, email.tenant) == ("password", "", "organizations")


@pytest.mark.parametrize("tenant", ["organizations", "example.com", "11111111-2222-3333-4444-555555555555"])
def test_a_sign_in_to_microsoft(tmp_path, tenant):
    number = "AAAAAAAA-2222-3333-4444-555555555555"
    email = load(tmp_path, f'[email]\nauth = "microsoft"\nclient_id = "{number}"\ntenant = "{tenant}"\n').email
    assert (email.auth, email.client_id, email.tenant) == ("microsoft", number, tenant)
