"""No document without a file of its own; the file of a document that goes is written down."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

KEEP = """
create function documents_file_left() returns trigger language plpgsql as $$
begin
  insert into documents_leftfile (key) values (old.file) on conflict do nothing;
  return null;
end $$;
create trigger document_leaves_its_file after delete on documents_document
  for each row execute function documents_file_left();
"""

FORGET = """
drop trigger document_leaves_its_file on documents_document;
drop function documents_file_left();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_document_state")]

    operations = [
        migrations.CreateModel(
            "LeftFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True)),
                ("left_at", models.DateTimeField(db_default=Now())),
            ],
            options={
                "verbose_name": "achtergebleven bestand",
                "verbose_name_plural": "achtergebleven bestanden",
            },
        ),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(fields=["file"], name="document_has_a_file_of_its_own"),
        ),
        migrations.AddConstraint(
            "document",
            models.CheckConstraint(condition=~Q(file=""), name="document_has_a_file"),
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
