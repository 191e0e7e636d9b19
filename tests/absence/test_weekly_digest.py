"""The weekly e-mail: once, on Monday, to who asked for it and may still see it; counts only."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from absence.actions import digests
from absence.digest import week_to_send
from absence.models import WeeklyDigest
from absence.tasks import send_digests
from accounts.actions.account import switch_digest
from accounts.models import Membership, OutgoingMessage, User
from tests.accounts.steps import add_app, give_code, give_password
from tests.factories import (
    make_employee,
    make_employer,
    make_member,
    make_stand_in,
    make_trajectory,
)
from tests.jobs import run_jobs
from tests.login import totp_code
from tests.threads import at_once

NL = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 23)
AT_NINE = datetime(2026, 11, 23, 9, 5, tzinfo=NL)


@pytest.fixture(autouse=True)
def clock():
    """Monday 23 November 2026, five past nine in the Netherlands."""
    with time_machine.travel(AT_NINE, tick=False) as traveller:
        yield traveller


def wants_it(user):
    User.objects.filter(pk=user.pk).update(digest_since=AT_NINE - timedelta(days=5))


def ill_at(employer, user, surname="Jansen", first_sick_day=date(2026, 10, 1), **fields):
    """Ill since 1 October: the analysis was due 12-11, the plan is due 26-11."""
    fields.setdefault("started_on", date(2020, 1, 1))
    employee = make_employee(employer, surname, created_by=user, **fields)
    return make_trajectory(employee, first_sick_day=first_sick_day)


def an_hour_of_the_worker():
    send_digests.defer(timestamp=0)
    run_jobs()


def digest_mails():
    return [message for message in mail.outbox if "weekoverzicht" in message.subject]


@pytest.fixture
def employer(anna):
    employer = anna.memberships.get().employer
    employer.policies.all().delete()
    return employer


@pytest.fixture
def report(anna, employer):
    return ill_at(employer, anna)


def test_it_says_how_much_there_is_to_do_and_nothing_about_anybody(anna, employer, report):
    wants_it(anna)
    an_hour_of_the_worker()

    [message] = digest_mails()
    assert message.to == [anna.email]
    assert "werkgeversportaal: 1 stap binnen twee weken, 1 te laat.\n" in message.body
    assert '"Mijn account", bij "Weekoverzicht per e-mail"' in message.body
    for told in (report.employee.surname, employer.name, "2026", "Probleemanalyse", "ziek"):
        assert told not in message.body + message.subject


@pytest.mark.parametrize(
    ("first_sick_days", "words"),
    [
        (["2026-10-01"] * 3, "3 stappen binnen twee weken, 3 te laat"),
        (["2026-10-20"], "1 stap binnen twee weken"),
        (["2026-10-05", "2026-10-10"], "2 stappen binnen twee weken, 2 te laat"),
    ],
)
def test_the_counts_are_right_in_one_and_many(anna, employer, first_sick_days, words):
    for number, day in enumerate(first_sick_days):
        ill_at(employer, anna, f"Bakker{number}", date.fromisoformat(day))
    wants_it(anna)
    an_hour_of_the_worker()

    assert f"werkgeversportaal: {words}.\n" in digest_mails()[0].body


def test_an_employment_that_ends_is_counted(anna, employer):
    ill_at(employer, anna, first_sick_day=date(2026, 11, 20), ended_on=date(2026, 12, 1))
    wants_it(anna)
    an_hour_of_the_worker()

    assert "1 dienstverband dat afloopt" in digest_mails()[0].body


def test_nobody_gets_it_who_did_not_ask(anna, report):
    an_hour_of_the_worker()

    assert not digest_mails()


def test_with_nothing_to_do_there_is_no_e_mail_all_week(anna, employer, clock):
    wants_it(anna)
    an_hour_of_the_worker()
    ill_at(employer, anna)
    clock.shift(timedelta(days=1))
    an_hour_of_the_worker()

    assert not digest_mails()
    assert WeeklyDigest.objects.get().is_sent is False


def test_it_comes_once_a_week_however_often_the_worker_runs(anna, report, clock):
    wants_it(anna)
    for _ in range(3):
        an_hour_of_the_worker()
    clock.shift(timedelta(hours=30))
    an_hour_of_the_worker()
    assert len(digest_mails()) == 1

    clock.shift(timedelta(days=6))
    an_hour_of_the_worker()
    assert len(digest_mails()) == 2


def test_a_worker_that_stood_still_on_monday_makes_it_good(anna, report, clock):
    wants_it(anna)
    clock.shift(timedelta(days=2))
    an_hour_of_the_worker()

    assert len(digest_mails()) == 1
    assert WeeklyDigest.objects.get().monday == MONDAY


def test_killed_in_between_neither_the_e_mail_nor_the_row_is_there(anna, report, monkeypatch):
    """Then the next hour sends it: both are of one transaction."""
    wants_it(anna)
    kept = WeeklyDigest.objects.create

    def killed(**fields):
        raise KeyboardInterrupt

    monkeypatch.setattr(WeeklyDigest.objects, "create", killed)
    with pytest.raises(KeyboardInterrupt):
        digests.send_digest(user_id=anna.pk, monday=MONDAY)
    assert not OutgoingMessage.objects.filter(purpose="weekoverzicht").exists()

    monkeypatch.setattr(WeeklyDigest.objects, "create", kept)
    an_hour_of_the_worker()
    assert len(digest_mails()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_send_one(anna, report):
    wants_it(anna)
    done = at_once([lambda: digests.send_digest(user_id=anna.pk, monday=MONDAY)] * 4)

    assert sorted(isinstance(one, WeeklyDigest) for one in done) == [False, False, False, True]
    assert not [one for one in done if isinstance(one, Exception)]
    assert OutgoingMessage.objects.filter(purpose="weekoverzicht").count() == 1


def test_the_database_holds_one_row_per_user_and_week(anna):
    WeeklyDigest.objects.create(user=anna, monday=MONDAY, is_sent=True)
    with pytest.raises(IntegrityError, match="digest_once_per_week"):
        WeeklyDigest.objects.create(user=anna, monday=MONDAY, is_sent=True)


def test_a_week_begins_on_monday(anna):
    with pytest.raises(IntegrityError, match="digest_week_begins_on_monday"):
        WeeklyDigest.objects.create(user=anna, monday=date(2026, 11, 24), is_sent=True)


# --- to whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"is_staff": True}, {"state": User.State.BACKUP_SHOWN}]
)
def test_who_cannot_log_in_gets_none(anna, report, change):
    wants_it(anna)
    User.objects.filter(pk=anna.pk).update(**change)
    an_hour_of_the_worker()

    assert not digest_mails()


def test_who_lost_the_access_after_the_job_was_made_gets_none(anna, report):
    wants_it(anna)
    send_digests.func(timestamp=0)
    Membership.objects.filter(user=anna).delete()
    run_jobs()

    assert not digest_mails()


def test_who_is_blocked_after_the_job_was_made_gets_none(anna, report):
    wants_it(anna)
    send_digests.func(timestamp=0)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    run_jobs()

    assert not digest_mails()


def test_bram_hears_nothing_of_annas_employer(anna, bram, report):
    wants_it(bram)
    an_hour_of_the_worker()

    assert not digest_mails()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "count"),
    [
        (date(2026, 11, 1), MONDAY, 1),
        (MONDAY, date(2026, 12, 1), 1),
        (date(2026, 11, 1), date(2026, 11, 22), 0),
        (date(2026, 11, 24), date(2026, 12, 1), 0),
    ],
)
def test_a_stand_in_gets_it_while_that_runs(
    anna, bram, employer, report, starts_on, ends_on, count
):
    role = Membership.Role.GEBRUIKER
    make_stand_in(employer, bram, anna, role=role, starts_on=starts_on, ends_on=ends_on)
    wants_it(bram)
    an_hour_of_the_worker()

    assert [message.to for message in digest_mails()] == [[bram.email]] * count


def test_what_goes_wrong_for_one_keeps_no_other_from_it(anna, report, employer):
    other = make_member(employer, "carla")
    wants_it(anna)
    wants_it(other)
    send_digests.func(timestamp=0)

    jobs = ProcrastinateJob.objects.filter(task_name="absence.tasks.send_digest")
    assert sorted(job.args["user_id"] for job in jobs) == sorted([anna.pk, other.pk])


# --- when ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        ("2026-11-22T23:59+01:00", None),
        ("2026-11-23T06:59+01:00", None),
        ("2026-11-23T07:00+01:00", "2026-11-23"),
        ("2026-11-26T06:59+01:00", "2026-11-23"),
        ("2026-11-26T07:00+01:00", None),
        # The clock went forward on 29 March and back on 25 October.
        ("2026-03-30T04:59Z", None),
        ("2026-03-30T05:00Z", "2026-03-30"),
        ("2026-10-26T05:59Z", None),
        ("2026-10-26T06:00Z", "2026-10-26"),
        # A week over the end of the year.
        ("2026-12-28T07:00+01:00", "2026-12-28"),
        ("2024-02-29T06:00+01:00", "2024-02-26"),
    ],
)
def test_it_goes_out_from_monday_seven_until_thursday_by_the_clock_here(moment, monday):
    found = week_to_send(datetime.fromisoformat(moment))

    assert found == (date.fromisoformat(monday) if monday else None)


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_in_the_week_of_the_clock_change_it_comes_once(anna, employer, sunday, clock):
    clock.move_to(datetime(2026, sunday.month, sunday.day, tzinfo=NL) - timedelta(days=2))
    ill_at(employer, anna, first_sick_day=sunday - timedelta(days=40))
    User.objects.filter(pk=anna.pk).update(digest_since=datetime(2026, 1, 1, tzinfo=NL))
    for _ in range(24 * 5):
        clock.shift(timedelta(hours=1))
        an_hour_of_the_worker()

    assert len(digest_mails()) == 1
    made = WeeklyDigest.objects.get().made_at.astimezone(NL)
    assert (made.weekday(), made.hour) == (0, 7)


def test_who_switches_it_on_after_monday_morning_waits_for_the_next(anna, report, clock):
    switch_digest(by=anna, is_on=True)
    clock.shift(timedelta(hours=3))
    an_hour_of_the_worker()
    assert not digest_mails()

    clock.shift(timedelta(days=7))
    an_hour_of_the_worker()
    assert len(digest_mails()) == 1


def test_off_and_on_again_gives_no_second_one(anna, report, clock):
    wants_it(anna)
    an_hour_of_the_worker()
    for is_on in (False, True):
        switch_digest(by=anna, is_on=is_on)
    clock.shift(timedelta(hours=2))
    an_hour_of_the_worker()

    assert len(digest_mails()) == 1


# --- the link --------------------------------------------------------------------------------


def test_its_link_opens_the_agenda_after_login_and_second_step(client, anna, report, settings):
    settings.PUBLIC_URL = "https://portaal.voorbeeld.test"
    wants_it(anna)
    an_hour_of_the_worker()
    link = next(word for word in digest_mails()[0].body.split() if word.endswith("/agenda/"))
    path = link.removeprefix("https://portaal.voorbeeld.test")
    assert path == reverse("absence:agenda")
    device = add_app(anna)

    asked = client.get(path)
    give_password(client, anna, path=asked.url)
    landed = give_code(client, totp_code(device))

    assert landed.url == path


def test_a_name_of_an_employer_is_never_in_it(anna, report):
    wants_it(anna)
    other = make_employer("Uniek Werk")
    Membership.objects.create(employer=other, user=anna, role=Membership.Role.GEBRUIKER)
    ill_at(other, anna, "Anders")
    an_hour_of_the_worker()

    body = digest_mails()[0].body
    assert "2 stappen binnen twee weken, 2 te laat" in body
    assert "Uniek" not in body
