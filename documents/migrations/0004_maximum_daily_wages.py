"""The maximum daily wages that are known. Source: rulebook B5; staff keep the list from here on."""

from datetime import date
from decimal import Decimal

from django.db import migrations

KNOWN = {
    date(2025, 1, 1): Decimal("290.67"),
    date(2026, 1, 1): Decimal("304.25"),
    date(2026, 7, 1): Decimal("309.91"),
}


def add(apps, schema_editor):
    rows = apps.get_model("documents", "MaximumDailyWage").objects
    for from_day, amount in KNOWN.items():
        rows.create(from_day=from_day, amount=amount)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_statement_lines")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
