"""Which classifications an employer chooses from. Source: rulebook 4.1 and 4.4."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from absence.actions.classifications import link_classifications
from absence.actions.corrections import Correction, correct_report
from absence.actions.reports import report_absence
from absence.models import Classification, Trajectory
from accounts.models import AuditEvent
from tests.absence.pages import report_answers, words
from tests.backoffice.conftest import as_hugo, as_ilse  # noqa: F401 - fixtures
from tests.factories import make_employee, make_employer, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")


def named(*codes):
    return list(Classification.objects.filter(code__in=codes))


def offered(employer):
    return [row.code for row in Classification.objects.offered_to(employer)]


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def employee(employer, anna):
    return make_employee(employer, "Berg", created_by=anna)


@pytest.fixture
def linked(employer, ilse):
    """The employer chooses from two."""
    link_classifications(by=ilse, employer=employer, chosen=named("ziekte", "vangnet"))


def report(anna, employee, code):
    return report_absence(
        by=anna,
        employment=employee.employments.get(),
        classification=Classification.objects.get(code=code),
        first_sick_day=employee.employments.get().started_on.replace(year=2026, month=11, day=23),
        percentage=100,
        submission=uuid4(),
    )


def test_without_a_link_an_employer_chooses_from_all_that_are_on(employer):
    assert offered(employer) == ["ziekte", "arbeidsongeval", "derde", "vangnet"]


@pytest.mark.parametrize("code", ["zwangerschap", "bevalling", "orgaandonatie"])
def test_what_says_too_much_is_there_but_off_until_staff_switch_it_on(employer, code):
    assert code not in offered(employer)
    Classification.objects.filter(code=code).update(is_active=True)
    assert code in offered(employer)


@pytest.mark.usefixtures("linked")
def test_a_linked_employer_chooses_from_what_is_linked_another_from_all(employer):
    assert offered(employer) == ["ziekte", "vangnet"]
    assert len(offered(make_employer())) == 4


@pytest.mark.usefixtures("linked")
def test_one_that_is_switched_off_is_offered_to_nobody(employer):
    Classification.objects.filter(code="vangnet").update(is_active=False)
    assert offered(employer) == ["ziekte"]


@pytest.mark.usefixtures("linked")
def test_somebody_can_be_reported_when_each_linked_one_was_switched_off(employer):
    Classification.objects.filter(code__in=["ziekte", "vangnet"]).update(is_active=False)
    assert offered(employer) == ["arbeidsongeval", "derde"]


@pytest.mark.usefixtures("linked")
def test_the_form_offers_and_takes_only_those(client, anna, employee):
    login(client, anna)
    address = reverse("absence:report-create", args=[employee.dossier.uuid])

    assertContains(client.get(address), "Vangnet Ziektewet")
    assertNotContains(client.get(address), "Ziekte door arbeidsongeval")
    refused = client.post(address, report_answers(classification="arbeidsongeval"))
    assert "Kies een van de verzuimclassificaties." in words(refused)
    assert not Trajectory.objects.exists()
    client.post(address, report_answers(classification="vangnet"))
    assert Trajectory.objects.get().classification.code == "vangnet"


@pytest.mark.usefixtures("linked")
def test_the_action_refuses_what_the_form_does_not_offer(anna, employee):
    with pytest.raises(ValidationError, match="niet \\(meer\\) te kiezen"):
        report(anna, employee, "arbeidsongeval")
    assert not Trajectory.objects.exists()


def test_an_older_report_keeps_its_own_and_is_corrected_with_it(client, anna, employee, ilse):
    trajectory = make_trajectory(employee, classification=named("derde")[0])
    link_classifications(by=ilse, employer=employee.employer, chosen=named("ziekte"))
    trajectory.refresh_from_db()
    assert trajectory.classification.code == "derde"

    login(client, anna)
    page = client.get(reverse("absence:report-correct", args=[trajectory.uuid]))
    choices = page.context["form"].fields["classification"].rows
    assert list(choices) == ["ziekte", "derde"]
    day = trajectory.first_sick_day
    with pytest.raises(ValidationError, match="niet \\(meer\\)"):
        correct_report(by=anna, trajectory=trajectory, to=Correction(named("vangnet")[0], day, 50))
    correct_report(by=anna, trajectory=trajectory, to=Correction(named("derde")[0], day, 50))


# --- the back office ---------------------------------------------------------------------


@pytest.fixture
def address(employer):
    return reverse("admin:accounts_employer_classifications", args=[employer.pk])


def test_staff_choose_and_it_is_recorded_by_code(as_ilse, employer, address):  # noqa: F811
    page = as_ilse.get(address)
    assertContains(page, "Orgaandonatie (staat uit)")
    assertContains(page, employer.name)
    assert page.content.decode().count("checked") == 4

    as_ilse.post(address, {"classifications": [row.pk for row in named("ziekte", "derde")]})

    assert offered(employer) == ["ziekte", "derde"]
    event = AuditEvent.objects.get(action="classification.linked")
    assert (event.employer, event.detail) == (employer, {"codes": ["derde", "ziekte"]})


@pytest.mark.usefixtures("linked")
def test_all_that_are_on_is_the_default_again(as_ilse, employer, address):  # noqa: F811
    active = [row.pk for row in Classification.objects.active()]
    as_ilse.post(address, {"classifications": active})
    assert not employer.classifications.exists()

    Classification.objects.filter(code="bevalling").update(is_active=True)
    assert "bevalling" in offered(employer)


@pytest.mark.parametrize("codes", [[], ["bevalling"]], ids=["none", "only one that is off"])
def test_an_employer_always_has_something_to_choose(as_ilse, employer, address, codes):  # noqa: F811
    page = as_ilse.post(address, {"classifications": [row.pk for row in named(*codes)]})

    assertContains(page, "Kies er minstens één")
    assert not employer.classifications.exists()


def test_hcs_does_not_choose(as_hugo, employer, address):  # noqa: F811
    assert as_hugo.get(address).status_code == 403
    assert as_hugo.post(address, {"classifications": [1]}).status_code == 403
    assert not employer.classifications.exists()


def test_the_employer_s_page_leads_there_for_who_may(as_ilse, as_hugo, employer, address):  # noqa: F811
    page = reverse("admin:accounts_employer_change", args=[employer.pk])
    assertContains(as_ilse.get(page), address)
    assertNotContains(as_hugo.get(page), address)
