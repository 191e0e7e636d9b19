from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_employee_changes")]

    operations = [
        migrations.RemoveIndex(model_name="searchkey", name="search_key_of_staff"),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                fields=["key"],
                include=["dossier"],
                condition=Q(dossier__gt=0),
                name="search_key_of_staff",
            ),
        ),
    ]
