"""The database refuses a BSN or IBAN at an employer that never had a ZW-ERD policy.

Source: rulebook 1.4 P8. Also a policy that has ended allows them: existing data may still be
saved then, and is removed by the retention rule only. The form asks for a policy that runs.
"""

from django.db import migrations

REFUSE = """
create function dossiers_bsn_iban_only_for_zw_erd() returns trigger language plpgsql as $$
begin
  if (new.bsn is not null or new.bsn_index is not null or new.iban is not null) and not exists (
    select from accounts_policy where employer_id = new.employer_id and product = 'ZW_ERD'
  ) then
    raise exception 'BSN and IBAN need a ZW-ERD policy'
      using errcode = 'check_violation', constraint = 'employee_bsn_iban_only_for_zw_erd';
  end if;
  return new;
end $$;
create trigger employee_bsn_iban_only_for_zw_erd
  before insert or update of bsn, bsn_index, iban, employer_id on dossiers_employee
  for each row execute function dossiers_bsn_iban_only_for_zw_erd();
"""

ALLOW = """
drop trigger employee_bsn_iban_only_for_zw_erd on dossiers_employee;
drop function dossiers_bsn_iban_only_for_zw_erd();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_employment_types"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
