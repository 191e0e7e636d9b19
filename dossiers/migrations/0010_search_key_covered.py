"""How much of a key another key of the same dossier covers, also of the keys there are."""

from itertools import groupby
from os.path import commonprefix

from django.db import migrations, models
from django.db.models import Q

BATCH = 500  # Django tells rows apart by a list of cases, which PostgreSQL goes through for each


def cover(apps, schema_editor):
    keys = apps.get_model("dossiers", "SearchKey").objects
    found = keys.order_by("dossier_id", "match", "key").iterator(chunk_size=10_000)
    changed = []
    for _, group in groupby(found, key=lambda row: row.dossier_id):
        better = []
        for row in group:
            row.covered = max((len(commonprefix([row.key, key])) for key in better), default=0)
            better.append(row.key)
            if row.covered:
                changed.append(row)
        if len(changed) > BATCH:
            keys.bulk_update(changed, ["covered"], batch_size=BATCH)
            changed = []
    keys.bulk_update(changed, ["covered"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_iban_of_a_merge")]

    operations = [
        migrations.AddField(
            "searchkey",
            "covered",
            models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(cover, migrations.RunPython.noop),
        migrations.RemoveIndex("searchkey", "search_key_all"),
        migrations.RemoveIndex("searchkey", "search_key_in_service"),
        migrations.AddIndex(
            "searchkey",
            models.Index(
                fields=["employer", "match", "key"],
                include=["dossier", "covered"],
                name="search_key_all",
            ),
        ),
        migrations.AddIndex(
            "searchkey",
            models.Index(
                fields=["employer", "match", "key"],
                include=["dossier", "covered"],
                condition=Q(in_service=True),
                name="search_key_in_service",
            ),
        ),
    ]
