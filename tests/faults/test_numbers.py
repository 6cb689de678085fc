"""Every fault of delivery and of state has a test that says so: `grep -rn "fault 87" tests` finds it."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NUMBERS = (*range(35, 42), *range(64, 91), "90b", "90c", *range(91, 111), 116, *range(120, 125))


def told(path):
    """What the tests of a file say of themselves."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield ast.get_docstring(node) or ""


SAID = [text for path in TESTS.rglob("test_*.py") for text in told(path)]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_fault_has_a_test_that_names_it(number):
    assert any(re.search(rf"\bfault {number}\b", text) for text in SAID)


def test_a_number_that_no_test_names_is_seen():
    assert not any(re.search(r"\bfault 1000\b", text) for text in SAID)
