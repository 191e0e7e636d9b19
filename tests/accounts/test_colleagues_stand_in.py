"""Stand-ins: rights within a period, and not a day longer."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Employer, Membership, StandIn, User
from tests.accounts.colleague_steps import LIST, logged_in, text
from tests.factories import make_employee, make_employer, make_member, make_stand_in
from tests.jobs import run_jobs
from tests.login import login

Role = Membership.Role
TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _on_the_first():
    with time_machine.travel("2026-12-01 10:00+01:00", tick=False):
        yield


@pytest.fixture
def second(anna: User) -> Employer:
    """Anna manages this one as well."""
    employer = make_employer("Flexwerk Noord")
    Membership.objects.create(employer=employer, user=anna, role=Role.BEHEERDER)
    return employer


@pytest.fixture
def omar(employer: Employer) -> User:
    return make_member(employer, "omar", first_name="Omar", last_name="Bakker")


def filled_in(**change: str) -> dict[str, str]:
    return {
        "role": "BEHEERDER",
        "starts_on": "10-12-2026",
        "ends_on": "20-12-2026",
    } | change


def address(user: User) -> str:
    return f"{LIST}{user.memberships.first().uuid}/vervanger/"


def told(to: str) -> list[str]:
    run_jobs()
    return [str(email.subject) for email in mail.outbox if email.to == [to]]


# --- Within the period --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "sees"),
    [
        ("2026-12-09 23:59+01:00", False),
        ("2026-12-10 00:00+01:00", True),
        ("2026-12-20 23:59+01:00", True),
        ("2026-12-21 00:00+01:00", False),
    ],
)
def test_rights_hold_from_the_first_day_to_the_last(anna, omar, second, moment, sees) -> None:
    make_stand_in(second, omar, anna, starts_on=date(2026, 12, 10), ends_on=date(2026, 12, 20))
    dossier = make_employee(second, "Wójcik").dossier
    with time_machine.travel(moment, tick=False):
        status = logged_in(omar).get(f"/dossiers/{dossier.uuid}/").status_code
        roles = User.objects.get(pk=omar.pk).employer_roles

    assert (status == 200) is sees
    assert (second in roles) is sees


def test_a_login_goes_on_after_the_last_day_but_its_rights_do_not(anna, omar, second) -> None:
    make_stand_in(second, omar, anna)
    dossier = make_employee(second, "Wójcik").dossier
    with time_machine.travel("2026-12-01 23:59:30+01:00", tick=False) as clock:
        client = logged_in(omar)
        before = client.get(f"/dossiers/{dossier.uuid}/").status_code
        clock.shift(60)
        after = client.get(f"/dossiers/{dossier.uuid}/").status_code
        start = client.get("/start/").status_code

    assert (before, after, start) == (200, 404, 200)


def test_a_gebruiker_who_stands_in_manages_colleagues_in_the_period(anna, omar, employer) -> None:
    make_stand_in(employer, omar, anna)

    assert logged_in(omar).get(LIST).status_code == 200
    with time_machine.travel("2026-12-02 10:00+01:00", tick=False):
        assert logged_in(omar).get(LIST).status_code == 404


def test_standing_in_as_gebruiker_takes_nothing_from_a_beheerder(anna, employer) -> None:
    make_stand_in(employer, anna, anna, role=Role.GEBRUIKER)

    assert logged_in(anna).get(LIST).status_code == 200


def test_blocked_people_and_staff_stand_in_for_nobody(anna, omar, ilse, employer, second) -> None:
    make_stand_in(second, omar, anna)
    make_stand_in(second, ilse, anna)
    User.objects.filter(pk=omar.pk).update(is_active=False)

    for user in (User.objects.get(pk=omar.pk), ilse):
        assert not Employer.objects.visible_to(user).exists()
        assert not Employer.objects.managed_by(user).exists()


def test_a_stand_in_gives_and_takes_no_role_of_beheerder(anna, omar, employer) -> None:
    make_stand_in(employer, omar, anna)
    noor = make_member(employer, "noor")
    client = logged_in(omar)
    uuids = {user: user.memberships.get().uuid for user in (anna, omar, noor)}
    refused = [
        client.post(f"{LIST}{uuids[noor]}/rol/", {"role": "BEHEERDER"}),
        client.post(f"{LIST}{uuids[omar]}/rol/", {"role": "BEHEERDER"}),
        client.post(f"{LIST}{uuids[anna]}/rol/", {"role": "GEBRUIKER"}),
        client.post(f"{LIST}{uuids[anna]}/beeindigen/"),
        client.post(address(noor), filled_in()),
    ]

    assert all("U bent hier beheerder als vervanger." in text(answer) for answer in refused)
    assert {row.user: row.role for row in employer.memberships.all()} == {
        anna: Role.BEHEERDER,
        omar: Role.GEBRUIKER,
        noor: Role.GEBRUIKER,
    }
    assert StandIn.objects.count() == 1


# --- Giving -------------------------------------------------------------------------------------


def test_a_stand_in_is_recorded_and_told_and_in_the_list(as_anna, anna, omar, employer) -> None:
    employer.contact = make_member(employer, "chef")
    employer.save()
    response = as_anna.post(address(omar), filled_in())

    given = StandIn.objects.get()
    assert response.url == LIST
    assert (given.employer, given.user, given.role, given.given_by) == (
        employer,
        omar,
        Role.BEHEERDER,
        anna,
    )
    event = AuditEvent.objects.get(action="stand_in.given")
    assert (event.actor, event.employer, event.object_id) == (anna, employer, str(omar.pk))
    assert told(omar.email) == ["U bent vervanger in het werkgeversportaal"]
    assert told("chef@voorbeeld.test") == ["De toegang van een collega is gewijzigd"]
    page = text(as_anna.get(LIST))
    assert "van 10-12-2026" in page
    assert "tot en met 20-12-2026" in page
    assert "Begint later" in page


def test_a_colleague_of_one_employer_stands_in_at_another(as_anna, omar, second) -> None:
    as_anna.post(address(omar), filled_in(employer=str(second.uuid), role="GEBRUIKER"))

    assert StandIn.objects.get().employer == second


def test_another_beheerders_employer_is_no_choice(as_anna, omar, second, bram) -> None:
    theirs = bram.memberships.get().employer
    page = as_anna.post(address(omar), filled_in(employer=str(theirs.uuid)))

    assert "Kies een van de werkgevers." in text(page)
    assert not StandIn.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_on": "30-11-2026"}, "Deze dag is al voorbij."),
        ({"ends_on": "09-12-2026"}, "De laatste dag ligt vóór de eerste dag."),
        ({"ends_on": "12-12-2027"}, "Een vervanging duurt hooguit een jaar."),
        ({"starts_on": "morgen"}, "Vul een datum in als dag-maand-jaar"),
        ({"ends_on": ""}, "Vul de laatste dag in."),
        ({"role": "GEBRUIKER"}, "heeft deze rechten bij Uitzendbureau De Brug al."),
        ({"role": ""}, "Kies een rol."),
    ],
)
def test_what_cannot_be_is_refused_in_dutch_and_kept(as_anna, omar, change, words) -> None:
    page = text(as_anna.post(address(omar), filled_in(**change)))

    assert words in page
    assert f'value="{change.get("ends_on", "20-12-2026")}"' in page or change == {"ends_on": ""}
    assert not StandIn.objects.exists()


def test_two_periods_of_one_person_do_not_overlap(as_anna, anna, omar, employer) -> None:
    last = date(2026, 12, 10)
    first = make_stand_in(employer, omar, anna, starts_on=last, ends_on=last)

    assert "al vervanger" in text(as_anna.post(address(omar), filled_in()))
    StandIn.objects.filter(pk=first.pk).update(ended_at=timezone.now(), ended_by=anna)
    assert as_anna.post(address(omar), filled_in()).status_code == 302


def test_nobody_stands_in_before_the_account_is_active(as_anna, anna, employer) -> None:
    noor = make_member(employer, "noor", state=User.State.INVITED)

    assert as_anna.post(address(noor), filled_in()).status_code == 404
    assert as_anna.post(address(anna), filled_in()).status_code == 404
    assert not StandIn.objects.exists()


def test_the_database_refuses_a_period_that_ends_before_it_begins(anna, omar, employer) -> None:
    with pytest.raises(IntegrityError, match="stand_in_ends_after_start"), transaction.atomic():
        make_stand_in(employer, omar, anna, ends_on=TODAY - timedelta(days=1))


# --- Ending -------------------------------------------------------------------------------------


def test_the_button_ends_it_at_once(as_anna, anna, omar, second) -> None:
    given = make_stand_in(second, omar, anna)
    dossier = make_employee(second, "Wójcik").dossier
    client = logged_in(omar)
    assert client.get(f"/dossiers/{dossier.uuid}/").status_code == 200
    response = as_anna.post(f"/vervangers/{given.uuid}/beeindigen/")

    assert response.url == LIST
    assert client.get(f"/dossiers/{dossier.uuid}/").url.startswith("/inloggen/")
    assert logged_in(omar).get(f"/dossiers/{dossier.uuid}/").status_code == 404
    given.refresh_from_db()
    assert given.ended_by == anna
    assert AuditEvent.objects.get(action="stand_in.ended").object_id == str(omar.pk)
    assert told(omar.email) == ["Uw vervanging in het werkgeversportaal is beëindigd"]
    assert as_anna.get(f"/vervangers/{given.uuid}/beeindigen/").status_code == 404


def test_a_stranger_ends_nothing(client, anna, bram, omar, employer) -> None:
    given = make_stand_in(employer, omar, anna)
    login(client, bram)

    assert client.post(f"/vervangers/{given.uuid}/beeindigen/").status_code == 404
    assert StandIn.objects.running().filter(pk=given.pk).exists()


def test_who_leaves_the_employer_stands_in_there_no_more(as_anna, anna, omar, employer) -> None:
    make_stand_in(employer, omar, anna)
    as_anna.post(f"{LIST}{omar.memberships.get().uuid}/beeindigen/")

    assert not Employer.objects.visible_to(User.objects.get(pk=omar.pk)).exists()
    assert not StandIn.objects.running().exists()


@pytest.mark.parametrize("works_elsewhere", [True, False])
def test_who_works_for_nobody_any_more_stands_in_nowhere(
    as_anna, anna, omar, second, works_elsewhere
) -> None:
    own = omar.memberships.get()
    make_stand_in(second, omar, anna)
    if works_elsewhere:
        Membership.objects.create(employer=make_employer(), user=omar)
    as_anna.post(f"{LIST}{own.uuid}/beeindigen/")

    assert StandIn.objects.running().exists() is works_elsewhere
