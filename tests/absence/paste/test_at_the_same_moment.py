"""One sheet that is confirmed more than once at the same moment is stored once."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent
from dossiers.models import Employee
from tests.absence.pages import words
from tests.absence.paste.steps import ADDRESS, KNOWN, confirmation
from tests.absence.sheet_rows import NEW, new_row, text_of
from tests.factories import make_member
from tests.login import login
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def client_of(user):
    client = Client()
    login(client, user)
    return client


def stored():
    """How many people there are, how many reports, and how many times a sheet was stored."""
    sheets = AuditEvent.objects.filter(action="report.paste")
    return Employee.objects.count(), Trajectory.objects.count(), sheets.count()


def test_twelve_times_the_same_form_is_one_sheet(client, anna):
    sent = confirmation(client, text_of(*(new_row(number) for number in range(3))))
    clients = [client_of(anna) for _ in range(12)]

    answers = at_once([lambda each=each: each.post(ADDRESS, sent) for each in clients])

    done = reverse("absence:paste-done", args=[sent["submission"]])
    assert [answer.headers.get("Location") for answer in answers] == [done] * 12
    assert stored() == (3, 3, 1)


@pytest.mark.parametrize("is_known", [True, False], ids=["somebody known", "somebody new"])
def test_of_two_colleagues_with_one_sheet_one_stores_it(client, anna, employer, berg, is_known):
    text = text_of(NEW | KNOWN | {"Startdatum": ""} if is_known else new_row(1), new_row(2))
    clients = [client, client_of(make_member(employer, "collega"))]
    sent = [confirmation(each, text) for each in clients]

    answers = at_once(
        [
            lambda each=each, form=form: each.post(ADDRESS, form)
            for each, form in zip(clients, sent, strict=True)
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    [told] = [answer for answer in answers if answer.status_code == 200]
    assert "sinds de controle is er iets veranderd" in words(told)
    assert stored() == (2 if is_known else 3, 2, 1)


def test_a_made_up_second_confirmation_of_the_same_lines_stores_nothing(client, anna):
    sent = confirmation(client, text_of(new_row(1)))
    other = sent | {"submission": str(uuid4())}

    answers = at_once(
        [
            lambda: client_of(anna).post(ADDRESS, sent),
            lambda: client_of(anna).post(ADDRESS, other),
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert stored() == (1, 1, 1)
