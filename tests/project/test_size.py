"""Files and functions stay small enough to read at once. Source: house style, "Size"."""

import statistics
from pathlib import Path

import pytest

from tests.project import source

TEMPLATES = sorted((source.ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", source.python_files(), ids=source.name)
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", source.python_files(), ids=source.name)
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    long = [node.name for node in source.functions(path) if lines(node) > 40]

    assert not long


def lines(node: object) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]


def test_functions_are_short_as_a_rule() -> None:
    sizes = sorted(lines(node) for path in source.python_files() for node in source.functions(path))

    assert statistics.median(sizes) <= 8
    assert sizes[int(len(sizes) * 0.9)] <= 22


@pytest.mark.parametrize("path", TEMPLATES, ids=source.name)
def test_a_template_has_at_most_150_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150


def test_the_root_stays_clear() -> None:
    ignored = {".git", ".uv", ".venv", "var", ".coverage"}
    entries = {
        path.name
        for path in source.ROOT.iterdir()
        if path.name not in ignored and not path.name.endswith("_cache")
    }

    assert len(entries - {"__pycache__", ".hypothesis"}) <= 17
