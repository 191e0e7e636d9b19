"""The first list of classifications. Source: rulebook 4.4; staff keep it from here on.

The last three say why someone is ill more precisely than an employer may record: they stay off
until InComfort's privacy officer decides.
"""

from django.db import migrations

CLASSIFICATIONS = [
    ("ziekte", "Ziekte", "Kies dit ook als u de oorzaak niet weet.", True),
    ("arbeidsongeval", "Ziekte door arbeidsongeval", "Een ongeval tijdens het werk.", True),
    (
        "derde",
        "Verkeersongeval met aansprakelijke derde (regres)",
        "De kosten zijn dan misschien te verhalen.",
        True,
    ),
    (
        "vangnet",
        "Vangnet Ziektewet",
        "Kies dit alleen als de werknemer het zelf heeft verteld; de grond legt u niet vast.",
        True,
    ),
    ("zwangerschap", "Ziek door zwangerschap", "", False),
    ("bevalling", "Ziek door bevalling", "", False),
    ("orgaandonatie", "Orgaandonatie", "", False),
]


def add(apps, schema_editor):
    model = apps.get_model("absence", "Classification")
    for position, (code, label, help_text, is_active) in enumerate(CLASSIFICATIONS, start=1):
        model.objects.get_or_create(
            code=code,
            defaults={
                "label": label,
                "help_text": help_text,
                "is_active": is_active,
                "position": position,
            },
        )


def remove(apps, schema_editor):
    codes = [code for code, *_ in CLASSIFICATIONS]
    apps.get_model("absence", "Classification").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("absence", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
