"""InComfort sees which jobs of the worker failed (view) and tries them again (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"accounts.failedjob": "view change"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0011_document_requests"),
        ("accounts", "0018_failed_jobs"),
    ]

    operations = [migrations.RunPython(add, remove)]
