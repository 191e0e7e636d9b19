"""InComfort follows invitations, and repeats or withdraws them (change)."""

from importlib import import_module

from django.db import migrations

permissions = import_module("portal.migrations.0001_back_office_groups").permissions

INCOMFORT = {"accounts.activationlink": "view change"}


def add(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.add(*permissions(apps, INCOMFORT))


def remove(apps, schema_editor):
    group = apps.get_model("auth", "Group").objects.get(name="InComfort")
    group.permissions.remove(*permissions(apps, INCOMFORT))


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_sms_stops"),
        ("accounts", "0010_invitations_followed"),
    ]

    operations = [migrations.RunPython(add, remove)]
