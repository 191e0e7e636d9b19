"""InComfort asks for accounts to be recovered (add) and decides on what a colleague asked (change)."""

import importlib

from django.db import migrations

groups = importlib.import_module("portal.migrations.0001_back_office_groups")

INCOMFORT = {"accounts.accountrecovery": "view add change"}


def add(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.add(*groups.permissions(apps, INCOMFORT))


def remove(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.remove(*groups.permissions(apps, INCOMFORT))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_access_requests"),
        ("accounts", "0014_account_recoveries"),
    ]

    operations = [migrations.RunPython(add, remove)]
