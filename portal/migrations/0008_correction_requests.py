"""InComfort and HCS decide on what employers ask to have corrected (change)."""

import importlib

from django.db import migrations

groups = importlib.import_module("portal.migrations.0001_back_office_groups")

RIGHTS = {"absence.correctionrequest": "view change"}
GROUPS = ["InComfort", "HCS"]


def add(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*groups.permissions(apps, RIGHTS))


def remove(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*groups.permissions(apps, RIGHTS))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0007_recovery_messages"),
        ("absence", "0006_corrections"),
    ]

    operations = [migrations.RunPython(add, remove)]
