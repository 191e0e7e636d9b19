"""HCS receives and processes what employers tell of recoveries (change); InComfort sees it."""

import importlib

from django.db import migrations

groups = importlib.import_module("portal.migrations.0001_back_office_groups")

RIGHTS = {
    "InComfort": {"absence.recoverymessage": "view"},
    "HCS": {"absence.recoverymessage": "view change"},
}


def add(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS):
        group.permissions.add(*groups.permissions(apps, RIGHTS[group.name]))


def remove(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=RIGHTS):
        group.permissions.remove(*groups.permissions(apps, RIGHTS[group.name]))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_milestone_marks"),
        ("absence", "0005_recovery_messages"),
    ]

    operations = [migrations.RunPython(add, remove)]
