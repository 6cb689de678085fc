"""Templates of a dossier: loaded and tried once, then rendered per reminder (contract section 4; faults 52 to 54, 56).

A template of the dossier stands before the built-in one; where a language has neither, the dossier's language takes its
place. Whatever is wrong is a problem with its file and line, found before the first customer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from dunning_batch.core.policy import Level
from dunning_batch.core.reminders import Reminder
from dunning_batch.documents.markdown import plain_line
from dunning_batch.documents.samples import sample_reminder, sample_reminders
from dunning_batch.documents.sender import Look, Sender
from dunning_batch.documents.template_compile import Known, Part, compiled, problem_at, rendered
from dunning_batch.documents.template_files import decoded, find, pairs, read
from dunning_batch.documents.values import Values, values_of
from dunning_batch.errors import ConfigurationError, Problem, Source, msg
from dunning_batch.files import sha256_of
from dunning_batch.language import LANGUAGES, LanguageCode, language

_SUBJECT = "Subject:"


@dataclass(frozen=True, slots=True)
class Template:
    """One template file, compiled."""

    language: LanguageCode
    subject: Part
    body: Part


@dataclass(frozen=True, slots=True)
class Templates:
    """All that a run may need, tried on samples."""

    by_name: Mapping[tuple[str, str], Template]  # (language of the customer, name)
    header: Mapping[str, Part]  # by language; empty where the dossier has none
    footer: Mapping[str, Part]
    digests: Mapping[str, str]  # file -> sha256 of what was read


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of one letter: subject in plain text, the rest in Markdown."""

    language: LanguageCode  # the template's
    subject: str
    body: str
    header: str = ""
    footer: str = ""


def load_templates(root: Path, levels: Iterable[Level], default: LanguageCode, sender: Sender, look: Look) -> Templates:
    """Every template of every level and language, compiled and tried on samples.

    Args:
        root: The dossier; its `templates` folder.
        levels: They name the templates.
        default: The dossier's language.
        sender: Printed on the samples.
        look: Header and footer.

    Raises:
        ConfigurationError: With everything that is wrong.
    """
    levels = tuple(levels)
    known = _known_variables(sender)
    loaded: dict[tuple[str, str], Template] = {}
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    for code, name in pairs(tuple(level.template for level in levels)):
        try:
            loaded[code, name] = _load(root, name, code, default, known, digests)
        except ConfigurationError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    header, footer = (_of_settings(text, key, known, problems) for key, text in
                      (("header", look.header), ("footer", look.footer)))  # fmt: skip
    templates = Templates(loaded, header, footer, digests)
    for problem in _tried(templates, sample_reminders(levels), sender):
        if problem not in problems:  # one file stands for two languages
            problems.append(problem)
    if problems:
        raise ConfigurationError(*problems)
    return templates


def text_of(templates: Templates, reminder: Reminder, sender: Sender, channel: str = "letter") -> LetterText:
    """The words of a reminder. Raises ConfigurationError."""
    template = templates.by_name[reminder.language, reminder.level.template]
    values = values_of(reminder, sender, channel)
    return LetterText(
        template.language,
        plain_line(rendered(template.subject, values)),
        rendered(template.body, values),
        _optional(templates.header, template.language, values),
        _optional(templates.footer, template.language, values),
    )


def _known_variables(sender: Sender) -> Known:
    """Variables and the fields of each, of lists the fields of their elements."""
    fullest = sample_reminder(Level(4, "", "", show_penalties=True), "fr", "professional", full=True)
    return {name: _fields(value) for name, value in values_of(fullest, sender, "letter").items()}


def _fields(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and value:
        return _fields(value[0])
    return tuple(value) if isinstance(value, dict) else ()


def _load(
    root: Path, name: str, code: LanguageCode, default: LanguageCode, known: Known, digests: dict[str, str]
) -> Template:
    found = find(root, name, code, default)
    data = read(found)
    digests[found.shown] = sha256_of(data)
    text, source = decoded(data, found.shown), Source(found.shown)
    head, _, rest = text.partition("\n")
    blank, _, body = rest.partition("\n")
    if not head.startswith(_SUBJECT) or not head.removeprefix(_SUBJECT).strip() or blank.strip():
        problem = msg("A template begins with a line “{head}”, then a blank line, then the text.", head="Subject: …")
        raise ConfigurationError(problem_at(source, 1, problem))
    spoken = language(found.language)
    subject = compiled(spoken, head.removeprefix(_SUBJECT).strip(), source, known)
    return Template(found.language, subject, compiled(spoken, body, source, known, 3))


def _of_settings(text: str, key: str, known: Known, problems: list[Problem]) -> dict[str, Part]:
    """A header or footer of `[letters]`, in every language."""
    parts: dict[str, Part] = {}
    for code in LANGUAGES if text.strip() else ():
        try:
            source = Source("config.toml", key=f"[letters] {key}")
            parts[code] = compiled(language(code), text, source, known)
        except ConfigurationError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    return parts


def _tried(templates: Templates, samples: Iterable[Reminder], sender: Sender) -> Iterator[Problem]:
    """What fails on samples; of each template the first fault only."""
    failed: set[int] = set()
    for reminder, channel in product(samples, ("letter", "email")):
        template = templates.by_name.get((reminder.language, reminder.level.template))
        values = values_of(reminder, sender, channel)
        options = [parts.get(reminder.language) for parts in (templates.header, templates.footer)]
        for part in [*([template.subject, template.body] if template else []), *filter(None, options)]:
            if id(part) in failed:
                continue
            try:
                rendered(part, values)
            except ConfigurationError as error:
                failed.add(id(part))
                yield from error.problems


def _optional(parts: Mapping[str, Part], code: str, values: Values) -> str:
    return rendered(parts[code], values) if code in parts else ""
