"""What the README and the docs point at is there."""

import re
from pathlib import Path

import pytest

from tests.project import source

PAGES = [source.ROOT / "README.md", *sorted((source.ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]+\]\((?!https?:|#)([^)#]+)[^)]*\)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=source.name)
def test_each_link_leads_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]

    assert not missing


def test_the_readme_fits_on_one_screen() -> None:
    assert len((source.ROOT / "README.md").read_text().splitlines()) <= 50


def test_the_readme_names_only_make_targets_that_exist() -> None:
    targets = set(TARGET.findall((source.ROOT / "Makefile").read_text()))
    named = set(re.findall(r"\bmake ([a-z]+)\b", (source.ROOT / "README.md").read_text()))

    assert {"run", "test", "check"} <= named
    assert named <= targets


def test_code_that_names_a_decision_names_one_that_exists() -> None:
    named = {
        name
        for path in source.python_files()
        for name in re.findall(r"docs/decisions/([\w-]+\.md)", path.read_text())
    }

    assert named
    assert named <= {path.name for path in (source.ROOT / "docs" / "decisions").iterdir()}
