"""InComfort and HCS tick off the milestones of an illness (add)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting(
    {
        "InComfort": {"absence.milestonemark": "view add"},
        "HCS": {"absence.milestonemark": "view add"},
    }
)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_account_recoveries"),
        ("absence", "0004_milestone_marks"),
    ]

    operations = [migrations.RunPython(add, remove)]
