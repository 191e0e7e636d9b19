"""/account/: what a user sees and changes of the own account, and whom that is told."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.actions.account import LastFactorError, remove_factor
from accounts.audit import Action
from accounts.models import BackupCodeDevice, OneTimeLink, Session, SmsDevice, TotpDevice, User
from portal import mailbox
from tests.accounts.steps import add_sms
from tests.factories import PASSWORD, make_member, make_user
from tests.jobs import run_jobs
from tests.login import login, totp_code

ACCOUNT = "/account/"
NEW = "drie nieuwe woorden 9"


@pytest.fixture
def device(client: Client, anna: User) -> TotpDevice:
    return login(client, anna)


@pytest.fixture
def elsewhere(anna: User, device: TotpDevice) -> Client:
    """Anna in another browser."""
    other = Client()
    login(other, anna)
    return other


def is_in(client: Client) -> bool:
    return client.get("/start/").status_code == 200


def mails_to(address: str) -> list[mail.EmailMessage]:
    run_jobs()
    return [email for email in mail.outbox if address.lower() in map(str.lower, email.to)]


def subjects_to(address: str) -> list[str]:
    return [str(email.subject) for email in mails_to(address)]


def link_to(address: str) -> str:
    found = re.search(r"/nieuw-e-mailadres/\S+", str(mails_to(address)[-1].body))
    assert found
    return found.group()


def test_the_page_shows_what_is_set_up_and_no_secret(client, anna, device) -> None:
    sms = add_sms(anna)
    page = client.get(ACCOUNT).content.decode()

    assert "Mijn account" in page
    assert "op 78</span>" in page
    assert "U hebt geen back-up code" in page
    assert sms.number not in page
    assert device.key not in page


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_everybody_has_an_own_one(client, anna, request, person) -> None:
    user = request.getfixturevalue(person)
    login(client, user)
    page = client.get(ACCOUNT).content.decode()

    assert user.email in page
    assert anna.email not in page


def test_staff_are_not_offered_sms(client, hugo) -> None:
    login(client, hugo)
    assert "Sms" not in client.get(ACCOUNT).content.decode().split("<main")[1]
    client.get("/account/2-stappen-controle/")

    assert client.get("/activeren/sms/").status_code == 302


def test_a_new_password_ends_every_other_session_and_is_told(
    client, anna, device, elsewhere
) -> None:
    response = client.post("/account/wachtwoord/", {"password": NEW, "again": NEW})

    assert response.url == ACCOUNT
    assert is_in(client)
    assert not is_in(elsewhere)
    assert User.objects.get(pk=anna.pk).check_password(NEW)
    assert "Uw wachtwoord is gewijzigd" in subjects_to(anna.email)


def test_a_password_that_may_not_be_is_explained_and_changes_nothing(client, anna, device) -> None:
    response = client.post("/account/wachtwoord/", {"password": "kort", "again": "kort"})

    assert "Gebruik minstens 12 tekens." in response.content.decode()
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)


def test_another_address_counts_once_its_own_link_is_used(
    client, anna, device, elsewhere, settings
) -> None:
    old = anna.email
    client.post("/account/e-mailadres/", {"email": "Nieuw@voorbeeld.test"})
    assert User.objects.get(pk=anna.pk).email == old
    visitor = Client()
    opened = visitor.get(link_to("nieuw@voorbeeld.test"))
    assert (opened.url, opened.headers["Referrer-Policy"]) == ("/nieuw-e-mailadres/", "no-referrer")
    assert "Nieuw@voorbeeld.test" in visitor.get(opened.url).content.decode()
    assert User.objects.get(pk=anna.pk).email == old

    assert visitor.post(opened.url).url == "/inloggen/"
    assert User.objects.get(pk=anna.pk).email == "Nieuw@voorbeeld.test"
    assert "Het e-mailadres van uw account is gewijzigd" in subjects_to(old)
    assert not is_in(elsewhere)


def test_the_link_of_an_address_works_once_and_for_an_hour(client, anna, device) -> None:
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    link = link_to("nieuw@voorbeeld.test")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Client().get(link).status_code == 404
    assert client.post(client.get(link).url).url == ACCOUNT
    assert is_in(client)

    assert Client().get(link).status_code == 404


def test_somebody_elses_address_gets_the_same_answer_and_no_link(client, anna, bram, device):
    free = client.post("/account/e-mailadres/", {"email": "vrij@voorbeeld.test"}, follow=True)
    taken = client.post("/account/e-mailadres/", {"email": bram.email.upper()}, follow=True)

    def words(response) -> str:
        return response.content.decode().split('class="messages"')[1].split("<header")[0]

    assert words(free) == words(taken)
    assert "/nieuw-e-mailadres/" not in str(mails_to(bram.email)[-1].body)


def test_an_address_that_was_taken_meanwhile_is_refused(client, anna, device) -> None:
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    opened = client.get(link_to("nieuw@voorbeeld.test")).url
    make_user("ander", email="NIEUW@voorbeeld.test")

    assert client.post(opened).status_code == 404
    assert OneTimeLink.objects.get().used_at is None


@pytest.mark.parametrize("address", ["", "geen adres", "a@b", "x" * 300 + "@voorbeeld.test"])
def test_what_is_no_address_is_kept_and_explained(client, anna, device, address) -> None:
    response = client.post("/account/e-mailadres/", {"email": address})

    assert "<title>Fout: " in response.content.decode()
    assert not OneTimeLink.objects.exists()


def test_links_to_a_new_address_are_limited(client, anna, device) -> None:
    for number in range(3):
        client.post("/account/e-mailadres/", {"email": f"n{number}@voorbeeld.test"})
    response = client.post("/account/e-mailadres/", {"email": "n4@voorbeeld.test"})

    assert "U hebt dit al een paar keer gevraagd." in response.content.decode()


def test_a_new_number_replaces_the_old_one_once_its_code_is_right(
    client, anna, device, elsewhere
) -> None:
    add_sms(anna)
    client.get("/account/2-stappen-controle/")
    client.post("/activeren/sms/", {"country": "NL", "number": "06 87654321"})
    assert SmsDevice.objects.get(user=anna, confirmed=True).number == "+31612345678"
    run_jobs()
    code = re.search(r"is (\d{6})\.", mailbox.messages(to="+31687654321")[0].text).group(1)

    assert client.post("/activeren/sms/controle/", {"code": code}).url == ACCOUNT
    assert SmsDevice.objects.get(user=anna).number == "+31687654321"
    assert is_in(client)
    assert not is_in(elsewhere)
    assert "Uw 2-stappen controle is gewijzigd" in subjects_to(anna.email)


def test_a_new_app_keeps_the_login_that_was_opened_with_the_old_one(client, anna, device) -> None:
    client.get("/account/2-stappen-controle/")
    client.post("/activeren/app/", {"has_app": "ja"})
    fresh = TotpDevice.objects.get(user=anna, confirmed=False)
    client.post("/activeren/app/controle/", {"code": totp_code(fresh)})

    assert TotpDevice.objects.get(user=anna).pk == fresh.pk
    assert is_in(client)


def test_the_contact_of_the_employer_is_told_without_a_name(client, anna, device) -> None:
    employer = anna.memberships.get().employer
    employer.contact = make_member(employer, "chef")
    employer.save()
    add_sms(anna)
    client.post("/account/sms-verwijderen/")

    (text,) = [str(email.body) for email in mails_to("chef@voorbeeld.test")]
    assert "2-stappen controle" in text
    assert "Anna" not in text


def test_a_factor_is_removed_when_another_one_stays(client, anna, device) -> None:
    add_sms(anna)
    assert client.post("/account/app-verwijderen/").url == ACCOUNT

    assert not TotpDevice.objects.filter(user=anna).exists()
    assert is_in(client)


def test_the_last_factor_stays(client, anna, device) -> None:
    assert "Dit is uw enige inlogoptie" in client.get("/account/app-verwijderen/").content.decode()
    assert client.post("/account/app-verwijderen/").status_code == 409
    with pytest.raises(LastFactorError):
        remove_factor(by=anna, device=device)

    assert TotpDevice.objects.filter(user=anna).exists()


def test_a_new_back_up_code_counts_once_it_is_noted(client, anna, device, elsewhere) -> None:
    old = BackupCodeDevice.new_code()
    BackupCodeDevice.objects.create(user=anna, code_hash=BackupCodeDevice.hash_of(anna.pk, old))
    shown = client.post("/account/back-up-code/")
    page = client.get(shown.url).content.decode()
    new = re.search(r'id="backup-code">([^<]+)<', page).group(1)
    assert BackupCodeDevice.objects.filter(user=anna, confirmed=True).count() == 1
    assert client.post(shown.url, {}).status_code == 200
    hashes = set(BackupCodeDevice.objects.values_list("code_hash", flat=True))
    assert BackupCodeDevice.hash_of(anna.pk, old) in hashes

    assert client.post(shown.url, {"is_noted": "on"}).url == ACCOUNT
    (device_,) = BackupCodeDevice.objects.filter(user=anna)
    assert device_.code_hash == BackupCodeDevice.hash_of(anna.pk, new)
    assert new not in client.get(ACCOUNT).content.decode()
    assert not is_in(elsewhere)


def test_one_other_session_is_ended(client, anna, device, elsewhere) -> None:
    (other,) = Session.objects.exclude(session_key=client.session.session_key).filter(user=anna)
    ref = audit.session_ref(other.session_key)
    page = client.get(ACCOUNT).content.decode()
    assert ref in page
    assert other.session_key not in page
    client.post(f"/account/sessies/{ref}/")

    assert not is_in(elsewhere)
    assert is_in(client)


def test_somebody_elses_session_is_not_there(client, anna, bram, device) -> None:
    other = Client()
    login(other, bram)
    ref = audit.session_ref(other.session.session_key)

    assert client.post(f"/account/sessies/{ref}/").status_code == 404
    assert is_in(other)


def test_all_other_sessions_are_ended(client, anna, device, elsewhere) -> None:
    client.post("/account/sessies/")

    assert is_in(client)
    assert not is_in(elsewhere)


def test_the_events_are_the_users_own_of_the_last_90_days(client, anna, bram, ilse, device) -> None:
    audit.record(Action.FACTOR_REMOVED, by=bram)
    audit.record(Action.SESSIONS_ENDED, by=ilse, obj=anna)
    audit.record(Action.LOGIN_PASSWORD, by=None, obj=anna, outcome=audit.Outcome.FAILED)
    audit.record(Action.DOSSIER_VIEW, by=anna)
    page = client.get("/account/gebeurtenissen/").content.decode()

    assert "Sessies beëindigd door InComfort" in page
    assert "Verkeerd wachtwoord ingevuld" in page
    assert "2-stappen controle verwijderd" not in page
    assert "Dossier bekeken" not in page
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        login(client, anna)
        page = client.get("/account/gebeurtenissen/").content.decode()
        assert "door InComfort" not in page


@pytest.mark.parametrize("text", ["x", "-1", "9" * 40, "٣"])
def test_a_page_of_events_that_is_none(client, anna, device, text) -> None:
    assert client.get("/account/gebeurtenissen/", {"voor": text}).status_code == 404


def test_the_number_of_queries_does_not_grow(
    client, anna, device, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        login(Client(), anna)
        audit.record(Action.LOGIN, by=anna)
    with django_assert_max_num_queries(16):
        client.get(ACCOUNT)
