"""The first list of what documents are asked for; staff keep it from here on."""

from django.db import migrations

PURPOSES = [
    ("uitkering", "Om de uitkering te berekenen."),
    ("dienstverband", "Om het dienstverband vast te stellen."),
    ("melding", "Om de verzuimmelding te controleren."),
    ("betaling", "Om een betaalde uitkering te controleren."),
]


def add(apps, schema_editor):
    model = apps.get_model("documents", "RequestPurpose")
    for position, (code, text) in enumerate(PURPOSES, start=1):
        model.objects.get_or_create(code=code, defaults={"text": text, "position": position})


def remove(apps, schema_editor):
    codes = [code for code, _ in PURPOSES]
    apps.get_model("documents", "RequestPurpose").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_document_requests")]

    operations = [migrations.RunPython(add, remove)]
