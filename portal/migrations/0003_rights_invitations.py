"""InComfort follows invitations, and repeats or withdraws them (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"accounts.activationlink": "view change"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_sms_stops"),
        ("accounts", "0010_invitations_followed"),
    ]

    operations = [migrations.RunPython(add, remove)]
