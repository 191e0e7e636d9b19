"""InComfort and HCS decide on what employers ask to have corrected (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting(
    {
        "InComfort": {"absence.correctionrequest": "view change"},
        "HCS": {"absence.correctionrequest": "view change"},
    }
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0007_recovery_messages"),
        ("absence", "0006_corrections"),
    ]

    operations = [migrations.RunPython(add, remove)]
