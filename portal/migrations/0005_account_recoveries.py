"""InComfort asks for accounts to be recovered (add) and decides on what a colleague asked (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"accounts.accountrecovery": "view add change"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_access_requests"),
        ("accounts", "0014_account_recoveries"),
    ]

    operations = [migrations.RunPython(add, remove)]
