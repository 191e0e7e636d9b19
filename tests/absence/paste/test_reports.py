"""/verzuim/plakken/: from a checked sheet to employees and reports, once, and nobody else's."""

import re
import time
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from absence.actions import paste
from absence.actions.reports import report_absence
from absence.models import Classification, Trajectory
from accounts.models import AuditEvent, Membership
from dossiers.models import Employee, SearchKey
from tests.absence.pages import words
from tests.absence.paste.steps import ADDRESS, KNOWN, check, confirm, confirmation, nothing_stored
from tests.absence.sheet_rows import NEW, new_row, text_of
from tests.factories import make_employee, make_employer
from tests.login import login


def test_the_preview_says_what_follows_and_stores_nothing(client):
    response = check(client, text_of(new_row(1), new_row(2, **{"AO-percentage": "40"})))

    text = words(response)
    assert "Kowalskib, P." in text
    assert "Nieuwe werknemer" in text
    assert "Ziekte, vanaf 23-11-2026, 40% arbeidsongeschikt" in text
    assert "U betaalt het loon door." in text
    assert "uiterlijk" in text
    assert nothing_stored()
    assert not AuditEvent.objects.filter(action="employee.create").exists()


def test_confirmed_it_stores_employees_and_reports_with_their_events(client, anna, employer):
    response, _ = confirm(client, text_of(new_row(1), new_row(2, **{"AO-percentage": "40"})))

    done = client.get(response.url)
    first, second = Trajectory.objects.order_by("pk")
    assert words(done).count("ZM-") == 2
    assertContains(done, first.number)
    assertContains(done, second.get_absolute_url())
    assert "2 werknemers zijn ziek gemeld" in words(done)
    assert "Nieuw toegevoegd: 2." in words(done)
    assert first.employee.bsn == new_row(1)["Burgerservicenummer"]
    assert first.employment.started_on == date(2026, 1, 5)
    assert [each.incapacities.get().percentage for each in (first, second)] == [100, 40]
    assert (first.reported_by, first.employer) == (anna, employer)
    assert SearchKey.objects.filter(dossier=first.dossier).exists()
    counted = {
        action: AuditEvent.objects.filter(action=action).count()
        for action in ("employee.create", "report.create", "report.paste")
    }
    assert counted == {"employee.create": 2, "report.create": 2, "report.paste": 1}
    assert AuditEvent.objects.get(action="report.paste").detail == {"lines": 2, "new": 2}


def test_somebody_with_a_dossier_needs_few_columns_and_stays_as_is(client, berg):
    preview = check(client, text_of(KNOWN))
    assert "Bestaande persoon" in words(preview)
    assertContains(preview, berg.get_absolute_url())
    assert AuditEvent.objects.filter(action="dossier.search").exists()

    confirm(client, text_of(KNOWN | {"Achternaam": "BERG"}))

    report = Trajectory.objects.get()
    assert report.employee == berg
    assert Employee.objects.count() == 1


@pytest.mark.parametrize(
    "found_by",
    [
        {"Achternaam": "Berg", "Postcode": "6511PP", "Huisnummer": "12"},
        {"Achternaam": "Trouwnaam", "BSN": "111222333"},
    ],
)
def test_somebody_is_found_by_address_or_bsn(client, employer, anna, found_by):
    berg = make_employee(employer, "Berg", created_by=anna, bsn="111222333")
    row = {key: KNOWN[key] for key in list(KNOWN)[2:]}

    line = check(client, text_of(found_by | row)).context["preview"].lines[0]

    assert (line.employee, line.errors) == (berg, ())


def test_the_same_name_and_number_may_be_somebody_else(client, berg):
    row = new_row(1, Achternaam="Berg", **{"Privé mobiel nummer": "06 12345678"})

    confirm(client, text_of(row), anders="2")

    assert Employee.objects.count() == 2
    assert Trajectory.objects.get().employee != berg


def test_one_bsn_is_one_person_whatever_is_ticked(client, employer, anna):
    known = make_employee(employer, "Berg", created_by=anna, bsn=NEW["Burgerservicenummer"])

    line = check(client, text_of(NEW), anders="2").context["preview"].lines[0]

    assert (line.employee, line.may_be_other) == (known, False)


def test_other_columns_in_another_order_with_empty_lines_keep_their_numbers(client):
    row = dict(reversed(new_row(1).items()))
    head, line = text_of(row).split("\n")

    preview = check(client, f"\n\n{head}\n\n{line}\n\n").context["preview"]

    assert [each.number for each in preview.lines] == [5]
    assert not preview.wrong


def test_sent_twice_it_is_stored_once(client):
    first, sent = confirm(client, text_of(new_row(1)))

    again = client.post(ADDRESS, sent)

    assert (again.status_code, again.url) == (302, first.url)
    assert Trajectory.objects.count() == Employee.objects.count() == 1
    assert AuditEvent.objects.filter(action="report.paste").count() == 1


def test_what_changed_since_the_preview_is_shown_first(client, berg, anna):
    text = text_of(KNOWN, new_row(1))
    preview = check(client, text_of(KNOWN)).context["preview"]

    response = client.post(
        ADDRESS,
        {
            "submission": str(uuid4()),
            "text": text.replace("Kowalskib", "Anders"),
            "gezien": preview.fingerprint,
            "bevestigen": "ja",
        },
    )

    assertContains(response, "sinds de controle is er iets veranderd")
    assert not Trajectory.objects.exists()


def test_a_report_made_meanwhile_stops_everything(client, berg, anna):
    text = text_of(new_row(1), NEW | KNOWN | {"Startdatum": ""})
    page = check(client, text)
    assert not page.context["preview"].wrong
    report_absence(
        by=anna,
        employment=berg.employments.get(),
        classification=Classification.objects.get(code="ziekte"),
        first_sick_day=date(2026, 11, 20),
        percentage=100,
        submission=uuid4(),
    )

    response = client.post(
        ADDRESS,
        {
            "submission": page.context["form"]["submission"].value(),
            "text": text,
            "gezien": page.context["preview"].fingerprint,
            "bevestigen": "ja",
        },
    )

    assertContains(response, "sinds de controle is er iets veranderd")
    assert "Deze werknemer is al ziek gemeld vanaf 20-11-2026." in words(response)
    assert Trajectory.objects.count() == 1
    assert Employee.objects.get() == berg


def test_a_refusal_at_the_end_leaves_nothing(client, monkeypatch):
    def refuse(**answers):
        raise ValidationError("net te laat")

    monkeypatch.setattr(paste, "report_absences", refuse)

    response, _ = confirm(client, text_of(new_row(1), new_row(2), new_row(3)))

    assertContains(response, "Er is nog niets opgeslagen")
    assert nothing_stored()
    assert not AuditEvent.objects.filter(action="employee.create").exists()


def test_a_confirmation_without_the_preview_stores_nothing(client):
    response = check(client, text_of(new_row(1)), bevestigen="ja")

    assertContains(response, "sinds de controle is er iets veranderd")
    assert nothing_stored()


def test_another_employers_people_are_not_known(client, bram):
    elsewhere = bram.memberships.get().employer
    make_employee(elsewhere, "Berg", created_by=bram)

    preview = check(client, text_of(KNOWN | NEW | KNOWN)).context["preview"]

    assert preview.lines[0].employee is None


def test_another_employer_cannot_be_chosen(client, anna, bram):
    second = make_employer("Tweede")
    Membership.objects.create(employer=second, user=anna, role="GEBRUIKER")
    elsewhere = bram.memberships.get().employer

    response = check(client, text_of(new_row(1)), employer=str(elsewhere.uuid))

    assert "employer" in response.context["form"].errors
    assert check(client, text_of(new_row(1)), employer=str(anna.memberships.first().employer.uuid))
    assert nothing_stored()


def test_a_stranger_sees_no_outcome(client, bram):
    response, _ = confirm(client, text_of(new_row(1)))
    login(client, bram)

    assert client.get(response.url).status_code == 404
    assert client.get(reverse("absence:paste-done", args=[uuid4()])).status_code == 404


def test_the_preview_asks_as_much_for_many_lines_as_for_few(client, berg):
    def queries(count):
        with CaptureQueriesContext(connection) as asked:
            check(client, text_of(KNOWN | NEW | KNOWN, *(new_row(n) for n in range(count))))
        return len(asked)

    queries(1)
    assert queries(40) == queries(2)


def test_storing_asks_as_much_for_a_hundred_lines_as_for_ten(client, berg):
    def queries(first, count):
        text = text_of(*(new_row(number) for number in range(first, first + count)))
        sent = confirmation(client, text)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(ADDRESS, sent).status_code == 302
        return len(asked)

    queries(0, 1)
    few, many = queries(100, 10), queries(200, 100)
    assert few == many <= 45
    assert Trajectory.objects.count() == 111


def test_500_lines_in_a_few_seconds(client):
    text = text_of(*(new_row(number) for number in range(500)))
    began = time.perf_counter()
    response, _ = confirm(client, text)
    took = time.perf_counter() - began

    assert Trajectory.objects.count() == 500
    assert took < 60  # much more than it takes; the machine may be busy
    assert re.search("500 werknemers", words(client.get(response.url)))
