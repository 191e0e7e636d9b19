"""InComfort sees the stops on sms codes, and ends them (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"accounts.smsstop": "view change"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_back_office_groups"),
        ("accounts", "0007_sms_for_real"),
    ]

    operations = [migrations.RunPython(add, remove)]
