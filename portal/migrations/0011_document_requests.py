"""InComfort asks employers for documents (add), decides on what came (change), keeps the purposes."""

from django.db import migrations

from portal.rights import granting

add, remove = granting(
    {
        "InComfort": {
            "documents.documentrequest": "view add change",
            "documents.requestpurpose": "view add change",
        }
    }
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0010_merges"),
        ("documents", "0007_document_requests"),
    ]

    operations = [migrations.RunPython(add, remove)]
