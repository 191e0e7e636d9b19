"""The two groups of the back office, and exactly what each may do.

Source: rulebook P5 and 1.3 (what an insurer may see), security.md E11. A later change of rights is
a new migration.
"""

from django.db import migrations

from portal.rights import permissions

INCOMFORT = {
    "accounts.employer": "view add change",
    "accounts.policy": "view add change",
    "accounts.user": "view add change",
    "accounts.membership": "view add change delete",  # delete: someone no longer works there
    "accounts.outgoingmessage": "view",
    "accounts.auditevent": "view",
    "dossiers.dossier": "view",
    "dossiers.employee": "view",
    "dossiers.employment": "view",
    "dossiers.employmenttype": "view add change",
    "absence.classification": "view add change",
    "absence.trajectory": "view",
    "absence.incapacity": "view",
    "documents.document": "view",  # that it exists; who may open it: documents/audience.py
    "documents.benefitstatement": "view add",
}
HCS = {
    "accounts.employer": "view",
    "accounts.policy": "view",
    "dossiers.dossier": "view",
    "dossiers.employee": "view",
    "dossiers.employment": "view",
    "absence.trajectory": "view change",  # change: record the recovery, nothing else
    "absence.incapacity": "view add",
    "documents.document": "view add",
    "documents.casenote": "view add",
}
GROUPS = {"InComfort": INCOMFORT, "HCS": HCS}


def add(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for group_name, rights in GROUPS.items():
        group, _ = groups.get_or_create(name=group_name)
        group.permissions.set(permissions(apps, rights))


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0001_initial"),
        ("dossiers", "0001_initial"),
        ("absence", "0001_initial"),
        ("documents", "0001_initial"),
    ]

    operations = [migrations.RunPython(add, remove)]
