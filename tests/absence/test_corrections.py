"""Correcting and withdrawing a sick report: versions, who may, and what staff decide."""

from datetime import date
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from absence.actions import corrections
from absence.actions.corrections import (
    Correction,
    ask_correction,
    correct_report,
    decide,
    take_up,
    withdraw_report,
)
from absence.actions.course import add_incapacity
from absence.actions.reports import report_absence
from absence.models import (
    Classification,
    CorrectionRequest,
    Incapacity,
    ReportVersion,
    Trajectory,
)
from accounts.models import AuditEvent
from dossiers.search import rebuild_keys, search
from tests.absence.pages import report_answers, words
from tests.factories import (
    make_correction_request,
    make_incapacity,
    make_trajectory,
)
from tests.login import login
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("on_24_november")

Kind = ReportVersion.Kind
DAY = date(2026, 11, 9)


@pytest.fixture
def report(employee):
    return make_trajectory(employee, first_sick_day=date(2026, 11, 2))


@pytest.fixture
def to(report):
    return Correction(Classification.objects.get(code="arbeidsongeval"), DAY, 60)


def tab(client, report):
    return words(client.get(reverse("absence:dossier-absence", args=[report.dossier.uuid])))


# --- the employer, until it was taken up -----------------------------------------------------


def test_a_correction_changes_the_report_and_keeps_what_it_said(report, anna, to):
    correct_report(by=anna, trajectory=report, to=to)

    report.refresh_from_db()
    assert (report.first_sick_day, report.classification.code) == (DAY, "arbeidsongeval")
    assert [(step.first_day, step.percentage) for step in report.steps()] == [(DAY, 60)]
    said = [
        (version.kind, version.first_sick_day, version.percentage)
        for version in report.versions.all()
    ]
    assert said == [
        (Kind.REPORTED, date(2026, 11, 2), 100),
        (Kind.CORRECTED, DAY, 60),
    ]
    assert Incapacity.everything.filter(trajectory=report).count() == 2
    assert AuditEvent.objects.get(action="report.corrected").actor == anna


def test_the_dossier_shows_every_version(client, report, anna, to):
    correct_report(by=anna, trajectory=report, to=to)
    login(client, anna)

    text = tab(client, report)

    assert "Gemeld: eerste ziektedag 02-11-2026, 100% arbeidsongeschikt, Ziekte" in text
    assert "Gecorrigeerd: eerste ziektedag 09-11-2026, 60% arbeidsongeschikt" in text


def test_through_the_page_filled_in_with_what_it_says(client, report, anna):
    login(client, anna)
    address = reverse("absence:report-correct", args=[report.uuid])
    assertContains(client.get(address), 'value="02-11-2026"')

    response = client.post(
        address,
        report_answers(first_sick_day="03-11-2026", status="gedeeltelijk", percentage="40"),
        follow=True,
    )

    assert "De melding is gecorrigeerd." in words(response)
    report.refresh_from_db()
    assert report.first_sick_day == date(2026, 11, 3)
    assert report.percentage_on(date(2026, 11, 3)) == 40


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Er is niets gewijzigd."),
        ({"first_sick_day": "25-11-2026"}, "in de toekomst"),
        ({"first_sick_day": "20-10-2026"}, "al ziek gemeld"),
        ({"first_sick_day": "31-12-2019"}, "vóór de startdatum"),
        ({"status": "gedeeltelijk", "percentage": "100"}, "percentage"),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, report, employee, anna, changes, said):
    make_trajectory(employee, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 10, 26))
    login(client, anna)
    data = report_answers(first_sick_day="02-11-2026")

    response = client.post(reverse("absence:report-correct", args=[report.uuid]), data | changes)

    assertContains(response, "<title>Fout: Melding corrigeren")
    assert said in words(response)
    assert not ReportVersion.objects.exists()


def test_a_withdrawn_report_counts_nowhere_and_is_kept(client, report, anna, employee):
    rebuild_keys(employee.dossier)
    login(client, anna)
    address = reverse("absence:report-withdraw", args=[report.uuid])
    assert "Trek een melding alleen in als" in words(client.get(address))

    response = client.post(address, {"submission": uuid4()}, follow=True)

    text = words(response)
    assert "De melding is ingetrokken." in text
    assert f"{report.number}, eerste ziektedag 02-11-2026 Ingetrokken 24-11-2026" in text
    assert "Ziekmelding van 02-11-2026" not in text
    assert not Trajectory.objects.exists()
    assert Trajectory.everything.get().withdrawn_by == anna
    [hit] = search(user=anna, text="jansen", include_former=False).hits
    assert not hit.is_ill
    assert "Er is nu niemand ziek gemeld" in words(client.get("/start/"))
    assert client.get(address).status_code == 404


def test_after_withdrawing_the_same_days_can_be_reported(report, anna, employee):
    withdraw_report(by=anna, trajectory=report)

    again = report_absence(
        by=anna,
        employment=employee.employments.get(),
        classification=report.classification,
        first_sick_day=report.first_sick_day,
        percentage=100,
        submission=uuid4(),
    )

    assert Trajectory.objects.get() == again


def test_a_closed_report_can_be_corrected_though_a_later_one_exists(client, employee, anna):
    closed = make_trajectory(
        employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 9, 20)
    )
    make_trajectory(employee, first_sick_day=date(2026, 10, 5), recovered_on=date(2026, 10, 9))
    login(client, anna)
    data = report_answers(first_sick_day="03-09-2026")

    client.post(reverse("absence:report-correct", args=[closed.uuid]), data)

    closed.refresh_from_db()
    assert closed.first_sick_day == date(2026, 9, 3)


def test_a_closed_report_stays_after_an_earlier_one_and_before_its_recovery(employee, anna, to):
    make_trajectory(employee, first_sick_day=date(2026, 8, 1), recovered_on=date(2026, 8, 20))
    closed = make_trajectory(
        employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 9, 20)
    )
    for day, said in ((date(2026, 8, 19), "al ziek gemeld"), (date(2026, 9, 20), "vastlegde")):
        with pytest.raises(ValidationError, match=said):
            correct_report(
                by=anna,
                trajectory=closed,
                to=Correction(closed.classification, day, 100),
            )


@pytest.mark.parametrize("act", ["correct", "withdraw"])
def test_another_employer_or_staff_changes_nothing(report, bram, hugo, to, act):
    acts = {
        "correct": lambda user: correct_report(by=user, trajectory=report, to=to),
        "withdraw": lambda user: withdraw_report(by=user, trajectory=report),
    }
    for user in (bram, hugo):
        with pytest.raises(PermissionDenied):
            acts[act](user)


# --- after it was taken up -------------------------------------------------------------------


def test_what_hcs_records_takes_it_up_once(report, hugo):
    for day, percentage in ((10, 80), (12, 60)):
        add_incapacity(
            by=hugo,
            trajectory=report,
            effective_on=date(2026, 11, day),
            percentage=percentage,
        )

    report.refresh_from_db()
    assert report.taken_up_at
    assert AuditEvent.objects.filter(action="report.taken_up").count() == 1


def test_then_the_employer_asks_and_nothing_changes_yet(client, report, anna, hugo):
    take_up(by=hugo, trajectory=report)
    login(client, anna)
    address = reverse("absence:report-correct", args=[report.uuid])
    data = report_answers(first_sick_day="03-11-2026")
    assert "Leg uit waarom" in words(client.post(address, data))

    response = client.post(address, data | {"explanation": "Een dag later begonnen."}, follow=True)

    asked = CorrectionRequest.objects.get()
    text = words(response)
    assert f"Uw verzoek {asked.number} is verstuurd." in text
    assert "In behandeling" in text
    report.refresh_from_db()
    assert report.first_sick_day == date(2026, 11, 2)
    assert "Er loopt al een verzoek" in words(client.get(address))


def test_who_was_too_late_is_told_to_ask(report, anna, hugo, to):
    take_up(by=hugo, trajectory=report)

    with pytest.raises(ValidationError, match="intussen opgepakt"):
        correct_report(by=anna, trajectory=report, to=to)


def test_staff_grant_a_correction_which_is_done_at_once(client, report, ilse, to):
    asked = make_correction_request(
        report,
        first_sick_day=to.first_sick_day,
        classification=to.classification,
        percentage=to.percentage,
    )
    login(client, ilse)
    address = reverse("admin:absence_correctionrequest_decide", args=[asked.pk])
    page = words(client.get(address))
    assert "Nu gemeld: Eerste ziektedag 02-11-2026, 100% arbeidsongeschikt, Ziekte." in page
    assert "Gevraagd: Eerste ziektedag 09-11-2026, 60% arbeidsongeschikt" in page

    response = client.post(address, {"decision": "ja", "answer": ""})

    assertRedirects(response, reverse("admin:absence_correctionrequest_change", args=[asked.pk]))
    report.refresh_from_db()
    assert report.first_sick_day == DAY
    assert report.versions.last().made_by == ilse


def test_staff_refuse_with_an_answer_that_the_employer_reads(client, report, ilse, anna):
    asked = make_correction_request(report)
    with pytest.raises(ValidationError, match="waarom"):
        decide(by=ilse, request=asked, is_granted=False, answer=" ")
    decide(by=ilse, request=asked, is_granted=False, answer="De werknemer was wel ziek.")
    login(client, anna)

    text = tab(client, report)

    assert "antwoord: De werknemer was wel ziek. Niet ingewilligd" in text
    assert "Ziekmelding van 02-11-2026" in text


def test_a_granted_withdrawal_withdraws(report, hugo):
    decide(by=hugo, request=make_correction_request(report), is_granted=True, answer="")

    assert not Trajectory.objects.exists()


def test_a_correction_stays_before_what_hcs_recorded(report, hugo, to):
    make_incapacity(report, effective_on=date(2026, 11, 5), percentage=50)
    asked = make_correction_request(
        report, first_sick_day=DAY, classification=to.classification, percentage=60
    )

    with pytest.raises(ValidationError, match="daarna vastlegde"):
        decide(by=hugo, request=asked, is_granted=True, answer="")


def test_the_same_form_twice_is_one_request(report, anna, hugo):
    take_up(by=hugo, trajectory=report)
    asks = {"trajectory": report, "to": None, "explanation": "Fout.", "submission": uuid4()}

    assert ask_correction(by=anna, **asks) == ask_correction(by=anna, **asks)


# --- the database ----------------------------------------------------------------------------


def test_a_percentage_may_only_be_marked_as_replaced(report):
    row = report.incapacities.get()
    rows = Incapacity.everything.filter(pk=row.pk)
    for values in ({"percentage": 10}, {"percentage": 10, "superseded_at": row.recorded_at}):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            rows.update(**values)
    rows.update(superseded_at=row.recorded_at)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        rows.update(superseded_at=None)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        connection.cursor().execute("delete from absence_incapacity")


def test_a_report_is_withdrawn_with_who_and_when(report):
    with pytest.raises(IntegrityError), transaction.atomic():
        Trajectory.objects.filter(pk=report.pk).update(withdrawn_at=report.reported_at)


@pytest.mark.django_db(transaction=True)
def test_of_twelve_at_once_one_withdraws(report, anna):
    def act():
        try:
            withdraw_report(by=anna, trajectory=report)
        except (PermissionDenied, ValidationError):
            return False
        return True

    assert sum(at_once([act] * 12)) == 1
    assert ReportVersion.objects.filter(kind=Kind.WITHDRAWN).count() == 1


class TestStaffTakeItUpAtTheSameMoment:
    """Each act in turn is halfway when the other begins, so that it is not left to luck."""

    @pytest.fixture
    def halfway(self, monkeypatch):
        """`halfway(name)`: corrections.<name> takes its time; returns what is set meanwhile."""

        def slow_down(name):
            begun, act = Event(), getattr(corrections, name)

            def slowly(*args, **options):
                begun.set()
                sleep(0.5)  # for the other to come as far as it can
                return act(*args, **options)

            monkeypatch.setattr(corrections, name, slowly)
            return begun

        return slow_down

    @pytest.mark.django_db(transaction=True)
    def test_a_correction_that_was_first_is_done_before_it_is_taken_up(
        self, report, anna, hugo, to, halfway
    ):
        begun = halfway("check")

        def staff():
            begun.wait(10)
            return take_up(by=hugo, trajectory=report)

        done = at_once([lambda: correct_report(by=anna, trajectory=report, to=to), staff])

        assert [type(each) for each in done] == [Trajectory, Trajectory]
        report.refresh_from_db()
        assert (report.first_sick_day, report.classification) == (DAY, to.classification)
        corrected, taken_up = AuditEvent.objects.filter(action__startswith="report.").order_by("pk")
        assert (corrected.action, taken_up.action) == ("report.corrected", "report.taken_up")

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("act", [correct_report, withdraw_report])
    def test_who_comes_while_staff_take_it_up_is_told_to_ask(
        self, report, anna, hugo, to, halfway, act
    ):
        begun, options = halfway("record"), {"to": to} if act is correct_report else {}

        def employer():
            begun.wait(10)
            return act(by=anna, trajectory=report, **options)

        taken_up, refused = at_once([lambda: take_up(by=hugo, trajectory=report), employer])

        assert isinstance(taken_up, Trajectory)
        assert isinstance(refused, ValidationError)
        assert "intussen opgepakt" in str(refused)
        assert Trajectory.objects.get().first_sick_day == date(2026, 11, 2)
        assert not ReportVersion.objects.exists()
