"""/nieuw-wachtwoord/: the link from the e-mail works once. Asking for it: test_forgotten.py."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, OneTimeLink, User
from tests.accounts.steps import CHECK, LOGIN, add_app, give_password, is_inside
from tests.jobs import run_jobs
from tests.login import login

pytestmark = pytest.mark.urls("tests.accounts.pages")
FORGOTTEN, NEW = "/wachtwoord-vergeten/", "/nieuw-wachtwoord/"
NEW_PASSWORD = "vier losse woorden samen"


def ask(name: str, client: Client | None = None):
    return (client or Client()).post(FORGOTTEN, {"username": name})


def link_for(name: str) -> str:
    ask(name)
    run_jobs()
    found = re.search(r"(/nieuw-wachtwoord/[^/\s]+/)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def choose(client: Client, password: str = NEW_PASSWORD):
    return client.post(NEW, {"password": password, "again": password})


@pytest.mark.parametrize("name", ["anna", "Anna@Voorbeeld.TEST"])
def test_the_link_leads_to_a_new_password_and_the_usual_login(client, anna: User, name) -> None:
    add_app(anna)
    assert client.get(link_for(name)).url == NEW
    assert ">Wachtwoord wijziging opslaan</button>" in client.get(NEW).content.decode()
    assert choose(client).url == LOGIN
    assert "Uw wachtwoord is gewijzigd." in client.get(LOGIN).content.decode()

    assert not is_inside(client)
    assert give_password(client, anna, NEW_PASSWORD).url == CHECK


def test_every_session_ends_and_the_user_is_told(client: Client, anna: User) -> None:
    inside = Client()
    login(inside, anna)
    client.get(link_for("anna"))
    choose(client)
    run_jobs()

    assert not is_inside(inside)
    assert mail.outbox[-1].subject == "Uw wachtwoord is gewijzigd"


def test_opening_the_link_uses_nothing_up(client: Client, anna: User) -> None:
    link = link_for("anna")
    for _ in range(10):
        Client().get(link)
    client.get(link)

    assert choose(client).url == LOGIN


def test_the_link_works_once(anna: User) -> None:
    link = link_for("anna")
    first, second = Client(), Client()
    first.get(link)
    second.get(link)
    choose(first)

    assert choose(second, "een ander lang wachtwoord").status_code == 404
    assert Client().get(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_twelve_passwords_at_once_set_one(anna: User) -> None:
    link = link_for("anna")
    clients = [Client() for _ in range(12)]
    for client in clients:
        client.get(link)
    statuses: list[int] = []
    together = threading.Barrier(12)

    def run(client: Client) -> None:
        try:
            together.wait()
            statuses.append(choose(client).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [302] + [404] * 11


def test_a_new_link_voids_the_one_before(anna: User) -> None:
    first = link_for("anna")
    second = link_for("anna")

    assert Client().get(first).status_code == 404
    assert Client().get(second).url == NEW


@pytest.mark.parametrize("change", ["expired", "email", "blocked"])
def test_the_link_dies(client: Client, anna: User, change: str) -> None:
    link = link_for("anna")
    if change == "email":
        anna.email = "anders@voorbeeld.test"
    if change == "blocked":
        anna.is_active = False
    anna.save()
    later = timedelta(minutes=61 if change == "expired" else 0)
    with time_machine.travel(timezone.now() + later):
        assert client.get(link).status_code == 404


def test_a_page_left_open_too_long_starts_over(client: Client, anna: User) -> None:
    client.get(link_for("anna"))
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert choose(client).status_code == 404


def test_an_activation_link_sets_no_new_password_here(client, anna: User) -> None:
    link = link_for("anna")
    OneTimeLink.objects.update(purpose=OneTimeLink.Purpose.ACTIVATION)

    assert client.get(link).status_code == 404


def test_without_a_link_there_is_no_page(client: Client, db: None) -> None:
    assert client.get(NEW).status_code == 404
    assert choose(client).status_code == 404
    assert client.get(f"{NEW}%00/").status_code == 404


def test_a_weak_password_is_refused(client: Client, anna: User) -> None:
    client.get(link_for("anna"))

    assert "Gebruik minstens 12 tekens." in choose(client, "kort").content.decode()
    assert OneTimeLink.objects.get().used_at is None


def test_each_step_is_an_event(client: Client, anna: User) -> None:
    client.get(link_for("anna"))
    choose(client)
    actions = AuditEvent.objects.order_by("id").values_list("action", "actor", "object_id")

    assert list(actions) == [
        ("account.password_asked", None, str(anna.pk)),
        ("account.password", anna.pk, ""),
    ]
