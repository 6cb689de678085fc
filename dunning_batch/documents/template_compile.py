"""One template from its text: what it may name and do, compiled and run within limits (faults 52 to 54)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import jinja2
from jinja2 import meta, nodes

from dunning_batch.documents.template_guard import (
    BUDGET,
    Budget,
    ForbiddenError,
    TemplateLimitError,
    checked,
    counted,
)
from dunning_batch.documents.values import environment_of
from dunning_batch.errors import ConfigurationError, Message, Problem, Source, msg
from dunning_batch.language import Language

Known = Mapping[str, tuple[str, ...]]  # variable -> its fields, or those of its elements; none for a plain value

_TABLE_LINE = re.compile(r"\s*\{\{-?\s*invoices\s*-?\}\}\s*")
_UNDEFINED = re.compile(r"'(\w+)' is undefined|has no attribute '?(\w+)")
# Whatever may go wrong while a checked template runs: values that do not go together.
# A filter on a value of another kind is an AttributeError.
_RUN_ERRORS = (
    jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, AttributeError,
)  # fmt: skip
_COMPILE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


@dataclass(frozen=True, slots=True)
class Part:
    """A compiled text and where it stands."""

    source: Source
    template: jinja2.Template
    known: Known
    made_of: tuple[Language, str]  # its language, and its text at the lines of its file

    def __reduce__(self) -> tuple[object, ...]:
        """In another process it is compiled anew."""
        return compiled, (*self.made_of, self.source, self.known)


def compiled(spoken: Language, text: str, source: Source, known: Known, first_line: int = 1) -> Part:
    """A text as a template. Raises ConfigurationError with every unknown name, or the first other fault.

    Args:
        spoken: The template's language.
        text: What stands from `first_line` on.
        source: The file or key, for messages.
        known: The variables.
        first_line: Where the text begins in its file.
    """
    padded, environment = "\n" * (first_line - 1) + text, environment_of(spoken)
    with _understood(padded, source):
        tree = checked(environment, padded)
        problems = [*_unknown_names(tree, known, source), *_misplaced_tables(tree, padded, source)]
        if problems:
            raise ConfigurationError(*problems)
        code = environment.compile(counted(tree), str(source), _file_name(source))
        return Part(source, jinja2.Template.from_code(environment, code, {}), known, (spoken, padded))


@contextmanager
def _understood(text: str, source: Source) -> Iterator[None]:
    """What a template's own text makes go wrong, as a problem."""
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        near = text.split("\n")[error.lineno - 1].strip()[:80]
        message = msg(
            "This is no template that can be read, near “{near}”: {reason}.",
            near=near,
            reason=str(error.message).rstrip("."),
        )
        raise ConfigurationError(problem_at(source, error.lineno, message)) from error
    except ForbiddenError as error:
        raise ConfigurationError(problem_at(source, error.line, _forbidden(error.what))) from error
    except (TemplateLimitError, *_COMPILE_ERRORS) as error:
        raise ConfigurationError(problem_at(source, getattr(error, "line", None), _too_much())) from error


def rendered(part: Part, values: Mapping[str, Any]) -> str:
    """What a template makes of values. Raises ConfigurationError."""
    budget = Budget()
    try:
        return "".join(budget.made(piece) for piece in part.template.generate({**values, BUDGET: budget}))
    except TemplateLimitError as error:
        raise ConfigurationError(problem_at(part.source, _line_of(error, part), _too_much())) from error
    except _RUN_ERRORS as error:
        raise ConfigurationError(problem_at(part.source, _line_of(error, part), _reason(error, part))) from error


def problem_at(source: Source, line: int | None, message: Message) -> Problem:
    """A problem of a template; a text of the configuration has a key and no lines."""
    return Problem("template", message, "error", source if source.key else replace(source, line=line))


def _unknown(name: str, fields: Iterable[str]) -> Message:
    """A variable that does not exist, and those that do."""
    return msg("{name} is unknown here. Known are: {known}.", name=name, known=", ".join(fields))


def _file_name(source: Source) -> str:
    """What tells the lines of this template in a traceback."""
    return f"<{source}>"


def _unknown_names(tree: nodes.Template, known: Known, source: Source) -> Iterator[Problem]:
    """Every variable and field that does not exist, in branches that no sample takes too."""
    undeclared = (meta.find_undeclared_variables(tree) | {"self"}) - set(known)
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name in undeclared:
            yield problem_at(source, name.lineno, _unknown(name.name, sorted(known)))
    fields_of = {**known, **_loop_variables(tree, known)}
    for field in tree.find_all(nodes.Getattr):
        owner = field.node
        fields = fields_of.get(owner.name, ()) if isinstance(owner, nodes.Name) else ()
        if isinstance(owner, nodes.Name) and fields and field.attr not in fields:
            yield problem_at(source, field.lineno, _unknown(f"{owner.name}.{field.attr}", fields))


def _loop_variables(tree: nodes.Template, known: Known) -> dict[str, tuple[str, ...]]:
    """The fields of what loops go through; a name that is used for several lists has none that is sure."""
    found: dict[str, set[str]] = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name):
            source = loop.iter.name if isinstance(loop.iter, nodes.Name) else ""
            found.setdefault(loop.target.name, set()).add(source)
    assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    sure = {target: known.get(next(iter(lists)), ()) for target, lists in found.items() if len(lists) == 1}
    return {name: sure.get(name, ()) for name in assigned}


def _misplaced_tables(tree: nodes.Template, text: str, source: Source) -> Iterator[Problem]:
    """The table is printed beside something else, or again."""
    lines = text.split("\n")
    placed = 0
    for name in tree.find_all(nodes.Name):
        if name.name == "invoices":
            placed += 1
            if placed > 1 or not _TABLE_LINE.fullmatch(lines[name.lineno - 1]):
                message = msg("{variable} stands once, on a line of its own.", variable="{{ invoices }}")
                yield problem_at(source, name.lineno, message)


def _line_of(error: BaseException, part: Part) -> int | None:
    """The line of the template that was running."""
    step, line = error.__traceback__, None
    while step is not None:
        if step.tb_frame.f_code.co_filename == _file_name(part.source):
            line = step.tb_lineno
        step = step.tb_next
    return line


def _reason(error: Exception, part: Part) -> Message:
    found = _UNDEFINED.search(str(error)) if isinstance(error, jinja2.UndefinedError) else None
    if found:
        return _unknown(found[1] or found[2], sorted(part.known))
    return msg("A value cannot be used like this ({reason}).", reason=str(error) or type(error).__name__)


def _forbidden(what: str) -> Message:
    return msg(
        "A template cannot use {what}: it prints values, tests them and goes through lists, nothing else.", what=what
    )


def _too_much() -> Message:
    return msg("This template is too much: too long, too deep, or with loops or texts that have no end. Shorten it.")
