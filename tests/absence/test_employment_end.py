"""Ending an employment, and taking a wrong last day back: the rules and the pages."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from absence import employment_end
from absence.actions.employments import end_employment, reopen_employment
from absence.reporting import Spell, check_first_sick_day
from accounts.models import AuditEvent, User
from dossiers.models import EmployeeChange, Employment, SearchKey
from tests.factories import make_employee, make_employment, make_trajectory
from tests.login import login

START, TODAY = date(2024, 1, 1), date(2026, 11, 27)
DAYS = st.dates(date(2024, 1, 1), date(2026, 11, 27))


def refusal(rule, *args, **facts) -> str | None:
    try:
        rule(*args, **facts)
    except ValidationError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    ("ended_on", "sick", "code"),
    [
        pytest.param(date(2023, 12, 31), [], "before_start", id="a day too early"),
        pytest.param(date(2024, 1, 1), [], None, id="one day of employment"),
        pytest.param(date(2026, 10, 5), [Spell(date(2026, 11, 2))], None, id="art-46-day-28"),
        pytest.param(
            date(2026, 10, 4), [Spell(date(2026, 11, 2))], "ill_after", id="art-46-day-29"
        ),
        pytest.param(
            date(2026, 10, 4),
            [
                Spell(date(2026, 11, 2), date(2026, 11, 9)),
                Spell(date(2026, 3, 2), date(2026, 3, 9)),
            ],
            "ill_after",
            id="recovered reports count",
        ),
        pytest.param(date(2026, 11, 2), [Spell(date(2026, 11, 2))], None, id="leaves ill"),
    ],
)
def test_a_last_day_covers_what_was_reported(ended_on, sick, code) -> None:
    assert refusal(employment_end.check_end, ended_on, started_on=START, spells=sick) == code


@given(DAYS, st.lists(DAYS, max_size=4))
def test_after_an_accepted_end_every_report_could_still_be_made(ended_on, sick) -> None:
    accepted = not refusal(
        employment_end.check_end, ended_on, started_on=START, spells=map(Spell, sick)
    )
    possible = all(
        not refusal(check_first_sick_day, day, today=TODAY, started_on=START, ended_on=ended_on)
        for day in sick
    )

    assert accepted == possible


@pytest.mark.parametrize(
    ("ended_on", "sick", "starts", "code"),
    [
        pytest.param(date(2026, 10, 1), [], [START], None, id="nothing depends on it"),
        pytest.param(date(2026, 10, 1), [], [date(2026, 10, 2)], "later_employment", id="re-entry"),
        pytest.param(date(2026, 10, 1), [], [date(2026, 10, 1)], None, id="began that very day"),
        pytest.param(
            date(2026, 10, 1), [Spell(date(2026, 10, 2))], [], "ill_after", id="nawerking"
        ),
        pytest.param(date(2026, 10, 1), [Spell(date(2026, 10, 1))], [], "left_ill", id="left ill"),
        pytest.param(
            date(2026, 10, 1),
            [Spell(date(2026, 9, 1), date(2026, 10, 1))],
            [],
            None,
            id="fit again on the last day",
        ),
        pytest.param(TODAY, [Spell(date(2026, 9, 1))], [], None, id="the last day is not over yet"),
    ],
)
def test_a_last_day_is_taken_back_while_nothing_depends_on_it(ended_on, sick, starts, code) -> None:
    found = refusal(
        employment_end.check_reopen, ended_on, today=TODAY, spells=sick, later_starts=starts
    )

    assert found == code


# --- The pages ----------------------------------------------------------------------------------


@pytest.fixture
def employment(anna: User) -> Employment:
    return make_employee(anna.memberships.get().employer, "Jansen").employments.get()


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


def address(name: str, employment: Employment) -> str:
    return reverse(f"absence:employment-{name}", args=[employment.uuid])


def end(client: Client, employment: Employment, day: date | str):
    typed = day if isinstance(day, str) else f"{day:%d-%m-%Y}"
    return client.post(address("end", employment), {"ended_on": typed})


@pytest.mark.django_db
def test_an_employment_is_ended_and_the_person_is_former(
    client_of_anna: Client, anna: User, employment: Employment
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    response = end(client_of_anna, employment, yesterday)

    employment.refresh_from_db()
    assert response.url == employment.employee.get_absolute_url()
    assert employment.ended_on == yesterday
    assert not SearchKey.objects.filter(dossier=employment.employee.dossier, in_service=True)
    event = AuditEvent.objects.get(action="employment.end")
    assert (event.actor, event.dossier_uuid) == (anna, employment.employee.dossier.uuid)
    change = EmployeeChange.objects.get()
    assert (change.field, change.changed_by) == ("employment", anna)
    assert change.old == "Orderpicker, vanaf 01-01-2024"
    assert change.new == f"Orderpicker, vanaf 01-01-2024 tot en met {yesterday:%d-%m-%Y}"


@pytest.mark.django_db
def test_a_last_day_that_cannot_be_is_refused_and_stays_in_the_form(
    client_of_anna: Client, employment: Employment
) -> None:
    make_trajectory(employment.employee, first_sick_day=date(2026, 11, 2))
    for typed in ["31-12-2023", "04-10-2026", "31-02-2026", "", "gisteren"]:
        response = end(client_of_anna, employment, typed)

        employment.refresh_from_db()
        assert employment.ended_on is None
        assert set(response.context["form"].errors) == {"ended_on"}
        assert response.context["form"]["ended_on"].value() == typed
    assert not EmployeeChange.objects.exists()


@pytest.mark.django_db
def test_an_employment_that_ended_is_not_ended_again(
    client_of_anna: Client, employment: Employment
) -> None:
    end(client_of_anna, employment, "01-10-2026")
    page = end(client_of_anna, employment, "01-11-2026").content.decode()

    employment.refresh_from_db()
    assert employment.ended_on == date(2026, 10, 1)
    assert "Dit dienstverband heeft al een laatste dag: 01-10-2026" in page


@pytest.mark.django_db
def test_the_same_last_day_sent_twice_is_one_end(
    client_of_anna: Client, employment: Employment
) -> None:
    end(client_of_anna, employment, "01-10-2026")
    second = end(client_of_anna, employment, "01-10-2026")

    assert second.status_code == 302
    assert EmployeeChange.objects.count() == 1


@pytest.mark.django_db
def test_a_wrong_last_day_is_taken_back(client_of_anna: Client, employment: Employment) -> None:
    end(client_of_anna, employment, "01-10-2026")
    page = client_of_anna.get(address("reopen", employment)).content.decode()
    client_of_anna.post(address("reopen", employment))

    employment.refresh_from_db()
    assert "01-10-2026" in page
    assert employment.ended_on is None
    assert SearchKey.objects.filter(dossier=employment.employee.dossier, in_service=True)
    assert AuditEvent.objects.filter(action="employment.reopen").count() == 1
    change = EmployeeChange.objects.first()
    assert change.old.endswith("tot en met 01-10-2026")
    assert change.new == "Orderpicker, vanaf 01-01-2024"


@pytest.mark.django_db
def test_a_last_day_on_which_something_depends_stays(
    client_of_anna: Client, employment: Employment
) -> None:
    end(client_of_anna, employment, "01-10-2026")
    make_employment(employment.employee, started_on=date(2026, 11, 1))
    page = client_of_anna.post(address("reopen", employment)).content.decode()

    employment.refresh_from_db()
    assert employment.ended_on == date(2026, 10, 1)
    assert "Na deze laatste dag begint een ander dienstverband." in page


@pytest.mark.django_db
def test_without_a_last_day_there_is_nothing_to_take_back(
    client_of_anna: Client, employment: Employment
) -> None:
    response = client_of_anna.post(address("reopen", employment))

    assert response.url == employment.employee.get_absolute_url()
    assert not EmployeeChange.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["end", "reopen"])
def test_bram_gets_the_same_page_as_for_none(
    client: Client, bram: User, employment: Employment, name: str
) -> None:
    login(client, bram)

    assert client.get(address(name, employment)).status_code == 404
    assert client.post(address(name, employment), {"ended_on": "01-10-2026"}).status_code == 404
    assert client.get(reverse(f"absence:employment-{name}", args=[uuid4()])).status_code == 404
    assert AuditEvent.objects.filter(action="access.denied", actor=bram).count() == 2
    employment.refresh_from_db()
    assert employment.ended_on is None


@pytest.mark.django_db
def test_the_acts_themselves_refuse_who_works_elsewhere(bram: User, employment: Employment) -> None:
    with pytest.raises(PermissionDenied):
        end_employment(by=bram, employment=employment, ended_on=date(2026, 10, 1))
    with pytest.raises(PermissionDenied):
        reopen_employment(by=bram, employment=employment)


@pytest.mark.django_db
def test_the_dossier_leads_to_the_act_that_each_employment_allows(
    client_of_anna: Client, employment: Employment
) -> None:
    dossier = employment.employee.get_absolute_url()
    running = client_of_anna.get(dossier).content.decode()
    end(client_of_anna, employment, "01-10-2026")
    ended = client_of_anna.get(dossier).content.decode()

    assert address("end", employment) in running
    assert address("reopen", employment) not in running
    assert address("end", employment) not in ended
    assert address("reopen", employment) in ended
