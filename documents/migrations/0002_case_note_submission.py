"""A note that is sent twice is kept once. Notes that were there already each get their own uuid."""

from uuid import uuid4

from django.db import migrations, models


def give_each_its_own(apps, schema_editor):
    for note in apps.get_model("documents", "CaseNote").objects.only("pk"):
        note.submission = uuid4()
        note.save(update_fields=["submission"])


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            "casenote", "submission", models.UUIDField(default=None, editable=False, null=True)
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField(
            "casenote",
            "submission",
            models.UUIDField(default=uuid4, editable=False, unique=True),
        ),
    ]
