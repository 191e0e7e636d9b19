"""InComfort merges two dossiers of one person (add a merge)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"dossiers.merge": "view add"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0009_benefit_months"),
        ("dossiers", "0007_merges"),
    ]

    operations = [migrations.RunPython(add, remove)]
