"""HCS receives and processes what employers tell of recoveries (change); InComfort sees it."""

from django.db import migrations

from portal.rights import granting

add, remove = granting(
    {
        "InComfort": {"absence.recoverymessage": "view"},
        "HCS": {"absence.recoverymessage": "view change"},
    }
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_milestone_marks"),
        ("absence", "0005_recovery_messages"),
    ]

    operations = [migrations.RunPython(add, remove)]
