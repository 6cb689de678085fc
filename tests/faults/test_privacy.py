"""Faults 116 and 118, S13, S14: after whole months in every mode nothing is readable by others, and no log tells addresses."""

import os
import stat

import pytest

from tests.faults.mailed import DAY, SECRET, dossier, mail_server
from tests.faults.test_bounces import notice

MARCH = "--as-of 2026-03-20"
MONTHS = (
    "run --by {} --dry-run --yes " + DAY,
    "run --by {} --yes " + DAY,
    "plan " + MARCH,
    "check --missing-customers new/missing.xlsx " + MARCH,
    "check --format xlsx -o check.xlsx " + MARCH,
    "status --format json -o status.json " + MARCH,
    "status --format csv -o status.csv " + MARCH,
    "history --format xlsx -o history.xlsx",
    "preview -o seen",
    "casefile DUPONT",
    "casefile DUPONT -o case.pdf",
    "run --by {} --yes " + MARCH,
    "undo",
    "levels rebuild",
    "levels set 2 --dated 2026-03-01 --customer ROUX " + MARCH,
    "run --by {} --yes " + MARCH,
)


@pytest.fixture(autouse=True)
def open_to_all(monkeypatch):
    """A computer where what is written is everybody's, unless a program says otherwise."""
    monkeypatch.setenv("DUNNING_SMTP_PASSWORD", SECRET)
    before = os.umask(0)
    yield
    os.umask(before)


def open_ones(root, known=()):
    """What others could read or list."""
    for path in root.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        if path not in known and not path.is_symlink() and (mode := stat.S_IMODE(path.lstat().st_mode)) != wanted:
            yield f"{oct(mode)} {path.relative_to(root)}"


def watched(one, known, monkeypatch):
    """Looks at every file that is about to get its name: it must be private before, not only after."""
    found = []
    real = os.replace

    def replace(source, target):
        found.extend(open_ones(one.root, known))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    return found


@pytest.mark.parametrize("by", ["zip", "drafts", "email", "auto"])
def test_118_nothing_that_is_written_is_readable_by_others(tmp_path, monkeypatch, by):
    with mail_server() as server:
        one = dossier(tmp_path, server, "DUPONT", "MARTIN", "ROUX", MARTIN="" if by == "auto" else "compta@martin.fr")
        (tmp_path / "new").mkdir(mode=0o700)
        known = set(tmp_path.rglob("*"))
        found = watched(one, known, monkeypatch)
        server.script.on["DATA"] = lambda: found.extend(open_ones(tmp_path, known))
        for command in MONTHS:
            done = one.run(f"--lang en {command.format(by)}")
            assert done.code == 0, f"{command}: {done.stderr}"
            assert "Traceback" not in done.stderr
    written = set(tmp_path.rglob("*")) - known
    assert len(written) > 30
    assert found == []
    assert list(open_ones(tmp_path, known)) == []
    assert {"journal.sqlite", "levels.xlsx", "report.html", "run.json", "seen", "case.pdf"} <= {path.name for path in written}
    assert any(path.name.startswith("levels.2026") for path in written)


def test_118_a_run_that_is_stopped_resumed_and_came_back_leaves_nothing_open(tmp_path):
    with mail_server(replies={"MAIL": [None, "550 5.4.5 daily limit"]}, cut={"DOT": 2}) as server:
        one = dossier(tmp_path, server)
        known = set(tmp_path.rglob("*"))
        assert one.run(f"run --by email --yes {DAY}").code == 7
        assert list(open_ones(tmp_path, known)) == []
        assert one.run("resume").code == 8
        assert one.run("resume --resend all").code == 0
        notice(one, "DUPONT")
        known |= {tmp_path / "notices", *(tmp_path / "notices").iterdir()}
        assert one.run("bounces notices").code == 0
    assert list(open_ones(tmp_path, known)) == []


def test_116_118_the_log_of_a_defect_is_private_and_only_there_where_it_was_asked_for(tmp_path, monkeypatch):
    def defect(*_):
        raise ZeroDivisionError

    with mail_server() as server:
        one = dossier(tmp_path, server)
        known = set(tmp_path.rglob("*"))
        monkeypatch.setattr("dunning_batch.batch.pack", defect)
        assert one.run(f"run --by email --yes {DAY}").code == 1
        assert not list(tmp_path.rglob("*.log"))
        done = one.run(f"-v run --by email --yes {DAY}")
        assert done.code == 1
        (log,) = tmp_path.rglob("*.log")
        assert "ZeroDivisionError" in log.read_text()
        assert SECRET not in log.read_text()
    assert list(open_ones(tmp_path, known)) == []


@pytest.mark.parametrize("by", ["zip", "drafts", "email"])
def test_s14_what_a_run_says_by_default_names_no_address_of_a_customer(tmp_path, by):
    """What it says is what a scheduled task keeps as its log: codes and names of the dossier, no addresses (S14)."""
    with mail_server() as server:
        one = dossier(tmp_path, server)
        for command in (f"run --by {by} --yes {DAY}", "history", f"status {MARCH}", f"run --by {by} --yes {MARCH}"):
            done = one.run(f"--lang en {command}")
            assert done.code == 0, done.stderr
            for customer in ("dupont", "martin", "roux"):
                assert f"compta@{customer}.fr" not in done.stdout + done.stderr, command
