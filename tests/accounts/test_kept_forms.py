"""A form sent after the session had ended is there again after a new login, for its user only."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import kept_forms
from accounts.models import Session, User
from tests.accounts.steps import LOGIN, add_app, give_code, give_password
from tests.login import login, totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")
FORM, EMPLOYEE = "/proef/formulier/7/", "/dossiers/werknemer-toevoegen/"
TYPED = {"note": "Łukasz O'Brien <b>", "tags": ["a", "c"]}


@pytest.fixture(autouse=True)
def _keep_our_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_forms, "PAGES", kept_forms.PAGES | {"proef:form"})


def later(minutes: int = 31) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def send_too_late(client: Client, user: User, data=TYPED, path: str = FORM):
    """Inside, then half an hour of nothing, then the form is sent."""
    login(client, user)
    with time_machine.travel(later()):
        return client.post(path, data)


def log_in_again(client: Client, user: User, minutes: int = 32):
    device = user.totpdevice_set.get()
    with time_machine.travel(later(minutes)):
        give_password(client, user)
        return give_code(client, totp_code(device))


def test_the_typed_form_is_there_after_the_login(client: Client, anna: User) -> None:
    assert send_too_late(client, anna).url == LOGIN
    with time_machine.travel(later(32)):
        assert "staat na het inloggen weer voor u klaar" in client.get(LOGIN).content.decode()
    assert log_in_again(client, anna).url == FORM
    with time_machine.travel(later(32)):
        assert client.get(FORM).content.decode() == "7: Łukasz O'Brien <b> ['a', 'c']"


def test_a_notice_says_that_it_is_not_stored_yet(client: Client, anna: User) -> None:
    send_too_late(client, anna)
    log_in_again(client, anna)
    with time_machine.travel(later(32)):
        page = client.get("/help/").content.decode()

    assert "Wat u had ingevuld staat er nog; het is nog niet opgeslagen." in page
    assert "bestanden" not in page.split("opgeslagen.")[1].split("</p>")[0]


def test_files_are_not_kept_and_the_notice_says_so(client: Client, anna: User) -> None:
    send_too_late(client, anna, {**TYPED, "file": SimpleUploadedFile("a.pdf", b"%PDF")})
    log_in_again(client, anna)
    with time_machine.travel(later(32)):
        assert "Kies de bestanden opnieuw." in client.get("/help/").content.decode()


def test_once_sent_it_is_gone(client: Client, anna: User) -> None:
    send_too_late(client, anna)
    log_in_again(client, anna)
    with time_machine.travel(later(32)):
        assert client.get(FORM).content.decode().startswith("7: Łukasz")
        assert client.post(FORM, {"note": "x"}).content.decode() == "opgeslagen: x"
        assert client.get(FORM).content.decode() == "7: None None"


def test_somebody_else_who_logs_in_sees_nothing_of_it(client, anna: User, bram: User) -> None:
    send_too_late(client, anna)
    device = add_app(bram)
    with time_machine.travel(later(32)):
        give_password(client, bram)
        assert give_code(client, totp_code(device)).url == "/start/"
        assert client.get(FORM).content.decode() == "7: None None"
    assert kept_forms.SESSION_KEY not in client.session


def test_it_belongs_to_one_page(client: Client, anna: User) -> None:
    send_too_late(client, anna)
    log_in_again(client, anna)
    with time_machine.travel(later(32)):
        assert client.get("/proef/formulier/8/").content.decode() == "8: None None"


def test_after_half_an_hour_it_is_not_shown_any_more(client: Client, anna: User) -> None:
    send_too_late(client, anna)

    assert log_in_again(client, anna, minutes=62).url == "/start/"


def test_it_is_sealed_in_the_session(client: Client, anna: User) -> None:
    send_too_late(client, anna, {"note": "123456782"})
    data = client.session.decode(Session.objects.get(pk=client.session.session_key).session_data)

    assert "kept_form" in data
    assert "123456782" not in str(data)


def test_it_belongs_to_one_address_with_what_stands_behind_the_question_mark(client, anna) -> None:
    """A note of the back office is about the report that its address names."""
    assert send_too_late(client, anna, path=f"{FORM}?traject=3").url == LOGIN
    assert log_in_again(client, anna).url == f"{FORM}?traject=3"
    with time_machine.travel(later(32)):
        assert client.get(FORM).content.decode() == "7: None None"
        assert client.get(f"{FORM}?traject=3").content.decode().startswith("7: Łukasz")


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_a_form_that_was_sent_halfway_is_shown_by_its_own_page(client, anna, headers) -> None:
    """Choosing an employer sends what was typed so far to an address that shows no form."""
    login(client, anna)
    with time_machine.travel(later()):
        answer = client.post(EMPLOYEE + "velden/", {"surname": "Yılmaz"}, headers=headers)
        assert LOGIN in (answer.headers.get("Location"), answer.headers.get("HX-Redirect"))
    assert log_in_again(client, anna).url == EMPLOYEE
    with time_machine.travel(later(32)):
        assert 'value="Yılmaz"' in client.get(EMPLOYEE).content.decode()


def test_a_page_that_is_not_named_is_not_kept(client: Client, anna: User, monkeypatch) -> None:
    monkeypatch.setattr(kept_forms, "PAGES", frozenset())

    assert send_too_late(client, anna).url == LOGIN
    assert kept_forms.SESSION_KEY not in client.session


def test_a_form_without_end_is_not_kept(client: Client, anna: User) -> None:
    send_too_late(client, anna, {"note": "x" * 60_000})

    assert kept_forms.SESSION_KEY not in client.session


def test_a_visitor_s_form_is_not_kept(client: Client, db: None) -> None:
    assert client.post(FORM, TYPED).url == LOGIN
    assert kept_forms.SESSION_KEY not in client.session


def test_an_earlier_visit_that_ended_is_enough(client: Client, anna: User) -> None:
    """Another tab noticed the end first; the form is sent after that."""
    login(client, anna)
    with time_machine.travel(later()):
        client.get("/proef/pagina/")
        client.post(FORM, TYPED)

    assert log_in_again(client, anna).url == FORM


def test_the_csrf_check_lets_the_late_form_through_and_stays_in_force(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    login(client, anna)
    client.get(LOGIN)
    page = client.get("/help/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with time_machine.travel(later()):
        assert client.post(FORM, TYPED).status_code == 403
        assert client.post(FORM, {**TYPED, "csrfmiddlewaretoken": token}).url == LOGIN
    assert kept_forms.SESSION_KEY in client.session
    with time_machine.travel(later()):
        page = client.get(LOGIN).content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        data = {"username": "anna", "password": "een lang wachtwoord 12"}
        assert client.post(LOGIN, {**data, "csrfmiddlewaretoken": token}).status_code == 302
