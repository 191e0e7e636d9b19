"""The back-office pages that merge two dossiers of one person."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from dossiers.models import Employee, Merge
from tests.absence.pages import words
from tests.factories import make_employee, make_employer, make_trajectory

pytestmark = pytest.mark.django_db


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
