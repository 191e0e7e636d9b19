"""/inloggen/back-up-code/: the way back after a lost phone, and that it leads nowhere else."""

import re
import threading

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.actions.enrolment import make_backup_code
from accounts.models import AuditEvent, BackupCodeDevice, SmsDevice, TotpDevice, User
from tests.accounts.steps import (
    BACKUP,
    LOGIN,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    is_inside,
    sms_code,
)
from tests.jobs import run_jobs
from tests.login import login, totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")
CHOOSE, NEW_CODE = "/activeren/keuze/", "/activeren/back-up-code/"


def note_backup_code(user: User) -> str:
    """The user has a back-up code, and this is it."""
    code = make_backup_code(by=user)
    BackupCodeDevice.objects.filter(user=user).update(confirmed=True)
    return code


@pytest.fixture
def code(anna: User) -> str:
    add_app(anna)
    return note_backup_code(anna)


def use(client: Client, user: User, code: str):
    give_password(client, user)
    return client.post(BACKUP, {"code": code})


def set_up_app(client: Client) -> TotpDevice:
    client.post("/activeren/app/", {"has_app": "ja"})
    device = TotpDevice.objects.get(confirmed=False)
    client.post("/activeren/app/controle/", {"code": totp_code(device)})
    return device


def shown_code(client: Client) -> str:
    found = re.search(r'id="backup-code">([^<]+)<', client.get(NEW_CODE).content.decode())
    assert found
    return found.group(1)


def test_the_whole_way_from_a_lost_phone_to_a_new_one(client, anna: User, code: str) -> None:
    old = TotpDevice.objects.get()
    give_password(client, anna)
    assert ">Inloggen</button>" in client.get(BACKUP).content.decode()
    assert client.post(BACKUP, {"code": code.lower().replace("-", " ")}).url == CHOOSE
    page = client.get(CHOOSE).content.decode()
    assert "nieuwe telefoon" in page
    assert 'class="steps"' not in page

    new = set_up_app(client)
    assert client.post("/activeren/geen-extra/").url == NEW_CODE
    fresh = shown_code(client)
    assert not is_inside(client)
    assert client.post(NEW_CODE, {"is_noted": "on"}).url == START
    assert is_inside(client)

    assert fresh != code
    assert not TotpDevice.objects.filter(pk=old.pk).exists()
    assert TotpDevice.objects.get(user=anna, confirmed=True).pk == new.pk
    stored = BackupCodeDevice.objects.get(user=anna)
    assert stored.confirmed
    assert stored.code_hash == BackupCodeDevice.hash_of(anna.pk, fresh)


def test_every_factor_of_the_lost_phone_is_removed(client: Client, anna: User, code: str) -> None:
    add_sms(anna, "+31687654321")
    use(client, anna, code)
    client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"})
    client.post("/activeren/sms/controle/", {"code": sms_code()})

    assert not TotpDevice.objects.filter(user=anna).exists()
    assert [device.number for device in SmsDevice.objects.filter(user=anna)] == ["+31612345678"]


def test_until_a_new_factor_is_set_up_the_old_ones_stay(client, anna: User, code: str) -> None:
    """Who found the phone again after all can log in."""
    use(client, anna, code)
    device = TotpDevice.objects.get(user=anna)
    other = Client()
    give_password(other, anna)

    assert give_code(other, totp_code(device)).url == START


def test_the_code_opens_nothing_but_the_new_set_up(client, anna: User, code: str) -> None:
    use(client, anna, code)

    assert not is_inside(client)
    assert "_auth_user_id" not in client.session
    for path in ("/start/", "/beheer/", "/proef/pagina/", "/proef/formulier/1/"):
        assert client.get(path).url.startswith(LOGIN)
        assert client.post(path).url.startswith(LOGIN)


def test_a_second_factor_may_be_added_on_the_way(client: Client, anna: User, code: str) -> None:
    use(client, anna, code)
    set_up_app(client)
    client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"})

    assert client.post("/activeren/sms/controle/", {"code": sms_code()}).url == NEW_CODE
    assert TotpDevice.objects.filter(user=anna, confirmed=True).exists()


def test_other_sessions_end_and_the_user_is_told(client: Client, anna: User, code: str) -> None:
    elsewhere = Client()
    login(elsewhere, anna)
    use(client, anna, code)
    run_jobs()

    assert not is_inside(elsewhere)
    assert mail.outbox[0].to == [anna.email]
    assert mail.outbox[0].subject == "Uw back-up code is gebruikt"
    set_up_app(client)
    run_jobs()
    assert mail.outbox[1].subject == "Uw 2-stappen controle is gewijzigd"


def test_a_used_code_is_refused(anna: User, code: str) -> None:
    use(Client(), anna, code)
    response = use(Client(), anna, code)

    assert "klopt niet" in response.content.decode()


def test_a_code_that_was_not_acknowledged_does_not_work(client: Client, anna: User) -> None:
    add_app(anna)
    code = make_backup_code(by=anna)

    assert "klopt niet" in use(client, anna, code).content.decode()


def test_the_code_of_somebody_else_does_not_work(client, anna: User, bram: User, code) -> None:
    add_app(bram)
    note_backup_code(bram)

    assert "klopt niet" in use(client, bram, code).content.decode()


def test_without_the_password_the_code_is_of_no_use(client: Client, anna: User, code: str) -> None:
    assert client.post(BACKUP, {"code": code}).url == LOGIN
    assert BackupCodeDevice.objects.get().used_at is None


def test_guessing_the_code_is_throttled(client: Client, anna: User, code: str) -> None:
    use(client, anna, "x")

    assert "Wacht 1 seconde" in client.post(BACKUP, {"code": code}).content.decode()
    assert BackupCodeDevice.objects.get().used_at is None


def test_after_a_hundred_failures_the_code_still_helps(client, anna: User, code: str) -> None:
    TotpDevice.objects.update(throttling_failure_count=100)

    assert use(client, anna, code).url == CHOOSE


@pytest.mark.parametrize("value", ["", "x" * 300, "\x00", "٠١٢", "<b>"])
def test_bad_input_gets_the_page_again(client: Client, anna: User, code: str, value: str) -> None:
    give_password(client, anna)
    response = client.post(BACKUP, {"code": value, "csrfmiddlewaretoken": "x"})

    assert response.status_code == 200
    assert "<title>Fout: " in response.content.decode()


@pytest.mark.parametrize("change", ["password", "epoch", "blocked"])
def test_the_set_up_ends_with_a_change_of_the_account(client, anna: User, code, change) -> None:
    use(client, anna, code)
    anna.refresh_from_db()
    if change == "password":
        anna.set_password("een heel ander wachtwoord")
    elif change == "epoch":
        anna.security_epoch += 1
    else:
        anna.is_active = False
    anna.save()

    assert client.get(CHOOSE).url == "/activeren/ongeldig/"


def test_staff_come_back_with_the_app_only(client: Client, hugo: User) -> None:
    add_app(hugo)
    code = note_backup_code(hugo)
    assert use(client, hugo, code).url == CHOOSE
    assert ">sms</a>" not in client.get(CHOOSE).content.decode()
    set_up_app(client)

    assert client.post(NEW_CODE, {"is_noted": "on"}).url == "/beheer/"


def test_each_step_is_an_event(client: Client, anna: User, code: str) -> None:
    use(client, anna, code)
    set_up_app(client)
    client.post("/activeren/geen-extra/")
    client.post(NEW_CODE, {"is_noted": "on"})
    actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))

    assert actions == [
        "account.backup",
        "login.password",
        "login.backup",
        "account.factor_added",
        "account.factor_removed",
        "account.backup",
        "login",
    ]


@pytest.mark.django_db(transaction=True)
def test_twelve_browsers_with_one_code_give_one_set_up(anna: User, monkeypatch) -> None:
    monkeypatch.setattr("accounts.throttle.code_attempt", lambda **_: 0)
    add_app(anna)
    code = note_backup_code(anna)
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    for client in clients:
        give_password(client, anna)
    answers: list[str] = []
    together = threading.Barrier(12)

    def run(client: Client) -> None:
        try:
            together.wait()
            response = client.post(BACKUP, {"code": code})
            answers.append(response.headers.get("Location", str(response.status_code)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(CHOOSE) == 1
    assert "500" not in answers
