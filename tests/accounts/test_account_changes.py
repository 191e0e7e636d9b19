"""What each change of the own account brings about, and what it may never do."""

import re
import threading
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.actions.account import LastFactorError, remove_factor
from accounts.factors import login_devices
from accounts.models import AuditEvent, BackupCodeDevice, Employer, OneTimeLink, TotpDevice, User
from tests.accounts.steps import add_sms, give_password, sms_code
from tests.factories import PASSWORD, make_member
from tests.jobs import run_jobs
from tests.login import login, totp_code

NEW = "drie nieuwe woorden 9"
Change = Callable[[Client, User], object]


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def latest_link() -> str:
    run_jobs()
    links = [re.search(r"/nieuw-e-mailadres/\S+", str(email.body)) for email in mail.outbox]
    return [found.group() for found in links if found][-1]


def new_password(client: Client, user: User) -> None:
    client.post("/account/wachtwoord/", {"password": NEW, "again": NEW})


def new_address(client: Client, user: User) -> None:
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    client.post(client.get(latest_link()).url)


def new_number(client: Client, user: User) -> None:
    client.get("/account/2-stappen-controle/")
    client.post("/activeren/sms/", {"country": "NL", "number": "06 12345678"})
    client.post("/activeren/sms/controle/", {"code": sms_code()})


def new_app(client: Client, user: User) -> None:
    client.get("/account/2-stappen-controle/")
    client.post("/activeren/app/", {"has_app": "ja"})
    fresh = TotpDevice.objects.get(user=user, confirmed=False)
    client.post("/activeren/app/controle/", {"code": totp_code(fresh)})


def no_number(client: Client, user: User) -> None:
    add_sms(user)
    client.post("/account/sms-verwijderen/")


def no_app(client: Client, user: User) -> None:
    add_sms(user)
    client.post("/account/app-verwijderen/")


def new_backup_code(client: Client, user: User) -> None:
    client.post("/account/back-up-code/")
    client.post("/activeren/back-up-code/", {"is_noted": "on"})


def no_other_sessions(client: Client, user: User) -> None:
    client.post("/account/sessies/")


# What is done, how the log calls it, what the user is told, and whether the contact person is.
CHANGES: list[tuple[Change, str, str, bool]] = [
    (new_password, "account.password", "Uw wachtwoord is gewijzigd", False),
    (new_address, "account.email", "Het e-mailadres van uw account is gewijzigd", False),
    (new_number, "account.factor_added", "Uw 2-stappen controle is gewijzigd", True),
    (new_app, "account.factor_added", "Uw 2-stappen controle is gewijzigd", True),
    (no_number, "account.factor_removed", "Uw 2-stappen controle is gewijzigd", True),
    (no_app, "account.factor_removed", "Uw 2-stappen controle is gewijzigd", True),
    (new_backup_code, "account.backup_renewed", "U hebt een nieuwe back-up code", True),
    (no_other_sessions, "user.sessions_ended", "Uw andere sessies zijn beëindigd", False),
]


@pytest.mark.parametrize(
    ("change", "event", "subject", "tells_contact"),
    CHANGES,
    ids=[change.__name__ for change, *_ in CHANGES],
)
def test_a_change_is_recorded_and_told_and_ends_every_other_session(
    client: Client, anna: User, change: Change, event: str, subject: str, tells_contact: bool
) -> None:
    employer = Employer.objects.get(memberships__user=anna)
    employer.contact = make_member(employer, "chef")
    employer.save()
    login(client, anna)
    elsewhere = Client()
    login(elsewhere, anna)
    before = client.session.session_key
    change(client, anna)

    recorded = AuditEvent.objects.get(action=event, outcome="OK")
    assert recorded.actor == anna
    run_jobs()
    told = [email.to for email in mail.outbox if email.subject == subject]
    assert told == [[anna.email]]
    assert any(email.to == ["chef@voorbeeld.test"] for email in mail.outbox) is tells_contact
    assert is_in(client)
    assert client.session.session_key != before
    assert not is_in(elsewhere)


def test_the_contact_person_gets_one_mail_about_himself(client: Client, anna: User) -> None:
    Employer.objects.filter(memberships__user=anna).update(contact=anna)
    login(client, anna)
    new_app(client, anna)
    run_jobs()

    assert [email.to for email in mail.outbox] == [[anna.email]]


# --- Another e-mail address --------------------------------------------------------------------


def test_the_old_address_is_told_before_anything_changes(client: Client, anna: User) -> None:
    login(client, anna)
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    run_jobs()
    told = next(email for email in mail.outbox if email.to == [anna.email])

    assert "wijzig" in str(told.body)
    assert "/nieuw-e-mailadres/" not in str(told.body)
    assert "nieuw@voorbeeld.test" not in str(told.body)


@pytest.mark.parametrize("change", ["password", "epoch", "email"])
def test_the_link_of_a_thief_dies_with_a_change_of_the_account(
    client: Client, anna: User, change: str
) -> None:
    login(client, anna)
    client.post("/account/e-mailadres/", {"email": "dief@voorbeeld.test"})
    link, opened = latest_link(), Client()
    confirm = opened.get(link).url
    anna.refresh_from_db()
    if change == "password":
        anna.set_password(NEW)
    elif change == "epoch":
        anna.security_epoch += 1
    else:
        anna.email = "staf@voorbeeld.test"
    anna.save()

    assert Client().get(link).status_code == 404
    assert opened.get(confirm).status_code == opened.post(confirm).status_code == 404
    assert not User.objects.filter(email="dief@voorbeeld.test").exists()


def test_a_link_that_is_opened_where_somebody_else_is_logged_in(
    client: Client, anna: User, bram: User
) -> None:
    """That login ends: what follows is about another account."""
    login(client, anna)
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    theirs = Client()
    login(theirs, bram)
    address = theirs.get(latest_link()).url

    assert not is_in(theirs)
    page = theirs.get(address).content.decode()
    assert "anna" in page
    assert theirs.post(address).url == "/inloggen/"
    assert User.objects.get(pk=bram.pk).email == bram.email
    assert User.objects.get(pk=anna.pk).email == "nieuw@voorbeeld.test"


# --- The back-up code --------------------------------------------------------------------------


def shown_code(client: Client) -> str:
    page = client.get("/activeren/back-up-code/").content.decode()
    found = re.search(r'id="backup-code">([^<]+)<', page)
    assert found
    return found.group(1)


def test_a_code_that_another_browser_replaced_is_not_the_one_that_counts(anna: User) -> None:
    """Whoever noted the first must not believe that it works."""
    first, second = Client(), Client()
    for browser in (first, second):
        login(browser, anna)
        browser.post("/account/back-up-code/")
    noted = shown_code(second)
    first.post("/activeren/back-up-code/", {"is_noted": "on"})
    assert not BackupCodeDevice.objects.filter(confirmed=True).exists()

    assert second.post("/activeren/back-up-code/", {"is_noted": "on"}).url == "/account/"
    hashed = BackupCodeDevice.hash_of(anna.pk, noted)
    assert BackupCodeDevice.objects.get(confirmed=True).code_hash == hashed


# --- The last factor ---------------------------------------------------------------------------


def test_sms_is_no_factor_for_staff_so_their_app_is_the_last_one(client, hugo: User) -> None:
    app = login(client, hugo)
    add_sms(hugo)

    assert client.post("/account/app-verwijderen/").status_code == 409
    with pytest.raises(LastFactorError):
        remove_factor(by=hugo, device=app)


def test_staff_have_no_screen_on_which_a_factor_or_session_could_be_changed(db: None) -> None:
    shown = {model.__name__ for model in admin.site._registry}

    assert "User" in shown
    assert not shown & {"TotpDevice", "SmsDevice", "BackupCodeDevice", "Session", "OneTimeLink"}


@pytest.mark.django_db(transaction=True)
def test_twelve_removals_at_once_leave_one_factor(anna: User) -> None:
    app = login(Client(), anna)
    both = [app, add_sms(anna)]
    together = threading.Barrier(12)
    refused: list[bool] = []

    def run(number: int) -> None:
        try:
            together.wait()
            remove_factor(by=anna, device=both[number % 2])
        except LastFactorError:
            refused.append(True)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(login_devices(anna)) == 1
    assert refused


# --- The login page ----------------------------------------------------------------------------


def test_who_is_inside_can_log_in_anew(client: Client, anna: User, bram: User) -> None:
    """From a login page that was still open: the login before it ends."""
    login(client, anna)
    login(Client(), bram)
    before = client.session.session_key
    assert give_password(client, bram, PASSWORD).url == "/inloggen/controle/"

    assert "_auth_user_id" not in client.session
    assert client.session.session_key != before
    assert not OneTimeLink.objects.exists()
