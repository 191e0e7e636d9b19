"""docs/promises.md: every promise has a test that exists, or says why not."""

import ast
import re
from functools import cache
from typing import NamedTuple

import pytest

from tests.project import source

PAGE = source.ROOT / "docs" / "promises.md"
# How many promises each section of the design has.
SECTIONS = {"A": 8, "B": 10, "C": 19, "D": 14}
TEST = re.compile(r"(tests/[\w/]+\.py)::([\w:]+)")


class Promise(NamedTuple):
    name: str
    words: str
    tests: str
    reason: str


def promises() -> list[Promise]:
    rows = re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", PAGE.read_text(), re.MULTILINE)
    return [Promise(name, *map(str.strip, cells.split("|"))) for name, cells in rows]


@cache
def names_in(path: str) -> set[str]:
    """The names of a file's tests as pytest has them: `test_x`, `TestY::test_x`."""
    found = set()
    for node in ast.parse((source.ROOT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            found |= {f"{node.name}::{part.name}" for part in inner}
    return {name for name in found if name.split("::")[-1].startswith("test_")}


def test_every_promise_is_there_once_and_in_order() -> None:
    expected = [f"{section}{number + 1}" for section, n in SECTIONS.items() for number in range(n)]

    assert [promise.name for promise in promises()] == expected


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise.name)
def test_it_names_tests_that_exist_or_says_why_not(promise: Promise) -> None:
    named = TEST.findall(promise.tests)
    parts = [part for part in re.split(r",\s*", promise.tests) if part]

    assert promise.words
    assert len(named) == len(parts), f"not a test: {parts}"
    assert named or len(promise.reason.split()) >= 8
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (source.ROOT / path).is_file() or name not in names_in(path)
    ]
    assert missing == []
