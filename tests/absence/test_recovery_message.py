"""Herstel doorgeven aan HCS: a message, a queue, and only HCS changes the course."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from absence.actions.recovery import process, receive, tell_recovery
from absence.models import RecoveryMessage
from accounts.models import AuditEvent
from tests.absence.pages import words
from tests.factories import (
    make_employee,
    make_incapacity,
    make_recovery_message,
    make_trajectory,
)
from tests.login import login
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("on_24_november")

State, Outcome = RecoveryMessage.State, RecoveryMessage.Outcome
DAY = date(2026, 11, 20)


@pytest.fixture
def report(anna):
    employer = anna.memberships.get().employer
    employee = make_employee(employer, created_by=anna, started_on=date(2020, 1, 1))
    return make_trajectory(employee, first_sick_day=date(2026, 11, 2))


@pytest.fixture
def address(client, anna, report):
    login(client, anna)
    return reverse("absence:recovery-tell", args=[report.uuid])


def answers(**changes):
    filled = {
        "submission": str(uuid4()),
        "how": "volledig",
        "fit_from": "20-11-2026",
        "percentage": "",
    }
    return filled | changes


def test_the_dossier_leads_to_it_and_keeps_the_contact_facts(client, address, report):
    page = client.get(reverse("absence:dossier-absence", args=[report.dossier.uuid]))

    assertContains(page, address)
    assert "088-102 16 40" in words(page)


def test_a_message_goes_to_hcs_and_changes_nothing_itself(client, address, report, anna):
    response = client.post(address, answers(), follow=True)

    message = RecoveryMessage.objects.get()
    assert (message.fit_from, message.percentage, message.state) == (DAY, None, State.SENT)
    text = words(response)
    assert f"Uw bericht {message.number} is verzonden aan HCS." in text
    assert "Volledig hersteld per 20-11-2026" in text
    assert "Verzonden" in text
    report.refresh_from_db()
    assert report.is_open
    assert AuditEvent.objects.get(action="recovery.told").actor == anna


def test_a_partial_one_says_both_ways_round(client, address):
    client.post(address, answers(how="gedeeltelijk", percentage="40 %"))

    message = RecoveryMessage.objects.get()
    assert message.in_words == (
        "Gedeeltelijk hersteld per 20-11-2026: 40% arbeidsongeschikt = 60% aan het werk"
    )


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"how": ""}, "how", "Kies of de werknemer"),
        ({"fit_from": ""}, "fit_from", "Vul de dag in."),
        ({"fit_from": "25-11-2026"}, "fit_from", "in de toekomst"),
        ({"fit_from": "02-11-2026"}, "fit_from", "niet na de eerste ziektedag"),
        ({"fit_from": "29-02-2026"}, "fit_from", "Vul een datum in"),
        ({"how": "gedeeltelijk"}, "percentage", "Vul het AO-percentage in."),
        ({"how": "gedeeltelijk", "percentage": "0"}, "percentage", "volledig hersteld"),
        ({"how": "gedeeltelijk", "percentage": "101"}, "percentage", "van 1 tot en met 99"),
        ({"how": "gedeeltelijk", "percentage": "50,5"}, "percentage", "zonder komma"),
        ({"how": "gedeeltelijk", "percentage": "80"}, "percentage", "nu 60% arbeidsongeschikt"),
    ],
)
def test_what_cannot_be_is_refused_and_stays(client, address, report, changes, field, said):
    make_incapacity(report, effective_on=date(2026, 11, 9), percentage=60)
    response = client.post(address, answers(**changes))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert said in str(response.context["form"].errors[field])
    assert not RecoveryMessage.objects.exists()


def test_while_one_waits_there_is_no_second(client, address, report):
    waiting = make_recovery_message(report)

    assert waiting.number in words(client.get(address))
    assert "onderweg naar HCS" in words(client.post(address, answers()))
    assert RecoveryMessage.objects.count() == 1


def test_the_same_form_twice_is_one_message(client, address, report, anna):
    told = {"trajectory": report, "fit_from": DAY, "percentage": None, "submission": uuid4()}

    assert tell_recovery(by=anna, **told) == tell_recovery(by=anna, **told)


def test_of_a_closed_report_nothing_is_told(client, address, report, hugo):
    message = make_recovery_message(report, fit_from=DAY)
    process(by=hugo, message=message, outcome=Outcome.RECORDED)

    assert "Dit verzuim is afgesloten" in words(client.get(address))
    assert RecoveryMessage.objects.count() == 1


def test_bram_and_staff_get_404(client, bram, hugo, report):
    for user in (bram, hugo):
        login(client, user)
        assert client.get(reverse("absence:recovery-tell", args=[report.uuid])).status_code == 404
    told = {"fit_from": DAY, "percentage": None, "submission": uuid4()}
    with pytest.raises(PermissionDenied):
        tell_recovery(by=bram, trajectory=report, **told)


# --- HCS -------------------------------------------------------------------------------------


def test_hcs_receives_and_records_it(client, hugo, report):
    message = make_recovery_message(report, fit_from=DAY)
    login(client, hugo)
    assertContains(client.get(reverse("admin:absence_recoverymessage_changelist")), "Volledig")
    key = [message.pk]
    client.post(reverse("admin:absence_recoverymessage_receive", args=key))
    message.refresh_from_db()
    assert (message.state, message.received_by) == (State.RECEIVED, hugo)

    response = client.post(
        reverse("admin:absence_recoverymessage_process", args=key), {"outcome": Outcome.RECORDED}
    )

    assertRedirects(response, reverse("admin:absence_recoverymessage_change", args=key))
    message.refresh_from_db()
    report.refresh_from_db()
    assert (message.state, message.processed_by) == (State.PROCESSED, hugo)
    assert (report.recovered_on, report.recovered_by) == (DAY, hugo)
    assert not RecoveryMessage.objects.waiting().exists()


def test_a_partial_one_becomes_a_row_of_the_course(hugo, report):
    message = make_recovery_message(report, fit_from=DAY, percentage=30)

    process(by=hugo, message=message, outcome=Outcome.RECORDED)

    assert report.percentage_on(DAY) == 30


def test_hcs_may_decide_otherwise(hugo, report):
    message = process(by=hugo, message=make_recovery_message(report), outcome=Outcome.OTHERWISE)

    report.refresh_from_db()
    assert report.is_open
    assert message.get_outcome_display() == "Niet vastgelegd, HCS neemt contact op"


def test_what_the_course_refuses_leaves_the_message_waiting(client, hugo, report):
    make_incapacity(report, effective_on=date(2026, 11, 23), percentage=60)
    message = make_recovery_message(report, fit_from=DAY)
    login(client, hugo)

    response = client.post(
        reverse("admin:absence_recoverymessage_process", args=[message.pk]),
        {"outcome": Outcome.RECORDED},
    )

    assertContains(response, "niet na de eerste ziektedag en het laatste")
    message.refresh_from_db()
    assert message.state == State.SENT


@pytest.mark.parametrize(("day", "is_said"), [(20, True), (19, False)])
def test_hcs_is_warned_of_a_percentage_from_that_day_or_later(client, hugo, report, day, is_said):
    make_incapacity(report, effective_on=date(2026, 11, day), percentage=60)
    message = make_recovery_message(report, fit_from=DAY)
    login(client, hugo)

    page = client.get(reverse("admin:absence_recoverymessage_process", args=[message.pk]))

    assert ("Bel eerst de werkgever" in page.content.decode()) is is_said


@pytest.mark.parametrize("act", [receive, lambda **of: process(outcome="OTHERWISE", **of)])
def test_only_hcs_acts(act, report, anna, ilse):
    message = make_recovery_message(report)
    for user in (anna, ilse):
        with pytest.raises(PermissionDenied):
            act(by=user, message=message)


@pytest.mark.django_db(transaction=True)
def test_twelve_who_process_at_once_record_it_once(hugo, report):
    message = make_recovery_message(report, fit_from=DAY)

    def act():
        try:
            process(by=hugo, message=message, outcome=Outcome.RECORDED)
        except ValidationError:
            return False
        return True

    assert sum(at_once([act] * 12)) == 1
    assert AuditEvent.objects.filter(action="recovery.processed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_colleagues_at_once_one_tells_it(report, anna):
    def act():
        return tell_recovery(
            by=anna, trajectory=report, fit_from=DAY, percentage=None, submission=uuid4()
        )

    done = at_once([act] * 4)

    assert sum(isinstance(one, RecoveryMessage) for one in done) == 1
    assert sum(isinstance(one, ValidationError) for one in done) == 3
    assert RecoveryMessage.objects.count() == 1
