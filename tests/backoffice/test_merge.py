"""The back-office pages that merge two dossiers of one person."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from dossiers.merge_actions import merge_employees
from dossiers.models import Employee, Merge
from tests.absence.pages import words
from tests.factories import make_employee, make_employer, make_trajectory

pytestmark = pytest.mark.django_db

IBAN = "NL91ABNA0417164300"


@pytest.fixture
def kept(anna: User) -> Employee:
    employer = anna.memberships.get().employer
    return make_employee(employer, "Wójcik", created_by=anna, mobile="+31611111111")


@pytest.fixture
def other(kept: Employee, anna: User) -> Employee:
    return make_employee(
        kept.employer, "Vojcik", created_by=anna, mobile="+31611111111", bsn="111222333"
    )


def choose(kept: Employee) -> str:
    return reverse("admin:dossiers_employee_merge", args=[kept.pk])


def confirm(kept: Employee, other: Employee) -> str:
    return reverse("admin:dossiers_employee_merge_confirm", args=[kept.pk, other.pk])


def iban_of(merge: Merge) -> str:
    return reverse("admin:dossiers_employee_merged_iban", args=[merge.pk])


def test_the_whole_way(as_ilse: Client, kept: Employee, other: Employee) -> None:
    change = reverse("admin:dossiers_employee_change", args=[kept.pk])
    assert choose(kept) in as_ilse.get(change).content.decode()
    assert other.display_name in words(as_ilse.get(choose(kept)))

    response = as_ilse.post(choose(kept), {"other": other.pk})
    assert response.headers["Location"] == confirm(kept, other)

    page = words(as_ilse.get(confirm(kept, other)))
    assert "Verhuist, met alles wat eraan vastzit: 1 × dienstverbanden" in page
    assert "Achternaam blijft Wójcik; het andere dossier zegt Vojcik" in page
    assert "Burgerservicenummer komt uit het dossier dat verdwijnt" in page
    assert "111222333" not in page
    assert "Vink aan dat het dezelfde persoon is" in words(as_ilse.post(confirm(kept, other)))
    assert not Merge.objects.exists()

    done = as_ilse.post(confirm(kept, other), {"is_same": "on"}, follow=True)
    assert done.redirect_chain[-1][0] == change
    assert "samengevoegd" in done.content.decode()
    assert str(Merge.objects.get().old_uuid) in done.content.decode()


def test_it_warns_for_what_overlaps(as_ilse: Client, kept: Employee, other: Employee) -> None:
    make_trajectory(kept, first_sick_day=date(2026, 11, 2))
    make_trajectory(other, first_sick_day=date(2026, 10, 1))

    page = words(as_ilse.get(confirm(kept, other)))

    assert "De ziekmeldingen vanaf 02-11-2026 en vanaf 01-10-2026 overlappen" in page
    assert "dienstverband vanaf 01-01-2024" in page


def test_two_that_follow_each_other_do_not_overlap(
    as_ilse: Client, kept: Employee, other: Employee
) -> None:
    make_trajectory(kept, first_sick_day=date(2026, 11, 2))
    make_trajectory(other, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 11, 2))

    assert "overlappen" not in words(as_ilse.get(confirm(kept, other)))


def test_who_does_not_look_alike_is_found_by_surname(as_ilse: Client, kept: Employee) -> None:
    unlike = make_employee(
        kept.employer, "Zwart", mobile="+31622222222", email="z@voorbeeld.test", house_number=99
    )
    assert unlike.display_name not in words(as_ilse.get(choose(kept)))

    found = words(as_ilse.post(choose(kept), {"surname": "zwa"}))

    assert unlike.display_name in found
    assert "Kies het dossier dat verdwijnt" in found


def test_somebody_of_another_employer_is_neither_offered_nor_merged(
    as_ilse: Client, kept: Employee
) -> None:
    stranger = make_employee(make_employer(), "Wójcik", initials="X", mobile="+31611111111")

    assert stranger.display_name not in words(as_ilse.post(choose(kept), {"surname": "woj"}))
    assert "Kies" in words(as_ilse.post(choose(kept), {"other": stranger.pk}))
    assert as_ilse.get(confirm(kept, stranger)).status_code == 404
    assert as_ilse.post(confirm(kept, stranger), {"is_same": "on"}).status_code == 404
    assert Employee.objects.filter(pk=stranger.pk).exists()


def test_two_numbers_are_said_at_once_and_refused(
    as_ilse: Client, kept: Employee, other: Employee
) -> None:
    kept.bsn = "999990019"
    kept.save()

    assert "twee personen" in words(as_ilse.get(confirm(kept, other)))
    assert "twee personen" in words(as_ilse.post(confirm(kept, other), {"is_same": "on"}))
    assert not Merge.objects.exists()


def test_hcs_does_not_merge(as_hugo: Client, kept: Employee, other: Employee) -> None:
    change = reverse("admin:dossiers_employee_change", args=[kept.pk])
    assert choose(kept) not in as_hugo.get(change).content.decode()
    assert as_hugo.get(choose(kept)).status_code == 403
    assert as_hugo.post(confirm(kept, other), {"is_same": "on"}).status_code == 403
    assert Employee.objects.filter(pk=other.pk).exists()


class TestTheOtherIban:
    @pytest.fixture
    def merge(self, kept: Employee, other: Employee, ilse: User) -> Merge:
        for employee, iban in ((kept, "NL02ABNA0123456789"), (other, IBAN)):
            employee.iban = iban
            employee.save()
        return merge_employees(by=ilse, kept=kept, other=other)

    def test_merging_says_that_it_is_kept(
        self, as_ilse: Client, kept: Employee, other: Employee
    ) -> None:
        kept.iban, other.iban = "NL02ABNA0123456789", IBAN
        kept.save()
        other.save()

        page = words(as_ilse.get(confirm(kept, other)))

        assert "dat van het andere dossier blijft bewaard" in page
        assert IBAN not in page

    def test_the_page_asks_first_and_the_form_shows_it(
        self, as_ilse: Client, kept: Employee, merge: Merge
    ) -> None:
        change = reverse("admin:dossiers_employee_change", args=[kept.pk])
        page = as_ilse.get(change).content.decode()
        assert iban_of(merge) in page
        assert IBAN not in page
        assert IBAN not in as_ilse.get(iban_of(merge)).content.decode()
        assert not AuditEvent.objects.filter(action="employee.iban").exists()

        shown = as_ilse.post(iban_of(merge))

        assert IBAN in words(shown)
        assert shown.headers["Cache-Control"] == "no-store"
        assert AuditEvent.objects.filter(action="employee.iban").count() == 1

    def test_a_quarter_of_an_hour_after_the_login_it_asks_for_both_steps(
        self, as_ilse: Client, merge: Merge
    ) -> None:
        for minutes in (10, 16):  # never idle for a quarter of an hour
            with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
                response = as_ilse.post(iban_of(merge))

        assert response.headers["Location"] == reverse("accounts:confirm")
        target = as_ilse.session["confirmation_target"]
        assert target["name"] == "admin:dossiers_employee_merged_iban"
        assert AuditEvent.objects.filter(action="employee.iban").count() == 1

    def test_a_merge_without_one_has_no_such_page(
        self, as_ilse: Client, kept: Employee, other: Employee, ilse: User
    ) -> None:
        merge = merge_employees(by=ilse, kept=kept, other=other)

        assert as_ilse.get(iban_of(merge)).status_code == 404
        change = reverse("admin:dossiers_employee_change", args=[kept.pk])
        assert iban_of(merge) not in as_ilse.get(change).content.decode()

    def test_hcs_does_not_see_it(self, as_hugo: Client, kept: Employee, merge: Merge) -> None:
        change = reverse("admin:dossiers_employee_change", args=[kept.pk])
        assert iban_of(merge) not in as_hugo.get(change).content.decode()
        assert as_hugo.get(iban_of(merge)).status_code == 403
        assert as_hugo.post(iban_of(merge)).status_code == 403
