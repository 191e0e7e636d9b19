"""The audit log takes new rows only, whoever asks: also the owner of the table."""

from django.db import migrations

REFUSE = """
create function accounts_audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_no_change before update or delete on accounts_auditevent
  for each row execute function accounts_audit_refuse();
create trigger audit_no_truncate before truncate on accounts_auditevent
  for each statement execute function accounts_audit_refuse();
"""

ALLOW = """
drop trigger audit_no_truncate on accounts_auditevent;
drop trigger audit_no_change on accounts_auditevent;
drop function accounts_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
