"""InComfort sees the stops on sms codes, and ends them (change)."""

import importlib

from django.db import migrations

groups = importlib.import_module("portal.migrations.0001_back_office_groups")

INCOMFORT = {"accounts.smsstop": "view change"}


def add(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.add(*groups.permissions(apps, INCOMFORT))


def remove(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.remove(*groups.permissions(apps, INCOMFORT))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_back_office_groups"),
        ("accounts", "0007_sms_for_real"),
    ]

    operations = [migrations.RunPython(add, remove)]
