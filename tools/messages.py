"""Catalogues of messages: extract the sentences, bring the French catalogue up to date, compile it.

    python tools/messages.py extract     dunning_batch.pot from the source
    python tools/messages.py update      new sentences into every .po, marked as to be translated
    python tools/messages.py compile     .po -> .mo
    python tools/messages.py check       exit 1 if a sentence is untranslated, or a .mo is older than its .po
    python tools/messages.py all         extract, update, compile, check

English stands in the source and needs no catalogue. Click's own words ("Usage", "Options") are translated here too.
"""

import contextlib
import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "dunning_batch"
LOCALE = PACKAGE / "locale"
DOMAIN = "dunning_batch"
LANGUAGES = ("fr",)

# What marks a sentence: errors.msg, Language.text, cli.words.text and translated, Session.say.
KEYWORDS = {"msg": None, "text": None, "translated": None, "say": None}
CLICK_KEYWORDS = {"_": None, "ngettext": (1, 2)}
_NOISE = ('"Project-Id-', '"Report-', '"POT-', '"PO-', '"Last-', '"Language-Team', '"Generated-')
HEADER = "# Sentences of dunning-batch.\n"


def main(arguments: list[str]) -> int:
    """Do what is asked."""
    commands = {"extract": extract, "update": update, "compile": compile_all, "check": check}
    wanted = list(commands) if arguments == ["all"] else arguments
    if not wanted or not set(wanted) <= set(commands):
        print(__doc__)
        return 2
    return max(commands[name]() for name in wanted)


def sentences() -> Catalog:
    """Every sentence of the program, with where it stands."""
    catalog = _empty()
    for file, sentence in _extracted(PACKAGE, KEYWORDS):
        catalog.add(sentence, None, [(f"dunning_batch/{file}", 0)])
    return catalog


def click_sentences() -> Catalog:
    """The sentences of the installed Click that an ordinary command line can show."""
    catalog = _empty()
    for _, sentence in _extracted(Path(click.__file__).parent, CLICK_KEYWORDS):
        catalog.add(sentence, None, [("click", 0)])
    return catalog


def _extracted(folder: Path, keywords: Mapping[str, Any]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    # A call such as text(help or "") yields an empty sentence, of which Babel warns on stderr.
    with contextlib.redirect_stderr(io.StringIO()):
        found = list(extract_from_dir(folder, [("**.py", "python")], keywords=keywords))
    return ((Path(file).as_posix(), sentence) for file, _, sentence, _, _ in found if sentence)


def _empty(code: str | None = None) -> Catalog:
    return Catalog(locale=code, domain=DOMAIN, header_comment=HEADER, charset="utf-8", fuzzy=False)


def extract() -> int:
    """Write the template of catalogues."""
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / f"{DOMAIN}.pot").write_bytes(_po_bytes(_with_click(sentences())))
    return 0


def update() -> int:
    """Bring new sentences into every catalogue; what is no longer used leaves it."""
    template = _with_click(sentences())
    for code in LANGUAGES:
        catalog = read_catalogue(code)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            if code == "fr" and message.id and _is_translated(message):
                message.string = _french(message.string)
        po_file(code).parent.mkdir(parents=True, exist_ok=True)
        po_file(code).write_bytes(_po_bytes(catalog))
        print(f"{code}: {sum(1 for _ in untranslated(catalog))} of {len(catalog)} sentences to translate")
    return 0


def _french(text: Any) -> Any:  # noqa: ANN401 - one text, or the two of a plural
    """No-break spaces before : and inside « », narrow ones before ; ? and !. `*` and `?` as signs stand as they are."""
    if not isinstance(text, str):
        return tuple(map(_french, text))
    text = re.sub(r"(?<!\bet) ([;?!])(?=[\s.,)]|$)", "\u202f\\1", text)
    return re.sub(r" ([:»])(?=[\s.,;)]|$)", "\u00a0\\1", text).replace("« ", "«\u00a0")


def compile_all() -> int:
    """Compile every catalogue."""
    for code in LANGUAGES:
        with mo_file(code).open("wb") as file:
            write_mo(file, read_catalogue(code))
    return 0


def check() -> int:
    """Say what is missing or wrong in the catalogues."""
    faults = [fault for code in LANGUAGES for fault in faults_of(code)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def faults_of(code: str) -> Iterator[str]:
    """What is missing or wrong in one catalogue: sentences without translation, other fields, a stale .mo."""
    catalog = read_catalogue(code)
    known = {_fixed(message.id): message for message in catalog}
    for sentence in (_fixed(message.id) for message in sentences() if message.id):
        if sentence not in known or not _is_translated(known[sentence]):
            yield f"{code}: not translated: {sentence!r}"
        elif not _same_fields(known[sentence]):
            yield f"{code}: other fields in the translation of {sentence!r}"
    if not mo_file(code).exists() or in_mo(code) != _translations(catalog):
        yield f"{code}: {mo_file(code).name} is not compiled from {po_file(code).name}"


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalogue that nobody has translated yet."""
    return (message for message in catalog if message.id and not _is_translated(message))


def read_catalogue(code: str) -> Catalog:
    """The catalogue of a language, a new one where there is none."""
    if not po_file(code).exists():
        return _empty(code)
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def in_mo(code: str) -> dict[Any, Any]:
    """What a compiled catalogue holds."""
    with mo_file(code).open("rb") as file:
        return _translations(read_mo(file))


def _translations(catalog: Catalog) -> dict[Any, Any]:
    messages = (message for message in catalog if message.id and _is_translated(message))
    return {_fixed(message.id): _fixed(message.string) for message in messages}


def _fixed(text: Any) -> Any:  # noqa: ANN401 - one text, or the two of a plural
    return tuple(text) if isinstance(text, list | tuple) else text


def po_file(code: str) -> Path:
    """The catalogue to edit."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_file(code: str) -> Path:
    """The compiled catalogue, which the program reads."""
    return po_file(code).with_suffix(".mo")


def _with_click(catalog: Catalog) -> Catalog:
    for message in click_sentences():
        if message.id and message.id not in catalog:
            catalog.add(message.id, None, [("click", 0)])
    return catalog


def _po_bytes(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    # Without line numbers, dates and names of tools, two runs of the same source give the same file.
    write_po(file, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_NOISE)).encode("utf-8")


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def _same_fields(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    wanted = set().union(*map(_fields, ids))
    return all(_fields(text) <= wanted for text in strings) and _fields(strings[-1]) == _fields(ids[-1])


def _fields(text: str | None) -> set[tuple[str, str]]:
    """Names and formats; a noun in both its numbers is a word of each language, no format."""
    parsed = Formatter().parse(text or "")
    return {(name, "|" if "|" in (form or "") else form or "") for _, name, form, _ in parsed if name is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
