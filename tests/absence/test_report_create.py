"""/verzuim/melden/<dossier>/: the form of a sick report."""

from datetime import date
from uuid import UUID, uuid4

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from absence.forms.reports import ReportForm
from absence.models import Classification, Incapacity, Trajectory
from accounts.models import AuditEvent
from tests.absence.pages import report_answers, words
from tests.accounts.steps import give_code, give_password
from tests.factories import make_employee, make_employment, make_member, make_trajectory
from tests.login import login, totp_code

pytestmark = pytest.mark.usefixtures("on_24_november")


@pytest.fixture
def employee(anna):
    employer = anna.memberships.get().employer
    return make_employee(employer, "Berg", prefixes="van den", created_by=anna)


@pytest.fixture
def address(client, anna, employee):
    login(client, anna)
    return reverse("absence:report-create", args=[employee.dossier.uuid])


def errors(response):
    assert response.status_code == 200
    assertContains(response, "<title>Fout: Verzuim melden")
    assert not Trajectory.objects.exists()
    return response.context["form"].errors


# --- the form ------------------------------------------------------------------------------


def test_it_asks_what_the_help_page_says(client, address):
    response = client.get(address)

    for label in ["Verzuimclassificatie", "Eerste ziektedag", "Verzuimstatus", "AO-percentage"]:
        assertContains(response, label)
    assertContains(response, '<button class="button" type="submit">Opslaan</button>', html=True)
    assertContains(response, "A.B. (Anna) van den Berg")
    assertContains(response, "60% arbeidsongeschikt = 40% aan het werk")


def test_it_offers_the_active_classifications_with_their_explanation(client, address):
    response = client.get(address)

    for classification in Classification.objects.active():
        assertContains(response, classification.label)
        assertContains(response, classification.help_text)
    assertNotContains(response, "Orgaandonatie")
    assertNotContains(response, "zwangerschap")


def test_it_has_no_free_text(client, address):
    """P1: nowhere to write about an illness. Source: rulebook 1.1."""
    fields = client.get(address).context["form"].fields

    assert set(fields) == {
        "submission",
        "classification",
        "first_sick_day",
        "status",
        "percentage",
    }
    assertNotContains(client.get(address), "<textarea")


def test_opening_it_is_audited(client, address, anna, employee):
    client.get(address)

    event = AuditEvent.objects.get(action="dossier.view")
    assert (event.actor, event.dossier_uuid) == (anna, employee.dossier.uuid)


# --- a report ------------------------------------------------------------------------------


def test_fully_ill_is_stored_as_100(client, address, anna, employee):
    response = client.post(address, report_answers(classification="arbeidsongeval"))

    trajectory = Trajectory.objects.get()
    assertRedirects(response, reverse("absence:report-done", args=[trajectory.uuid]))
    assert trajectory.employee == employee
    assert trajectory.classification.code == "arbeidsongeval"
    assert trajectory.first_sick_day == date(2026, 11, 23)
    assert trajectory.reported_by == anna
    assert trajectory.incapacities.get().percentage == 100


@pytest.mark.parametrize(
    ("typed", "stored"), [("1", 1), ("50", 50), ("99", 99), (" 50 ", 50), ("50%", 50), ("50 %", 50)]
)
def test_partly_ill_is_stored_as_typed(client, address, typed, stored):
    client.post(address, report_answers(status="gedeeltelijk", percentage=typed))

    assert Incapacity.objects.get().percentage == stored


@pytest.mark.parametrize("typed", ["23-11-2026", "23/11/2026", "2026-11-23", " 23-11-2026 "])
def test_a_day_may_be_typed_in_several_ways(client, address, typed):
    client.post(address, report_answers(first_sick_day=typed))

    assert Trajectory.objects.get().first_sick_day == date(2026, 11, 23)


def test_sent_again_it_leads_to_the_same_confirmation(client, address):
    filled = report_answers()
    first = client.post(address, filled)

    again = client.post(address, filled)

    assert again.status_code == 302
    assert again.url == first.url
    assert Trajectory.objects.count() == 1


def test_a_submission_of_a_colleague_is_not_a_way_to_his_report(client, address, employee):
    colleague = make_member(employee.employer)
    report = make_trajectory(employee, reported_by=colleague)
    other = make_employee(employee.employer)
    address = reverse("absence:report-create", args=[other.dossier.uuid])

    response = client.post(address, report_answers(submission=str(report.submission)))

    assert response.status_code == 200
    assertContains(response, "al eerder verstuurd")
    assert Trajectory.objects.count() == 1


# --- bad input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("classification", "", "Kies een verzuimclassificatie."),
        ("classification", "orgaandonatie", "Kies een van de verzuimclassificaties."),
        ("classification", "bestaat-niet", "Kies een van de verzuimclassificaties."),
        ("classification", "zie\0kte", "Kies een van de verzuimclassificaties."),
        ("classification", "z" * 100_000, "Kies een van de verzuimclassificaties."),
        ("first_sick_day", "", "Vul de eerste ziektedag in."),
        ("first_sick_day", "gisteren", "Vul een datum in als dag-maand-jaar"),
        ("first_sick_day", "31-02-2026", "Vul een datum in als dag-maand-jaar"),
        ("first_sick_day", "29-02-2026", "Vul een datum in als dag-maand-jaar"),
        ("first_sick_day", "23-11-2026\0", "Vul een datum in als dag-maand-jaar"),
        ("first_sick_day", "2" * 100_000, "Vul een datum in als dag-maand-jaar"),
        ("first_sick_day", "25-11-2026", "ligt in de toekomst"),
        ("first_sick_day", "23-11-2206", "kan niet kloppen"),
        ("first_sick_day", "31-12-2023", "vóór de startdatum van het dienstverband (01-01-2024)"),
        ("first_sick_day", "01-11-2024", "meer dan 104 weken terug"),
        ("status", "", "Kies of de werknemer volledig of gedeeltelijk ziek is."),
        ("status", "half", "geldige keuze"),
        ("status", "\0", "geldige keuze"),
        ("submission", "", "verplicht"),
        ("submission", "geen-uuid", "geldige UUID"),
    ],
)
def test_a_wrong_answer_is_refused_in_words(client, address, field, value, message):
    response = client.post(address, report_answers(**{field: value}))

    assert message in str(errors(response)[field])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Vul het AO-percentage in"),
        ("0", "van 1 tot en met 99"),
        ("100", "van 1 tot en met 99"),
        ("101", "van 1 tot en met 99"),
        ("-1", "van 1 tot en met 99"),
        ("50,5", "van 1 tot en met 99"),
        ("50.5", "van 1 tot en met 99"),
        ("5_0", "van 1 tot en met 99"),
        ("+50", "van 1 tot en met 99"),
        ("٥٠", "van 1 tot en met 99"),
        ("vijftig", "van 1 tot en met 99"),
        ("5\x000", "van 1 tot en met 99"),
        ("9" * 100_000, "van 1 tot en met 99"),
    ],
)
def test_a_wrong_percentage_is_refused_in_words(client, address, typed, message):
    response = client.post(address, report_answers(status="gedeeltelijk", percentage=typed))

    assert message in str(errors(response)["percentage"])


def test_a_percentage_beside_fully_ill_is_a_question_not_a_guess(client, address):
    response = client.post(address, report_answers(status="volledig", percentage="50"))

    assert "U koos volledig ziek" in str(errors(response)["percentage"])


def test_all_mistakes_show_at_once_and_the_answers_stay(client, address):
    response = client.post(
        address,
        report_answers(
            classification="", first_sick_day="25-11-2026", status="gedeeltelijk", percentage="0"
        ),
    )

    assert set(errors(response)) == {"classification", "first_sick_day", "percentage"}
    assertContains(response, 'value="25-11-2026"')
    assertContains(response, 'href="#id_first_sick_day"')


def test_an_empty_form_is_refused(client, address):
    response = client.post(address, {})

    assert response.status_code == 200
    assert not Trajectory.objects.exists()


def test_a_late_report_is_accepted_at_once(client, address):
    """Shown, never blocking: the confirmation warns."""
    response = client.post(address, report_answers(first_sick_day="01-09-2026"), follow=True)

    assert Trajectory.objects.get().first_sick_day == date(2026, 9, 1)
    assert "meer dan zes weken voor de melding" in words(response)


# --- an expired session ---------------------------------------------------------------------


def test_what_was_typed_is_there_after_a_new_login(client, address, anna):
    with time_machine.travel("2026-11-24T12:31:00+01:00", tick=False):
        response = client.post(
            address,
            report_answers(classification="derde", status="gedeeltelijk", percentage="60"),
        )
        assert response.status_code == 302
        assert not Trajectory.objects.exists()
    with time_machine.travel("2026-11-24T12:33:00+01:00", tick=False):
        give_password(client, anna)
        assert give_code(client, totp_code(anna.totpdevice_set.get())).url == address
        page = client.get(address)

        assertContains(page, 'value="derde" required id="id_classification_2"')
        assertContains(page, 'value="23-11-2026"')
        assertContains(page, 'value="60"')
        assertNotContains(page, "Er is iets niet goed ingevuld")
        kept = page.context["form"]
        client.post(address, {name: kept[name].value() or "" for name in kept.fields})

    assert Trajectory.objects.get().incapacities.get().percentage == 60


# --- who is ill already --------------------------------------------------------------------


def test_who_is_ill_already_is_said_before_the_form(client, address, employee):
    report = make_trajectory(employee, first_sick_day=date(2026, 11, 2))

    response = client.get(address)

    assertContains(response, "is al ziek gemeld")
    assertContains(response, report.number)
    assertContains(response, "02-11-2026")
    assertContains(response, report.get_absolute_url())
    assert "088-102 16 40" in words(response)
    assertNotContains(response, 'name="first_sick_day"')


def test_e20_a_second_report_is_refused_by_the_page_too(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 1, 5))

    response = client.post(address, report_answers(first_sick_day="20-02-2026"))

    assertContains(response, "is al ziek gemeld")
    assert Trajectory.objects.count() == 1


def test_a_report_inside_an_earlier_one_is_refused_with_its_end(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 11, 2), recovered_on=date(2026, 11, 20))

    response = client.post(address, report_answers(first_sick_day="19-11-2026"))

    message = str(response.context["form"].errors["first_sick_day"])
    assert "al ziek gemeld tot 20-11-2026" in message
    assert Trajectory.objects.count() == 1


def test_after_recovery_one_can_be_ill_again(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 11, 2), recovered_on=date(2026, 11, 20))

    client.post(address, report_answers(first_sick_day="20-11-2026"))

    assert Trajectory.objects.open().get().first_sick_day == date(2026, 11, 20)


def test_somebody_who_was_first_is_told_in_the_form(client, address, employee, monkeypatch):
    """The colleague's report comes between the check of the form and the action."""
    clean = ReportForm.clean

    def clean_then_colleague(form):
        data = clean(form)
        make_trajectory(employee, first_sick_day=date(2026, 11, 23))
        return data

    monkeypatch.setattr(ReportForm, "clean", clean_then_colleague)

    response = client.post(address, report_answers())

    assertContains(response, "al ziek gemeld vanaf 23-11-2026")
    assert Trajectory.objects.count() == 1


# --- employments ---------------------------------------------------------------------------


def test_with_one_employment_there_is_no_choice(client, address):
    response = client.get(address)

    assertNotContains(response, 'name="employment"')
    assertContains(response, "Orderpicker, vanaf 01-01-2024")


def test_with_several_the_current_one_is_chosen(client, address, employee):
    former = employee.employments.get()
    former.ended_on = date(2026, 6, 30)
    former.save()
    current = make_employment(employee, job_title="Chauffeur", started_on=date(2026, 8, 3))

    response = client.get(address)

    assertContains(response, f'value="{current.uuid}" required id="id_employment_0" checked')
    assertContains(response, "Orderpicker, vanaf 01-01-2024 tot en met 30-06-2026")

    client.post(address, report_answers(employment=str(former.uuid), first_sick_day="23-11-2026"))
    assert not Trajectory.objects.exists()

    client.post(
        address,
        report_answers(employment=str(former.uuid), first_sick_day="28-07-2026"),
    )
    assert Trajectory.objects.get().employment == former


@pytest.mark.parametrize("value", ["", "geen-uuid", "\0", str(UUID(int=7)), "1" * 10_000])
def test_a_wrong_employment_is_refused_in_words(client, address, employee, value):
    make_employment(employee, job_title="Chauffeur", started_on=date(2026, 8, 3))

    response = client.post(address, report_answers(employment=value))

    assert "employment" in errors(response)


def test_an_employment_of_somebody_else_is_refused(client, address, employee, bram):
    make_employment(employee, job_title="Chauffeur", started_on=date(2026, 8, 3))
    colleague = make_employee(employee.employer)
    stranger = make_employee(bram.memberships.get().employer, created_by=bram)

    for other in [colleague, stranger]:
        response = client.post(
            address, report_answers(employment=str(other.employments.get().uuid))
        )
        assert "Kies een van de dienstverbanden." in str(errors(response)["employment"])


def test_with_one_employment_another_in_the_post_is_ignored(client, address, employee, bram):
    stranger = make_employee(bram.memberships.get().employer, created_by=bram)

    client.post(address, report_answers(employment=str(stranger.employments.get().uuid)))

    assert Trajectory.objects.get().employment == employee.employments.get()


def test_another_employment_can_be_reported_beside_an_open_report(client, address, employee):
    second = make_employment(employee, job_title="Chauffeur", started_on=date(2026, 8, 3))
    make_trajectory(employee, employment=employee.employments.last())

    response = client.get(address)

    assertContains(response, "is al ziek gemeld")
    assertContains(response, "Chauffeur, vanaf 03-08-2026")

    client.post(address, report_answers())
    assert Trajectory.objects.filter(employment=second).exists()


@pytest.mark.parametrize(
    ("started_on", "ended_on"),
    [(date(2026, 12, 1), None), (date(2020, 1, 1), date(2024, 10, 28))],
    ids=["not begun", "ended too long ago"],
)
def test_without_an_employment_that_applies_it_says_so(
    client, address, employee, started_on, ended_on
):
    employee.employments.update(started_on=started_on, ended_on=ended_on)

    response = client.get(address)

    assertContains(response, "geen dienstverband om verzuim bij te melden")
    assertNotContains(response, 'name="first_sick_day"')
    client.post(address, report_answers())
    assert not Trajectory.objects.exists()


def test_a_former_employee_can_be_reported_in_the_four_weeks_after(client, address, employee):
    employee.employments.update(ended_on=date(2026, 11, 1))

    response = client.post(address, report_answers(first_sick_day="23-11-2026"), follow=True)

    assertContains(response, "binnen vier weken daarna")
    assert Trajectory.objects.get().is_after_employment


# --- who may -------------------------------------------------------------------------------


def test_bram_gets_404_and_stores_nothing(client, address, bram):
    login(client, bram)

    assert client.get(address).status_code == 404
    assert client.post(address, report_answers()).status_code == 404
    assert not Trajectory.objects.exists()
    assert AuditEvent.objects.filter(action="access.denied", actor=bram).count() == 2


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_get_404(client, address, request, person):
    login(client, request.getfixturevalue(person))

    assert client.get(address).status_code == 404


def test_the_company_dossier_has_no_sick_form(client, address, employee):
    company = employee.employer.dossiers.get(kind="COMPANY")

    address = reverse("absence:report-create", args=[company.uuid])
    assert client.get(address).status_code == 404
    assert client.post(address, report_answers()).status_code == 404


def test_a_made_up_dossier_is_404(client, address):
    assert client.get(reverse("absence:report-create", args=[uuid4()])).status_code == 404


def test_other_methods_are_refused(client, address):
    assert client.put(address).status_code == 405
