"""InComfort sees who asks for access, and deals with it (change)."""

from django.db import migrations

from portal.rights import granting

add, remove = granting({"InComfort": {"accounts.accessrequest": "view change"}})


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_rights_invitations"),
        ("accounts", "0013_access_requests"),
    ]

    operations = [migrations.RunPython(add, remove)]
