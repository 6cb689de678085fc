"""Reads from the source which problems the program can report: the code of each, and its sentences in English.

A code is the first argument of `Problem(...)`, or what a function hands to it under the name `code`; its sentences are
the messages beside it, there or where such a function is called.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "dunning_batch"
Function = ast.FunctionDef | ast.Module


@dataclass
class Source:
    """The whole package."""

    modules: list[ast.Module]
    functions: dict[str, list[tuple[ast.Module, ast.FunctionDef]]] = field(default_factory=dict)  # by name

    def __post_init__(self) -> None:
        for module in self.modules:
            for node in ast.walk(module):
                if isinstance(node, ast.FunctionDef):
                    self.functions.setdefault(node.name, []).append((module, node))

    def named(self, name: str, module: ast.Module) -> Iterator[ast.FunctionDef]:
        """The functions that a name may mean in a module: private ones are the module's own."""
        for home, function in self.functions.get(name, []):
            if home is module or not name.startswith("_"):
                yield function


@dataclass(frozen=True)
class Place:
    """Where an expression stands."""

    module: ast.Module
    function: Function
    source: Source

    def elsewhere(self, function: ast.FunctionDef) -> "Place":
        """In another function."""
        return Place(self.module, function, self.source)


def problems() -> dict[str, tuple[str, ...]]:
    """Code -> its sentences, in the order of the source."""
    paths = sorted(PACKAGE.rglob("*.py"))
    source = Source([ast.parse(path.read_text(encoding="utf-8")) for path in paths])
    found: dict[str, dict[str, None]] = {}
    for module in source.modules:
        for function in (node for node in ast.walk(module) if isinstance(node, Function)):
            for code, sentence in _reported(function, Place(module, function, source)):
                found.setdefault(code, {}).update({sentence: None} if sentence else {})
    return {code: tuple(found[code]) for code in sorted(found)}


def _reported(function: Function, place: Place) -> Iterator[tuple[str, str]]:
    """What the calls in one function report; functions inside it speak for themselves."""
    for call in _calls(function):
        if _name(call) == "Problem":
            codes = list(_codes(_argument(call, "code", 0), function))
        else:
            codes = list(_handed(call, place))
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        sentences = [text for value in values for text in _sentences(value, place, call.lineno)]
        if len(codes) == len(sentences) > 1:  # chosen together
            yield from zip(codes, sentences, strict=True)
        else:
            yield from ((code, sentence) for code in codes for sentence in sentences or [""])


def _handed(call: ast.Call, place: Place) -> Iterator[str]:
    """The codes of a call of a function that makes a problem of the message it is given."""
    for maker in place.source.named(_name(call), place.module):
        made = [inner for inner in _calls(maker) if _name(inner) == "Problem"]
        names = [argument.arg for argument in maker.args.args if argument.arg not in {"self", "cls"}]
        if made and "code" in names:
            default = dict(zip(reversed(names), reversed(maker.args.defaults), strict=False)).get("code")
            yield from _codes(_argument(call, "code", names.index("code")) or default, place.function)
        elif any("Message" in ast.unparse(argument.annotation or ast.Constant("")) for argument in maker.args.args):
            for inner in made:
                yield from _codes(_argument(inner, "code", 0), maker)


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return next(iter(named or call.args[place : place + 1]), None)


def _codes(value: ast.expr | None, function: Function) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from _codes(value.body, function)
        yield from _codes(value.orelse, function)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.Name):
        for given in _assigned(value.id, function, value.lineno):
            yield from _codes(given, function)


def _sentences(value: ast.expr, place: Place, line: int, depth: int = 0) -> Iterator[str]:
    """The sentences that an expression may stand for."""
    if isinstance(value, ast.IfExp):
        yield from _sentences(value.body, place, line, depth)
        yield from _sentences(value.orelse, place, line, depth)
    elif isinstance(value, ast.Call) and _name(value) == "msg":
        yield from (str(text.value) for text in value.args[:1] if isinstance(text, ast.Constant))
    elif isinstance(value, ast.Call) and depth == 0:
        for named in place.source.named(_name(value), place.module):
            if ast.unparse(named.returns or ast.Constant("")) == "Message":
                for inner in _own(named):
                    if isinstance(inner, ast.Return) and inner.value:
                        yield from _sentences(inner.value, place.elsewhere(named), inner.lineno, depth=1)
    elif isinstance(value, ast.Name):
        for given in _assigned(value.id, place.function, line):
            yield from _sentences(given, place, given.lineno - 1, depth)


def _assigned(name: str, function: Function, line: int) -> Sequence[ast.expr]:
    """What was last given to a name: in every branch since it was used before, else the last time."""
    nodes = _own(function)
    used = [node.lineno for node in nodes if isinstance(node, ast.Name) and _is(node, name, ast.Load)]
    since = max((before for before in used if before < line), default=0)
    given = [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and any(_is(one, name, ast.Store) for one in node.targets)
    ]
    before = sorted((value for value in given if value.lineno <= line), key=lambda value: value.lineno)
    return [value for value in before if value.lineno > since] or before[-1:]


def _is(node: ast.AST, name: str, context: type[ast.expr_context]) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, context)


def _own(function: Function) -> Sequence[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    nodes: list[ast.AST] = []
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            nodes.append(node)
            waiting.extend(ast.iter_child_nodes(node))
    return nodes


def _calls(function: Function) -> list[ast.Call]:
    return sorted((node for node in _own(function) if isinstance(node, ast.Call)), key=lambda call: call.lineno)


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "id", getattr(call.func, "attr", "")))
