"""InComfort and HCS tick off the milestones of an illness (add)."""

import importlib

from django.db import migrations

groups = importlib.import_module("portal.migrations.0001_back_office_groups")

RIGHTS = {"absence.milestonemark": "view add"}
GROUPS = ["InComfort", "HCS"]


def add(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*groups.permissions(apps, RIGHTS))


def remove(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*groups.permissions(apps, RIGHTS))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_account_recoveries"),
        ("absence", "0004_milestone_marks"),
    ]

    operations = [migrations.RunPython(add, remove)]
