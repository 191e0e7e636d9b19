"""The first list of employment types. Source: rulebook 3.5; staff keep it from here on."""

from django.db import migrations

TYPES = [
    ("fase-a-met-uitzendbeding", "Fase A met uitzendbeding"),
    ("fase-a-zonder-uitzendbeding", "Fase A zonder uitzendbeding"),
    ("fase-b", "Fase B"),
    ("fase-c", "Fase C"),
    ("payroll", "Payroll"),
    ("detachering-bepaald", "Detachering bepaalde tijd"),
    ("detachering-onbepaald", "Detachering onbepaalde tijd"),
    ("intern-bepaald", "Vaste (interne) medewerker bepaalde tijd"),
    ("intern-onbepaald", "Vaste (interne) medewerker onbepaalde tijd"),
    ("oproep", "Oproepovereenkomst"),
    ("stagiair", "Stagiair of fictief dienstverband"),
]


def add(apps, schema_editor):
    model = apps.get_model("dossiers", "EmploymentType")
    for position, (code, label) in enumerate(TYPES, start=1):
        model.objects.get_or_create(code=code, defaults={"label": label, "position": position})


def remove(apps, schema_editor):
    codes = [code for code, _ in TYPES]
    apps.get_model("dossiers", "EmploymentType").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
