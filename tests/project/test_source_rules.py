"""Rules about the code that a linter does not know. Source: security.md H2, house style."""

import ast
import re
from pathlib import Path

import pytest

from tests.project import source

FORBIDDEN_NAMES = {
    "mark_safe": "autoescape is the only way into a page",
    "csrf_exempt": "every change is protected",
    "receiver": "no signals for our own models",
}
# A provider of sms posts its receipts without a page of ours: it signs them (security.md 2.5).
EXCEPTIONS = {("accounts/views/receipts.py", "csrf_exempt")}
TEMPLATES = sorted((source.ROOT / "templates").rglob("*.html"))


def used_names(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def direct_verifications(tree: ast.Module) -> list[int]:
    """Calls of `<something>.verify_token(...)`: a race lets one code through several times."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "verify_token"
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "django_otp")
        and not isinstance(node.func.value, ast.Call)  # super().verify_token(...)
    ]


@pytest.mark.parametrize("path", source.python_files(), ids=source.name)
def test_no_forbidden_name_is_used(path: Path) -> None:
    found = used_names(source.tree(path)) & FORBIDDEN_NAMES.keys()

    assert {(source.name(path), name) for name in found} <= EXCEPTIONS


@pytest.mark.parametrize("path", source.python_files(), ids=source.name)
def test_codes_are_verified_through_django_otp_only(path: Path) -> None:
    assert not direct_verifications(source.tree(path))


def test_the_check_sees_a_direct_verification() -> None:
    assert direct_verifications(ast.parse("device.verify_token(code)")) == [1]
    assert direct_verifications(ast.parse("django_otp.verify_token(user, id, code)")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=source.name)
def test_templates_hold_no_inline_code_and_no_unescaped_text(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\|\s*safe\b|autoescape off", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|\shx-on", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)


def test_each_dependency_says_why_it_is_there() -> None:
    text = (source.ROOT / "pyproject.toml").read_text()
    block = text[text.index("dependencies = [") : text.index("[dependency-groups]")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]

    assert lines
    assert all("#" in line for line in lines)
