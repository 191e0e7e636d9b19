"""Two records of one person become one, and nothing is lost."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from absence.actions.reports import report_absence
from absence.models import Classification, Trajectory
from accounts.audit import Action
from accounts.models import AuditEvent
from accounts.sealed import unseal
from documents.models import CaseNote
from dossiers.change_actions import record_change
from dossiers.merge_actions import merge_employees, reveal_other_iban
from dossiers.merging import relations
from dossiers.models import Dossier, Employee, Employment, Merge, SearchKey
from dossiers.search import search
from tests.factories import (
    make_casefile,
    make_correction_request,
    make_document,
    make_document_request,
    make_employee,
    make_employer,
    make_employment,
    make_overview,
    make_recovery_message,
    make_trajectory,
)
from tests.login import login
from tests.threads import at_once

pytestmark = pytest.mark.django_db

BSN, IBAN, OTHER_IBAN = "111222333", "NL91ABNA0417164300", "NL02ABNA0123456789"
# What is no row of its own: made anew, or the person's own dossier.
NOT_MOVED = {"dossiers.SearchKey.dossier", "dossiers.Employee.dossier"}


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def kept(employer, anna):
    return make_employee(employer, "Wójcik", first_name="Zofia", city="Breda", created_by=anna)


@pytest.fixture
def other(employer, anna):
    return make_employee(
        employer, "Wojcik", first_name="Zosia", city="Tilburg", created_by=anna, bsn=BSN, iban=IBAN
    )


def fill(employee, anna, hugo):
    """A row in every table that points at an employee or a dossier."""
    report = make_trajectory(employee)
    make_recovery_message(report)
    make_correction_request(report)
    make_trajectory(
        employee,
        first_sick_day=date(2025, 3, 3),
        recovered_on=date(2025, 3, 9),
        withdrawn_at=report.reported_at,
        withdrawn_by=anna,
    )
    make_document(employee.dossier, trajectory=report, added_by=anna)
    make_document_request(report)
    CaseNote.objects.create(
        employer=employee.employer,
        dossier=employee.dossier,
        trajectory=report,
        text="Bouwt op.",
        written_by=hugo,
    )
    make_overview(report)
    make_casefile(report, anna)
    record_change(anna, employee, "city", old="Goirle", new="Tilburg")
    Merge.objects.create(
        employer=employee.employer,
        kept=employee.dossier,
        old_uuid=uuid4(),
        moved={},
        added_by=anna,
        added_at=report.reported_at,
        merged_by=hugo,
    )


def pointers():
    """Every column of every table that can point at an employee or a dossier."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in (Employee, Dossier)
    }


def test_no_table_is_forgotten():
    known = {
        f"{field.model._meta.label}.{field.name}"
        for model in (Employee, Dossier)
        for field in relations(model)
    }

    assert known == set(pointers()) - NOT_MOVED
    assert len(known) > 6


def test_everything_of_the_other_belongs_to_the_kept_one(kept, other, anna, hugo, ilse):
    fill(other, anna, hugo)
    before = {}
    for name, field in pointers().items():
        target = other if field.related_model is Employee else other.dossier
        rows = field.model._base_manager.filter(**{field.name: target})
        before[name] = set(rows.values_list("pk", flat=True))
        assert before[name] or name in NOT_MOVED, f"fill() makes no row for {name}"
    counts = {
        model: model._base_manager.count()
        for model in apps.get_models()
        if model not in (Employee, Dossier, SearchKey, Merge, AuditEvent)
    }

    merge = merge_employees(by=ilse, kept=kept, other=other)

    for name, field in pointers().items():
        if name not in NOT_MOVED:
            target = kept if field.related_model is Employee else kept.dossier
            rows = field.model._base_manager.filter(**{field.name: target})
            assert before[name] <= set(rows.values_list("pk", flat=True)), name
    assert {
        model: model._base_manager.count() - number
        for model, number in counts.items()
        if model._base_manager.count() < number
    } == {}
    assert not Employee.objects.filter(pk=other.pk).exists()
    assert not Dossier.objects.filter(pk=other.dossier_id).exists()
    assert merge.moved["absence.trajectory"] == sorted(before["absence.Trajectory.employee"])
    assert len(merge.moved["absence.trajectory"]) == 2
    assert (merge.added_by, merge.added_at) == (other.created_by, other.created_at)


def test_the_history_of_the_other_still_opens_and_says_what_differed(kept, other, anna, ilse):
    record_change(anna, other, "city", old="Goirle", new="Tilburg")

    merge_employees(by=ilse, kept=kept, other=other)

    told = [(row.field, row.old_in_words, row.new_in_words) for row in kept.changes.all()]
    assert ("city", "Goirle", "Tilburg") in told
    assert ("city", "Tilburg", "Breda") in told
    assert ("surname", "Wojcik", "Wójcik") in told
    assert ("first_name", "Zosia", "Zofia") in told
    assert told[0][0] == "merged"
    assert "Wojcik" in told[0][1]
    assert not [row for row in kept.changes.filter(field__in=["bsn", "iban"]) if row.old or row.new]


def test_bsn_and_iban_come_over_where_there_was_none(kept, other, ilse):
    merge_employees(by=ilse, kept=kept, other=other)

    kept.refresh_from_db()
    assert (kept.bsn, kept.iban, kept.city) == (BSN, IBAN, "Breda")
    assert set(kept.changes.values_list("field", flat=True)) >= {"bsn", "iban"}


class TestTwoIbans:
    @pytest.fixture
    def merge(self, kept, other, ilse):
        kept.iban = OTHER_IBAN
        kept.save()
        return merge_employees(by=ilse, kept=kept, other=other)

    def test_that_of_the_kept_one_wins_and_the_other_is_kept_with_the_merge(self, kept, merge):
        kept.refresh_from_db()
        assert kept.iban == OTHER_IBAN
        assert Merge.objects.get().iban == IBAN
        assert not kept.changes.filter(field="iban").exists()

    def test_it_is_sealed_for_its_dossier(self, merge):
        with connection.cursor() as cursor:
            cursor.execute("SELECT iban FROM dossiers_merge")
            stored = bytes(cursor.fetchone()[0])
        assert IBAN.encode() not in stored
        assert unseal(stored, "dossiers_merge.iban", merge.kept_id) == IBAN

    def test_it_comes_along_when_the_kept_one_is_merged_too(self, kept, merge, ilse, employer):
        last = make_employee(employer, "Laatste", iban="NL20INGB0001234567")

        second = merge_employees(by=ilse, kept=last, other=kept)

        opened = {row.pk: row.iban for row in last.dossier.merges.all()}
        assert opened == {merge.pk: IBAN, second.pk: OTHER_IBAN}

    def test_to_look_at_it_is_recorded(self, merge, ilse):
        assert reveal_other_iban(by=ilse, merge=merge) == IBAN

        event = AuditEvent.objects.get(action=Action.IBAN_REVEAL)
        assert (event.actor, event.dossier_uuid, event.detail) == (ilse, merge.kept.uuid, {})

    @pytest.mark.parametrize("who", ["anna", "bram", "hugo"])
    def test_nobody_else_looks_at_it(self, request, merge, who):
        with pytest.raises(PermissionDenied):
            reveal_other_iban(by=request.getfixturevalue(who), merge=merge)
        assert not AuditEvent.objects.filter(action=Action.IBAN_REVEAL).exists()


@pytest.mark.parametrize("mine", [None, IBAN], ids=["taken over", "the same"])
def test_of_one_iban_nothing_is_kept_beside_it(kept, other, ilse, mine):
    kept.iban = mine
    kept.save()

    merge = merge_employees(by=ilse, kept=kept, other=other)

    merge.refresh_from_db()
    kept.refresh_from_db()
    assert (kept.iban, merge.iban) == (IBAN, "")
    assert reveal_other_iban(by=ilse, merge=merge) == ""
    assert not AuditEvent.objects.filter(action=Action.IBAN_REVEAL).exists()


def refused(by, kept, other, words):
    with pytest.raises(ValidationError, match=words):
        merge_employees(by=by, kept=kept, other=other)
    assert Employee.objects.filter(pk=other.pk).exists()
    assert not Merge.objects.exists()


def test_two_numbers_are_two_people(kept, other, ilse):
    kept.bsn = "999990019"
    kept.save()

    refused(ilse, kept, other, "twee personen")


def test_another_employer_is_refused(kept, ilse):
    refused(ilse, kept, make_employee(make_employer(), "Wojcik"), "twee werkgevers")


def test_with_itself_is_refused(kept, ilse):
    refused(ilse, kept, kept, "hetzelfde dossier")


@pytest.mark.parametrize("who", ["anna", "bram", "hugo"])
def test_only_incomfort_may(request, who, kept, other):
    with pytest.raises(PermissionDenied):
        merge_employees(by=request.getfixturevalue(who), kept=kept, other=other)
    assert Employee.objects.filter(pk=other.pk).exists()


def test_it_is_recorded_for_both_dossiers_without_a_name(kept, other, ilse):
    old = other.dossier.uuid

    merge_employees(by=ilse, kept=kept, other=other)

    events = AuditEvent.objects.filter(action=Action.DOSSIER_MERGED).order_by("pk")
    assert [(event.dossier_uuid, event.detail) for event in events] == [
        (kept.dossier.uuid, {"merged": str(old)}),
        (old, {"into": str(kept.dossier.uuid)}),
    ]
    assert {event.employer for event in events} == {kept.employer}


def test_the_search_finds_the_kept_one_alone(kept, other, anna, ilse):
    assert len(search(user=anna, text="wojcik").hits) == 2

    merge_employees(by=ilse, kept=kept, other=other)

    assert [hit.uuid for hit in search(user=anna, text="wojcik").hits] == [kept.dossier.uuid]


def test_who_came_back_into_service_by_it_is_found(employer, anna, ilse, other):
    former = make_employee(
        employer, "Bakker", ended_on=date(2025, 1, 1), created_by=anna, bsn="999990019"
    )
    assert not search(user=anna, text="bakker").hits
    other.bsn = None
    other.save()

    merge_employees(by=ilse, kept=former, other=other)

    assert search(user=anna, text="bakker").hits


def test_overlapping_reports_and_the_same_employment_twice_are_both_kept(kept, other, ilse):
    for employee in (kept, other):
        make_trajectory(employee)

    merge_employees(by=ilse, kept=kept, other=other)

    assert kept.trajectories.count() == 2
    assert kept.employments.count() == 2


class TestTheOldAddress:
    @pytest.fixture
    def old(self, kept, other, ilse):
        uuid = other.dossier.uuid
        merge_employees(by=ilse, kept=kept, other=other)
        return uuid

    def test_it_leads_to_the_kept_dossier(self, client, anna, kept, old):
        login(client, anna)

        response = client.get(reverse("dossiers:dossier-detail", args=[old]))

        assertRedirects(response, kept.get_absolute_url())

    @pytest.mark.parametrize("name", ["dossiers:employee-changes", "absence:dossier-absence"])
    def test_the_other_pages_show_the_kept_one(self, client, anna, kept, old, name):
        login(client, anna)

        assertContains(client.get(reverse(name, args=[old])), kept.display_name)

    def test_for_another_employer_it_does_not_exist(self, client, bram, old):
        login(client, bram)

        address = reverse("dossiers:dossier-detail", args=[old])

        assert client.get(address).status_code == 404
        denied = AuditEvent.objects.get(action=Action.ACCESS_DENIED)
        assert denied.dossier_uuid == old

    def test_merged_once_more_it_leads_to_the_last(self, client, anna, ilse, kept, old, employer):
        last = make_employee(employer, "Laatste", created_by=anna)
        merge_employees(by=ilse, kept=last, other=kept)
        login(client, anna)

        response = client.get(reverse("dossiers:dossier-detail", args=[old]))

        assertRedirects(response, last.get_absolute_url())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True], ids=["twice", "each into the other"])
def test_two_at_once_merge_once(anna, ilse, kept, other, crossed):
    make_trajectory(other)
    make_trajectory(kept)
    second = {"kept": other, "other": kept} if crossed else {"kept": kept, "other": other}

    results = at_once(
        [
            lambda: merge_employees(by=ilse, kept=kept, other=other),
            lambda: merge_employees(by=ilse, **second),
        ]
    )

    assert sorted(type(result).__name__ for result in results) == ["Merge", "ValidationError"]
    survivor = Employee.objects.get()
    assert survivor.trajectories.count() == Trajectory.objects.count() == 2
    assert survivor.employments.count() == Employment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_report_made_meanwhile_comes_along_or_is_refused(anna, ilse, kept, other):
    def report():
        return report_absence(
            by=anna,
            employment=other.employments.get(),
            classification=Classification.objects.get(code="ziekte"),
            first_sick_day=timezone.localdate(),
            percentage=100,
            submission=uuid4(),
        )

    results = at_once([lambda: merge_employees(by=ilse, kept=kept, other=other), report])

    assert isinstance(results[0], Merge)
    is_made = isinstance(results[1], Trajectory)
    assert Employee.objects.get().trajectories.count() == is_made
    assert is_made or isinstance(results[1], (PermissionDenied, Employment.DoesNotExist))


@pytest.mark.django_db(transaction=True)
def test_an_employment_added_meanwhile_is_not_lost(anna, ilse, kept, other):
    results = at_once(
        [
            lambda: merge_employees(by=ilse, kept=kept, other=other),
            lambda: make_employment(other, started_on=date(2026, 5, 5)),
        ]
    )

    assert isinstance(results[0], Merge)
    was_refused = isinstance(results[1], Exception)
    assert Employee.objects.get().employments.count() == (2 if was_refused else 3)
