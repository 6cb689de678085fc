"""`init` makes a dossier and never writes over anything."""

import os
import stat

import pytest

from dunning_batch.config import load_settings
from dunning_batch.errors import ConfigurationError, OutputError, UsageError
from dunning_batch.init import SAMPLE, TEMPLATES, make_dossier
from dunning_batch.language import LANGUAGES


def names(folder, files):
    return [file.relative_to(folder).as_posix() for file in files]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_new_dossier_waits_for_its_creditor(tmp_path, code):
    folder = tmp_path / "clients" / "dupont"
    written = make_dossier(folder, code)
    templates = [f"templates/{path.parent.name}/{path.name}" for path in TEMPLATES.glob("*/*.md")]
    assert names(folder, written) == sorted(["config.toml", *templates])
    assert all((folder / name).is_dir() for name in ("input", "output", "templates/fr", "templates/en"))
    assert list((folder / "input").iterdir()) == list((folder / "output").iterdir()) == []
    with pytest.raises(ConfigurationError) as caught:
        load_settings(folder / "config.toml")
    keys = [dict(problem.message.values)["key"] for problem in caught.value.problems]
    assert keys == ["[creditor] name", "[creditor] address"]


def test_the_sample_can_be_read_at_once(tmp_path):
    written = make_dossier(tmp_path, "fr", sample=True)
    assert {f"input/{path.name}" for path in SAMPLE.glob("*")} <= set(names(tmp_path, written))
    settings = load_settings(tmp_path / "config.toml")
    assert settings.creditor.siren == "123456782"


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "config.toml").write_text("# mine")
    make_dossier(tmp_path, "fr")
    assert (tmp_path / "config.toml").read_text() == "# mine"
    assert make_dossier(tmp_path, "fr") == []


def test_a_sample_is_never_mixed_with_a_dossier(tmp_path):
    (tmp_path / "config.toml").write_text("# mine")
    with pytest.raises(UsageError):
        make_dossier(tmp_path, "fr", sample=True)
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_64_a_file_in_the_place_of_a_folder(tmp_path):
    """What fault 64 asks."""
    (tmp_path / "input").write_text("x")
    with pytest.raises(OutputError):
        make_dossier(tmp_path, "fr")


@pytest.mark.skipif(os.name == "nt", reason="POSIX rights")
def test_118_only_the_owner_may_read_it(tmp_path):
    written = make_dossier(tmp_path / "new", "fr")
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert stat.S_IMODE((tmp_path / "new" / "input").stat().st_mode) == 0o700
