"""The table in which `make bench-search` searches: made once, kept in var/bench/search/.

One database per size on a server of its own. 3,000 employers, skewed: the first has 3 % of all
people, the others ever fewer; at the last but one everybody left. Of everybody there are the
keys of the surname, with and without prefixes, as dossiers.names makes them; the keys with given
names, two in three of a real table, are left out to save disk. The people of an employer lie
scattered over the tables, as they came.
"""

import re
from contextlib import closing

import psycopg

from portal.setup.postgres import EmbeddedPostgres

SIZES = {"50k": 50_000, "500k": 500_000, "5M": 5_000_000}
EMPLOYERS = 3_000
BIGGEST, ALL_LEFT, ORDINARY = 1, 2_999, 40
# How Dutch surnames begin and end: 40 x 20, and a letter behind: 20,800 names.
STEMS = (
    "jan de vis bak ber mul mei boe dij kui hen hoe pet wil sch ver smi kos pri bla bos bru dek"
    " ger haa kok kra lee maa nie oos pos rui sme tim uit vel wes zwa roo"
)
ENDS = "sen ker sma ders man mans stra huis beek laar ema inga kens mer ings veld burg dijk hof aar"
FILL = """
set session_replication_role = replica;
insert into accounts_employer (id, uuid, name, kvk_number, created_at, payroll_tax_number)
select n, gen_random_uuid(), 'Werkgever ' || n, lpad(n::text, 8, '0'), now(), ''
from generate_series(1, {employers}) n;
create unlogged table person as
select n as id,
    case when n % 33 = 0 then 1 else 1 + floor({employers} * (((n * 7919::bigint) % 100003)
        / 100003.0) ^ 2)::int end as employer_id,
    (string_to_array('{stems}', ' '))[1 + (n * 31::bigint) % 40]
      || (string_to_array('{ends}', ' '))[1 + (n / 40) % 20]
      || chr(97 + (n / 800) % 26) as surname,
    (array['', '', '', '', 'van ', 'de ', 'van den '])[1 + n % 7] as prefixes,
    chr(97 + n % 26) as initials
from generate_series(1, {people}) n;
insert into dossiers_dossier (id, uuid, employer_id, kind, created_at)
select id, gen_random_uuid(), employer_id, 'EMPLOYEE', now() from person;
insert into dossiers_employee (id, dossier_id, employer_id, surname, prefixes, first_name,
    initials, gender, postcode, street, house_number, house_number_addition, city, mobile, email,
    has_no_risk, created_by_id, created_at, submission)
select id, id, employer_id, initcap(surname), trim(prefixes), 'Anna', upper(initials), 'V',
    '6511 PP', 'Markt', 1, '', 'Nijmegen', '+31612345678', '', false, 1, now(), gen_random_uuid()
from person;
insert into dossiers_employment (uuid, employer_id, employee_id, started_on, job_title, type_id)
select gen_random_uuid(), employer_id, id, '2024-01-01', 'Orderpicker', 1
from person;
insert into dossiers_searchkey (employer_id, dossier_id, key, match, covered, in_service)
select employer_id, id, surname || chr(9) || initials || ' anna', 0, 0,
    employer_id <> {all_left} and id % 13 > 3 from person
union all
select employer_id, id, form || surname || chr(9) || initials || ' anna', 1, covered,
    employer_id <> {all_left} and id % 13 > 3
from person, lateral (
  values (prefixes, 0), (replace(prefixes, ' ', ''), strpos(prefixes, ' ') - 1)
) f(form, covered) where prefixes <> '';
drop table person;
"""
TABLES = ["dossiers_searchkey", "dossiers_dossier", "dossiers_employee", "dossiers_employment"]
# Of what is taken away while the tables are filled, these come back: no search could use the rest.
USED = re.compile(r"search_key_(all|in_|of_)|dossiers_employ(ee|ment)_(dossier|employer|employee)_")
UNIQUE = """select conrelid::regclass, conname from pg_constraint
    where contype = 'u' and conrelid::regclass::text = any (%s)"""
INDEXES = """select indexname, indexdef from pg_indexes
    where tablename = any (%s) and indexname !~ 'pkey$'"""


def url_of(server: EmbeddedPostgres, name: str) -> str:
    return server.url.replace("@/postgres", f"@/{name}")


def is_made(server: EmbeddedPostgres, size: str) -> bool:
    """A table half made is called otherwise."""
    with closing(psycopg.connect(server.url)) as connection:
        asked = "select 1 from pg_database where datname = %s"
        return connection.execute(asked, [f"people_{size.lower()}"]).fetchone() is not None


def make(server: EmbeddedPostgres, size: str, people: int) -> None:
    """From the database `portal`, which has the tables of all migrations and no people."""
    name = f"people_{size.lower()}"
    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        connection.execute("drop database if exists in_the_making with (force)")
        connection.execute("create database in_the_making template portal")
        fill(url_of(server, "in_the_making"), people)
        connection.execute(f"alter database in_the_making rename to {name}")


def fill(url: str, people: int) -> None:
    """The indexes come last: so a big table takes a minute, and not ten."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("set synchronous_commit = off")
        connection.execute("set maintenance_work_mem = '512MB'")
        definitions = take_indexes(connection)
        connection.execute(
            FILL.format(
                employers=EMPLOYERS, people=people, stems=STEMS, ends=ENDS, all_left=ALL_LEFT
            )
        )
        for definition in definitions:
            connection.execute(definition)
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def take_indexes(connection: "psycopg.Connection[tuple[str, str]]") -> list[str]:
    """Takes all but the primary keys from the tables; the statements that make the used ones."""
    found = connection.execute(INDEXES, [TABLES]).fetchall()
    for table, constraint in connection.execute(UNIQUE, [TABLES]).fetchall():
        connection.execute(f"alter table {table} drop constraint {constraint}")
    for index, _ in found:
        connection.execute(f"drop index if exists {index}")
    return [definition for index, definition in found if USED.match(index)]
