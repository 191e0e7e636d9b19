"""Who may do what in the back office: role x model x act, and nothing else."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from tests.project import source

# Each change of rights is a migration; together they are what this page says.
RIGHTS_MIGRATIONS = [
    importlib.import_module(f"portal.migrations.{path.stem}")
    for path in sorted((source.ROOT / "portal" / "migrations").glob("0*.py"))
]

# v = view, a = add, c = change, d = delete. A model that is not here is nobody's.
RIGHTS = {
    # model                      InComfort  HCS
    "accounts.employer":         ("vac",    "v"),
    "accounts.policy":           ("vac",    "v"),
    "accounts.user":             ("vac",    ""),
    "accounts.membership":       ("vacd",   ""),
    "accounts.accessrequest":    ("vc",     ""),
    "accounts.accountrecovery":  ("vac",    ""),
    "accounts.activationlink":   ("vc",     ""),
    "accounts.outgoingmessage":  ("v",      ""),
    "accounts.failedjob":       ("vc",     ""),
    "accounts.smsstop":         ("vc",     ""),
    "accounts.auditevent":       ("v",      ""),
    "dossiers.dossier":          ("v",      "v"),
    "dossiers.employee":         ("v",      "v"),
    "dossiers.employment":       ("v",      "v"),
    "dossiers.employmenttype":   ("vac",    ""),
    "dossiers.merge":           ("va",     ""),
    "absence.classification":    ("vac",    ""),
    "absence.trajectory":        ("v",      "vc"),
    "absence.incapacity":        ("v",      "va"),
    "absence.recoverymessage":   ("v",      "vc"),
    "absence.correctionrequest": ("vc",     "vc"),
    "absence.milestonemark":     ("va",     "va"),
    "documents.document":        ("v",      "va"),
    "documents.casenote":        ("",       "va"),
    "documents.documentrequest": ("vac",    ""),
    "documents.requestpurpose": ("vac",     ""),
    "documents.benefitstatement": ("va",    ""),
    "documents.statementrun":    ("va",     ""),
    "documents.maximumdailywage": ("vac",   ""),
    "documents.policycover":     ("vac",    ""),
}  # fmt: skip
ACTS = {"v": "view", "a": "add", "c": "change", "d": "delete"}

pytestmark = pytest.mark.django_db


def every_permission() -> list[str]:
    """All model permissions that Django knows, of every installed app."""
    return [
        f"{model._meta.app_label}.{act}_{model._meta.model_name}"
        for model in apps.get_models()
        for act in ACTS.values()
    ]


def expected(column: int) -> set[str]:
    return {
        f"{label.split('.')[0]}.{ACTS[letter]}_{label.split('.')[1]}"
        for label, columns in RIGHTS.items()
        for letter in columns[column]
    }


def test_incomfort_may_do_exactly_this(ilse: User) -> None:
    assert {name for name in every_permission() if ilse.has_perm(name)} == expected(0)


def test_hcs_may_do_exactly_this(hugo: User) -> None:
    assert {name for name in every_permission() if hugo.has_perm(name)} == expected(1)


def test_nobody_deletes_anything_but_someone_s_access() -> None:
    deletions = Permission.objects.filter(group__isnull=False, codename__startswith="delete_")

    assert set(deletions.values_list("codename", flat=True)) == {"delete_membership"}


def test_employer_users_have_no_permission_at_all(anna: User) -> None:
    assert anna.get_all_permissions() == set()


@pytest.mark.parametrize("existing", ["fresh database", "permissions made already"])
def test_the_migration_works_on_any_database(existing: str) -> None:
    if existing == "fresh database":  # as it is before the first post_migrate
        Group.objects.all().delete()
        Permission.objects.all().delete()
        ContentType.objects.all().delete()
        ContentType.objects.clear_cache()

    add_all()

    rights = {
        group.name: {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        for group in Group.objects.all()
    }
    assert rights == {"InComfort": expected(0), "HCS": expected(1)}


def test_the_migration_names_permissions_as_django_does() -> None:
    before = dict(Permission.objects.values_list("codename", "name"))
    Permission.objects.all().delete()

    add_all()

    after = dict(Permission.objects.values_list("codename", "name"))
    assert after == {codename: before[codename] for codename in after}


def add_all() -> None:
    """What the migrations do, on this database."""
    for migration in RIGHTS_MIGRATIONS:
        migration.add(apps, None)


def test_the_migrations_can_be_undone() -> None:
    for migration in reversed(RIGHTS_MIGRATIONS):
        migration.remove(apps, None)

    assert not Group.objects.filter(name__in=["InComfort", "HCS"]).exists()
