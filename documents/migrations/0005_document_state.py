"""Quarantine: what was stored before there was a scanner waits for it as a new document does."""

from django.db import migrations, models
from django.db.models import Q

STATES = [("WAITING", "wordt gecontroleerd"), ("SAFE", "veilig"), ("REFUSED", "geweigerd")]
REFUSALS = [
    ("VIRUS", "er zit een virus of ander schadelijk programma in"),
    ("ALTERED", "het is niet goed bewaard; voeg het opnieuw toe"),
]


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_maximum_daily_wages")]

    operations = [
        migrations.AddField(
            "document",
            "state",
            models.CharField(
                choices=STATES,
                default="WAITING",
                editable=False,
                max_length=10,
                verbose_name="controle",
            ),
        ),
        migrations.AddField(
            "document",
            "refusal",
            models.CharField(
                blank=True,
                choices=REFUSALS,
                default="",
                editable=False,
                max_length=10,
                verbose_name="reden",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "document",
            "judged_at",
            models.DateTimeField(editable=False, null=True, verbose_name="gecontroleerd op"),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(
                condition=Q(state="REFUSED") ^ Q(refusal=""), name="document_refusal_has_a_reason"
            ),
        ),
        migrations.AddIndex(
            "document",
            models.Index(
                fields=["added_at"], condition=Q(state="WAITING"), name="document_waiting"
            ),
        ),
    ]
