"""Reads the portal's own source for the tests in this folder."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "documents", "absence", "dossiers", "accounts")


def python_files(*, migrations: bool = False) -> list[Path]:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in files if migrations or "migrations" not in path.parts]


def view_files() -> list[Path]:
    """Every module of views (views.py, x_views.py, a views package), and what they lean on for
    access.
    """
    return [
        path
        for path in python_files()
        if path.name.endswith("views.py")
        or path.parent.name == "views"
        or (path.name == "access.py" and path.parent.name != "actions")
    ]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
