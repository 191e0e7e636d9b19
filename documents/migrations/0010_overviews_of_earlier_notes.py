"""Of the notes that are there already the worker makes an overview too."""

from django.db import migrations

FORWARDS = """
insert into documents_overviewpb (employer_id, dossier_id, trajectory_id, turn, asked_at, basis)
select distinct employer_id, dossier_id, trajectory_id, 1, now(), ''
from documents_casenote
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0009_overviews_pb")]

    operations = [migrations.RunSQL(FORWARDS, "delete from documents_overviewpb")]
