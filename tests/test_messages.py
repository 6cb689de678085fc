"""The tool that keeps the catalogues: what it finds in the source, and what it says of a catalogue."""

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parent.parent / "tools" / "messages.py"


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """The tool on a package of one file, with a catalogue of its own."""
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    package = tmp_path / "package"
    package.mkdir()
    (package / "some.py").write_text(
        'msg("one {count}" " two", count=1)\nlanguage.text("three")\n'
        'text("{count:line|lines}", count=2)\n'
        'translated("four")\nself.say("five {name}", name=1)\ntext(variable)\nother("six")\n'
    )
    monkeypatch.setattr(module, "PACKAGE", package)
    monkeypatch.setattr(module, "LOCALE", tmp_path / "locale")
    return module


def translate(tool, **translations):
    """Fill in every sentence of the French catalogue, with these in place of itself."""
    catalog = tool.read_catalogue("fr")
    for message in catalog:
        if message.id:
            plain = message.id[1] if isinstance(message.id, tuple | list) else message.id  # Click has plurals
            text = translations.get(plain.replace(" ", "_"), plain)
            message.string = (text, text) if message.pluralizable else text
    tool.po_file("fr").write_bytes(tool._po_bytes(catalog))


def test_every_marked_sentence_is_found(tool):
    found = {message.id for message in tool.sentences() if message.id}
    assert found == {"one {count} two", "three", "{count:line|lines}", "four", "five {name}"}


def test_clicks_own_words_are_among_them(tool):
    assert {"Options", "Usage:"} <= {message.id for message in tool.click_sentences()}


def test_what_is_not_translated_is_named(tool):
    assert tool.main(["update"]) == 0
    assert tool.main(["check"]) == 1
    assert sum("not translated" in fault for fault in tool.faults_of("fr")) == 5


def test_a_complete_catalogue_passes_once_compiled(tool):
    tool.main(["update"])
    translate(tool)
    assert [fault for fault in tool.faults_of("fr") if "not compiled" not in fault] == []
    assert tool.main(["check"]) == 1
    assert tool.main(["compile", "check"]) == 0
    translate(tool, three="trois")
    assert list(tool.faults_of("fr")) == ["fr: dunning_batch.mo is not compiled from dunning_batch.po"]


def test_a_translation_with_other_fields_is_named(tool):
    tool.main(["update"])
    translate(tool, **{"five_{name}": "cinq {nom}"})
    tool.main(["compile"])
    assert list(tool.faults_of("fr")) == ["fr: other fields in the translation of 'five {name}'"]


def test_a_noun_in_both_its_numbers_is_translated_as_one_field(tool):
    tool.main(["update"])
    translate(tool, **{"{count:line|lines}": "{count:ligne|lignes}"})
    tool.main(["compile"])
    assert list(tool.faults_of("fr")) == []
    translate(tool, **{"{count:line|lines}": "{count}"})
    tool.main(["compile"])
    assert list(tool.faults_of("fr")) == ["fr: other fields in the translation of '{count:line|lines}'"]


def test_translations_survive_an_update(tool):
    tool.main(["update"])
    translate(tool, three="trois")
    before = tool.po_file("fr").read_bytes()
    tool.main(["extract", "update"])
    assert tool.po_file("fr").read_bytes() == before


def test_wrong_commands_show_the_help(tool, capsys):
    assert (tool.main([]), tool.main(["nothing"])) == (2, 2)
    assert "extract" in capsys.readouterr().out


def test_the_french_catalogue_of_the_program_is_complete_and_compiled():
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert list(module.faults_of("fr")) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Fin : quoi ? Non ; si !", "Fin\u00a0: quoi\u202f? Non\u202f; si\u202f!"),
        ("« {name} »", "«\u00a0{name}\u00a0»"),
        ("* et ? permis", "* et ? permis"),
        ("https://x a:b 12:30", "https://x a:b 12:30"),
    ],
)
def test_french_gets_its_no_break_spaces(tool, written, kept):
    tool.main(["update"])
    translate(tool, three=written)
    tool.main(["update"])
    assert tool.read_catalogue("fr")["three"].string == kept
