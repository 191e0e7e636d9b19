"""Views reach employers' data through `visible_to` only. The code is parsed, not searched."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from accounts.models import Employer
from tests.project import source

MANAGERS = {"objects", "everything", "_default_manager"}
# Not an employer's data: lists that staff keep, and the person's own account.
FREE_MODELS = {"Classification", "EmploymentType", "User", "OneTimeLink", "Session"}


def unscoped_queries(tree: ast.Module) -> list[int]:
    """Lines where `Model.objects` is used without `.visible_to(`, or handed to a shortcut."""
    scoped = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "visible_to"
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {
            "objects",
            "everything",
            "_default_manager",
        }:
            model = node.value.id if isinstance(node.value, ast.Name) else ""
            if model not in FREE_MODELS and id(node) not in scoped:
                found.append(node.lineno)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            is_shortcut = node.func.id in {"get_object_or_404", "get_list_or_404"}
            if is_shortcut and node.args and isinstance(node.args[0], ast.Name):
                is_model = node.args[0].id[:1].isupper() and node.args[0].id not in FREE_MODELS
                found += [node.lineno] if is_model else []
    return found


@pytest.mark.parametrize("path", source.view_files(), ids=source.name)
def test_views_reach_employer_data_through_visible_to(path: Path) -> None:
    lines = unscoped_queries(source.tree(path))

    assert not lines, f"{source.name(path)}: lines {lines} miss .visible_to(request.user)"


@pytest.mark.parametrize(
    "code",
    [
        "Dossier.objects.get(pk=1)",
        "Dossier.objects.all().visible_to(user)",
        "get_object_or_404(Dossier, uuid=uuid)",
        "Document._default_manager.first()",
        "Trajectory.everything.get(pk=1)",
    ],
)
def test_the_check_sees_an_unscoped_query(code: str) -> None:
    assert unscoped_queries(ast.parse(code)) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "Dossier.objects.visible_to(user).get(pk=1)",
        "get_object_or_404(Dossier.objects.visible_to(user), uuid=uuid)",
        "Classification.objects.active()",
    ],
)
def test_the_check_accepts_a_scoped_query(code: str) -> None:
    assert unscoped_queries(ast.parse(code)) == []


def employer_models() -> list[type]:
    """Every model with an employer column that holds an employer's own data."""
    derived = {"SearchKey", "AuditEvent"}  # read through the search and the back office only
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in source.APPS
        and model.__name__ not in derived
        and any(field.name == "employer" for field in model._meta.fields)
    ]


@pytest.mark.parametrize("model", [*employer_models(), Employer], ids=lambda model: model.__name__)
def test_every_employer_model_can_be_scoped(model: type, db: None) -> None:
    assert model.objects.visible_to(AnonymousUser()).count() == 0


def test_there_are_employer_models_to_scope() -> None:
    assert len(employer_models()) >= 10
