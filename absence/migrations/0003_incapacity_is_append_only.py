"""Percentages are added, never changed, whoever asks: a wrong row is followed by a right one.

Source: rulebook 5.1 (a correction is a new version, never an overwrite).
"""

from django.db import migrations

REFUSE = """
create function absence_incapacity_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'AO-percentages are append-only';
end $$;
create trigger incapacity_no_change before update or delete on absence_incapacity
  for each row execute function absence_incapacity_refuse();
create trigger incapacity_no_truncate before truncate on absence_incapacity
  for each statement execute function absence_incapacity_refuse();
"""

ALLOW = """
drop trigger incapacity_no_truncate on absence_incapacity;
drop trigger incapacity_no_change on absence_incapacity;
drop function absence_incapacity_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("absence", "0002_classifications")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
