"""InComfort reads in a month of benefits, and keeps the covers and maximum daily wages."""

from django.db import migrations

from portal.rights import granting

add, remove = granting(
    {
        "InComfort": {
            "documents.statementrun": "view add",
            "documents.maximumdailywage": "view add change",
            "documents.policycover": "view add change",
        }
    }
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0008_correction_requests"),
        ("documents", "0004_maximum_daily_wages"),
    ]

    operations = [migrations.RunPython(add, remove)]
