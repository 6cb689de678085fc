"""The small language that templates are written in, and its limits (faults 53, 54; S6).

A template prints values, tests them and goes through lists; it calls nothing. Its syntax tree is checked against a list
of what is allowed, then runs in Jinja2's sandbox as a second wall. Loops are counted and timed, texts measured.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MAX_SOURCE = 64_000  # characters of a template
MAX_TEXT = 400_000  # characters that it prints, or makes on the way
MAX_STEPS = 100_000  # turns of all its loops
MAX_SECONDS = 3.0
MAX_DEPTH = 40  # of its syntax tree
MAX_NUMBER = 10**15

BUDGET = "_budget"

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TAGS = re.compile(r"[ \t]*(?:(?:\{%(?:(?!%\}).)*%\}|\{##\})[ \t]*)+")

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test, nodes.Keyword, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Neg, nodes.Pos, nodes.Concat,
    nodes.List, nodes.Tuple,
)  # fmt: skip
_FILTERS = (
    "length", "count", "default", "d", "first", "last", "map", "sum", "select", "reject", "selectattr", "rejectattr",
    "sort", "unique", "list", "reverse", "min", "max",
)  # fmt: skip
_TEXT_FILTERS = ("upper", "lower", "title", "capitalize", "trim")


class TemplateLimitError(Exception):
    """A template went beyond its limits."""

    def __init__(self, line: int | None = None) -> None:
        """Where, if it is known."""
        super().__init__(line)
        self.line = line


class ForbiddenError(Exception):
    """A template does what templates must not do."""

    def __init__(self, what: str, line: int) -> None:
        """What it is, as its author wrote it or would call it, and where."""
        super().__init__(what)
        self.what, self.line = what, line


class Budget:
    """What one rendering may still use."""

    def __init__(self) -> None:
        """A whole one."""
        self.steps, self.characters = MAX_STEPS, MAX_TEXT
        self.end = time.monotonic() + MAX_SECONDS

    def turn(self) -> None:
        """One turn of a loop."""
        self.steps -= 1
        if self.steps < 0 or time.monotonic() > self.end:
            raise TemplateLimitError

    def made(self, text: str) -> str:
        """A text that was made."""
        self.characters -= len(text)
        if self.characters < 0:
            raise TemplateLimitError
        return text


class GuardedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2 with plain values only, and none of its own functions, filters or ways to call."""

    intercepted_binops = frozenset("+-")

    def __init__(
        self,
        text: Callable[[object], str],
        finalize: Callable[[object], str],
        filters: Mapping[str, Callable[..., Any]],
    ) -> None:
        """An environment without anything of Python's.

        Args:
            text: What a value looks like; TypeError for one that cannot be printed.
            finalize: What is printed for it.
            filters: Beside the usual harmless ones.
        """
        super().__init__(
            undefined=StrictUndefined, finalize=_at_run_time(finalize), optimized=False, lstrip_blocks=True
        )
        self.text = text
        self.globals.clear()
        usual = {name: self.filters[name] for name in _FILTERS}
        texts = {name: _on_text(self.filters[name], text) for name in _TEXT_FILTERS}
        self.filters = {**usual, **texts, **filters, "join": _joined, "_counted": _counted}

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as the base class has it
        """Fields of records and of `loop`; Python's attributes are never seen."""
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401
        """A field by name, or an element by rank."""
        if isinstance(obj, Mapping | list | tuple):
            try:
                return obj[argument]
            except (KeyError, IndexError, TypeError):
                pass
        return obj if isinstance(obj, Undefined) else self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Sums of numbers of a sane size."""
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, str | list | tuple) or abs(result) > MAX_NUMBER:
            raise TemplateLimitError
        return result


def checked(environment: GuardedEnvironment, source: str) -> nodes.Template:
    """The syntax tree of a template that keeps to the rules.

    A line that holds nothing but tags leaves no line behind.

    Raises:
        ForbiddenError: With the first thing that is not allowed.
        TemplateLimitError: It is too long or too deep.
        jinja2.TemplateSyntaxError: It is no template.
    """
    if len(source) > MAX_SOURCE:
        raise TemplateLimitError
    tree = environment.parse(_tags_without_lines(source))
    _check(tree, {name for name in environment.filters if not name.startswith("_")})
    return tree


def counted(tree: nodes.Template) -> nodes.Template:
    """The same tree, changed in place, with its loops counted and its joins measured."""
    return _Counter().visit(tree)  # type: ignore[no-any-return]


def _tags_without_lines(source: str) -> str:
    """The same lines, those of tags alone with their end inside a comment: numbers of lines stay true."""
    bare = _COMMENT.sub(lambda comment: "{#" + "\n" * comment[0].count("\n") + "#}", source)
    *lines, last = bare.split("\n")
    return "".join(line + ("{#\n#}" if _TAGS.fullmatch(line) else "\n") for line in lines) + last


def _check(tree: nodes.Template, filters: set[str]) -> None:
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH or _is_monstrous(node):
            raise TemplateLimitError(node.lineno)
        if (what := _forbidden(node, filters)) is not None:
            raise ForbiddenError(what, node.lineno)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _forbidden(node: nodes.Node, filters: set[str]) -> str | None:  # noqa: PLR0911 - one case each
    """What a node does that it must not, as its author would recognise it."""
    match node:
        case nodes.Call():
            return f"{node.node.name}()" if isinstance(node.node, nodes.Name) else "()"
        case nodes.Filter() if node.name not in filters:
            return f"| {node.name}"
        case nodes.Getattr() if node.attr.startswith("_"):
            return f".{node.attr}"
        case nodes.Name() if node.name.startswith("_"):
            return node.name
        case nodes.For() if node.recursive:
            return "recursive"
        case nodes.List() | nodes.Tuple() if not _is_flat(node):
            return "[...]"
    return None if isinstance(node, _ALLOWED) else type(node).__name__.lower()


def _is_monstrous(node: nodes.Node) -> bool:
    """A number that nobody means."""
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float) and not abs(node.value) <= MAX_NUMBER


def _is_flat(node: nodes.List | nodes.Tuple) -> bool:
    """A list of constants, or the names that a loop takes apart; lists of lists could grow beyond all counting."""
    return getattr(node, "ctx", "") == "store" or all(isinstance(item, nodes.Const) for item in node.items)


class _Counter(NodeTransformer):
    """Puts the counting filter around what loops go through, and makes `~` a measured join."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return nodes.Filter(nodes.List(node.nodes), "join", [], [], None, None, lineno=node.lineno)


def _at_run_time(finalize: Callable[[object], str]) -> Callable[[Context, object], str]:
    """The function, hidden from Jinja2's compiler, which would call it on constants."""

    @pass_context
    def finalized(_context: Context, value: object) -> str:
        return finalize(value)

    return finalized


def _on_text(function: Callable[[str], str], text: Callable[[object], str]) -> Callable[[object], str]:
    def filtered(value: object) -> str:
        return function(text(value))

    return filtered


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        context.resolve(BUDGET).turn()
        yield value


@pass_context
def _joined(context: Context, values: Iterable[Any], separator: str = "", last: str | None = None) -> str:
    """Values in a row; `last` stands before the last one, as ` and ` does."""
    parts = [context.environment.text(value) for value in values]  # type: ignore[attr-defined]
    if sum(map(len, parts)) + len(separator) * len(parts) > MAX_TEXT:
        raise TemplateLimitError
    if last is not None and len(parts) > 1:
        parts[-2:] = [parts[-2] + last + parts[-1]]
    return context.resolve(BUDGET).made(separator.join(parts))  # type: ignore[no-any-return]
