"""/wachtwoord-vergeten/ and /gebruikersnaam-vergeten/: they tell nobody who has an account."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import throttle
from accounts.models import AuditEvent, User
from tests.accounts.steps import CHECK, add_app
from tests.factories import PASSWORD, make_staff, make_user
from tests.jobs import run_jobs

PASSWORD_PAGE, USERNAME_PAGE = "/wachtwoord-vergeten/", "/gebruikersnaam-vergeten/"
PAGES = [PASSWORD_PAGE, USERNAME_PAGE]


def ask(page: str, name: str, ip: str = "203.0.113.7"):
    return Client(REMOTE_ADDR=ip).post(page, {"username": name})


def sent_to() -> list[str]:
    run_jobs()
    return [address for email in mail.outbox for address in email.to]


def answer(page: str, name: str) -> list[object]:
    """All that a visitor gets to see: both responses, but for the CSRF token."""
    client = Client()
    first = client.post(page, {"username": name})
    second = client.get(first.headers["Location"])
    return [
        (response.status_code, re.sub(r'value="\w+"', "", response.content.decode()), headers)
        for response in (first, second)
        for headers in [dict(response.headers) | {"cookies": sorted(response.cookies)}]
    ]


@pytest.mark.parametrize("page", PAGES)
def test_the_answer_is_the_same_whoever_is_asked_for(anna: User, page: str) -> None:
    make_user("geblokkeerd", is_active=False)
    make_user("uitgenodigd", state=User.State.INVITED)
    names = ["anna", anna.email, "bestaatniet", "geblokkeerd", "uitgenodigd", "x@y.test"]
    answers = []
    for name in names:
        answers.append(answer(page, name))
        assert ProcrastinateJob.objects.count() == 1
        assert len(mail.outbox) == len(sent_to()) - (name in {"anna", anna.email, "uitgenodigd"})

    assert answers == [answers[0]] * len(names)
    assert sent_to() == [anna.email, anna.email, "uitgenodigd@voorbeeld.test"]


@pytest.mark.parametrize("name", ["anna", "ANNA", "Anna@Voorbeeld.TEST", " anna "])
@pytest.mark.parametrize(
    ("page", "subject"),
    [(PASSWORD_PAGE, "Een nieuw wachtwoord kiezen"), (USERNAME_PAGE, "Uw gebruikersnaam")],
)
def test_username_or_address_will_do(anna: User, page: str, subject: str, name: str) -> None:
    ask(page, name)

    assert sent_to() == [anna.email]
    assert mail.outbox[0].subject == subject


def test_the_username_in_the_mail_is_the_one_to_log_in_with(client: Client, anna: User) -> None:
    add_app(anna)
    ask(USERNAME_PAGE, anna.email)
    run_jobs()
    text = str(mail.outbox[0].body)
    found = re.search(r"gebruikersnaam is:\n\n(\S+)\n", text)

    assert found
    assert f"{settings.PUBLIC_URL}/inloggen/" in text
    assert client.post("/inloggen/", {"username": found[1], "password": PASSWORD}).url == CHECK


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", ["INVITED", "PASSWORD_SET", "FACTOR_CONFIRMED", "BACKUP_SHOWN"])
def test_who_is_not_active_yet_is_told_how_to_go_on(db: None, page: str, state: str) -> None:
    make_user("yusuf", state=state)
    ask(page, "yusuf")

    assert sent_to() == ["yusuf@voorbeeld.test"]
    text = str(mail.outbox[0].body)
    assert "nog niet geactiveerd" in text
    assert "acceptatie@in-comfort.nl" in text
    assert "yusuf" not in text
    assert "/activeren/" not in text  # a new invitation is for InComfort to send


@pytest.mark.parametrize("page", PAGES)
def test_staff_are_mailed_like_everybody(db: None, page: str) -> None:
    hugo = make_staff("hugo", "HCS")
    ask(page, "hugo")

    assert sent_to() == [hugo.email]


@pytest.mark.parametrize(
    ("page", "action"),
    [(PASSWORD_PAGE, "account.password_asked"), (USERNAME_PAGE, "account.username_asked")],
)
def test_each_mail_is_an_event_of_its_user(anna: User, page: str, action: str) -> None:
    ask(page, "anna")
    ask(page, "bestaatniet")
    run_jobs()

    event = AuditEvent.objects.get(action=action)
    assert (event.actor, event.object_id) == (None, str(anna.pk))


@pytest.mark.parametrize("page", PAGES)
def test_the_queue_holds_no_names(anna: User, page: str) -> None:
    ask(page, "anna")

    assert "anna" not in str(ProcrastinateJob.objects.get().args)


@pytest.mark.parametrize("page", PAGES)
def test_after_three_in_an_hour_nothing_is_sent_and_the_same_is_said(anna: User, page) -> None:
    answers = [answer(page, name) for name in ["ANNA", "anna", "Anna", "anna", "aNNa"]]

    assert answers == [answers[0]] * 5
    assert len(sent_to()) == 3


@pytest.mark.parametrize("page", PAGES)
def test_name_and_address_of_one_account_share_their_mails(anna: User, page: str) -> None:
    for name in ["anna", anna.email] * 3:
        ask(page, name)

    assert len(sent_to()) == 3


def test_both_pages_share_their_mails(anna: User) -> None:
    for page in PAGES * 3:
        ask(page, anna.email)

    assert len(sent_to()) == 3


def test_who_asks_for_many_gets_none_any_more(anna: User) -> None:
    for number in range(throttle.LINKS_PER_ADDRESS.capacity):
        ask(PAGES[number % 2], f"gok{number}")
    ask(USERNAME_PAGE, "anna")
    assert sent_to() == []
    ask(USERNAME_PAGE, "anna", ip="203.0.113.8")

    assert sent_to() == [anna.email]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("value", ["", " ", "\x00", "x" * 300])
def test_bad_names_get_the_page_again(client: Client, db: None, page: str, value: str) -> None:
    response = client.post(page, {"username": value, "csrfmiddlewaretoken": "x"})

    assert "<title>Fout: " in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_login_page_leads_there_and_back(client: Client, db: None, page: str) -> None:
    assert f'href="{page}"' in client.get("/inloggen/").content.decode()
    assert 'href="/inloggen/"' in client.get(page).content.decode()
