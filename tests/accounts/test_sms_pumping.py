"""Who may have an sms sent, to which number, how often; and what people read when it may not be.

Source: security.md C5, C6, C7 and 2.5 (sms pumping).
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import phones, throttle
from accounts.actions import sms_stop
from accounts.actions.codes import send_code
from accounts.actions.receipts import note_receipt
from accounts.actions.users import invite
from accounts.models import OutgoingMessage, SmsDevice, SmsStop, User
from portal.backoffice_pages import failed_messages
from tests.accounts.steps import (
    CHECK,
    RESEND,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    other_code,
    sms_code,
    sms_count,
)
from tests.factories import PASSWORD, make_member, make_user
from tests.jobs import run_jobs
from tests.login import login

NUMBER = "+31612345678"
State, Delivery = OutgoingMessage.State, OutgoingMessage.Delivery


@pytest.fixture(autouse=True)
def _production(settings) -> None:
    settings.SMS_ALLOWANCE = 1


def ask(user: User, ip: str = "198.51.100.7"):
    """One code in a login of its own."""
    device = SmsDevice.objects.get(user=user)
    return send_code(by=user, device=device, challenge=SmsDevice.new_challenge(), ip=ip)


# --- A code belongs to the browser that asked (C5, C6) ----------------------------------------


def test_a_code_does_not_work_in_another_browser_that_also_gave_the_password(anna: User) -> None:
    add_sms(anna)
    mine, other = Client(), Client()
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(other, anna)
        run_jobs()
        clock.shift(61)
        give_password(mine, anna)
        code = sms_code()

        assert "klopt niet" in give_code(other, code).content.decode()
        clock.shift(5)
        assert give_code(mine, code).url == START


def test_a_used_code_opens_no_second_login(anna: User) -> None:
    add_sms(anna)
    client = Client()
    give_password(client, anna)
    code = sms_code()
    assert give_code(client, code).url == START
    again = Client()
    again.cookies["sid"] = client.cookies["sid"].value
    again.post("/uitloggen/")
    give_password(again, anna)

    assert give_code(again, code).status_code == 200


def test_the_fifth_wrong_code_ends_the_challenge_also_with_a_new_sms(client, anna) -> None:
    add_sms(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        for _ in range(4):
            give_code(client, other_code(sms_code()))
            clock.shift(20)
        client.post(RESEND)
        code = sms_code()
        give_code(client, other_code(code))
        clock.shift(40)

        assert "klopt niet" in give_code(client, code).content.decode()


# --- To which number (C7) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("NL", "+44 7400 123456"),  # a country that is not on the list
        ("NL", "0044 7400 123456"),
        ("NL", "0900 1234"),  # pays whoever is called
        ("NL", "0800 1234"),
        ("NL", "024 374 16 60"),  # a landline
        ("NL", "+882 16 12345678"),  # satellite
        ("NL", "06 123"),
    ],
)
def test_no_code_goes_to_what_is_no_mobile_number_of_a_listed_country(
    client: Client, db: None, country: str, number: str
) -> None:
    guest = make_user("gast", state=User.State.INVITED)
    link = invite(by=None, user=guest)
    assert link.message
    [address] = re.findall(r"/activeren/\S+", link.message.text)
    client.get(address)
    client.post("/activeren/wachtwoord/", {"password": PASSWORD, "again": PASSWORD})
    page = client.post("/activeren/sms/", {"country": country, "number": number})

    assert page.status_code == 200
    assert "<title>Fout: " in page.content.decode()
    assert sms_count() == 0


def test_a_number_of_a_country_that_was_taken_off_the_list_gets_no_more_codes(
    anna: User, settings
) -> None:
    add_sms(anna, number="+48512345678")
    assert ask(anna).is_sent
    settings.SMS_REGIONS = ["NL"]

    assert ask(anna).is_stopped
    assert sms_count() == 1


def test_only_what_would_be_taken_today_may_get_an_sms() -> None:
    assert phones.may_get_sms(NUMBER)
    assert not phones.may_get_sms("0612345678")
    assert not phones.may_get_sms("")


# --- How often (C7) ----------------------------------------------------------------------------


def test_a_hundred_attempts_send_at_most_ten_in_a_day(anna: User) -> None:
    add_sms(anna)
    sent = 0
    for number in range(100):
        sent += ask(anna, ip=f"198.51.100.{number}").is_sent

    assert 0 < sent <= 10
    assert sms_count() == sent


def test_numbers_next_to_each_other_share_a_limit(db: None) -> None:
    waits = [throttle.sms_to_new_number(number=f"+3161234{n:04d}") for n in range(21)]

    assert waits == [0] * 20 + [4320]
    assert throttle.sms_to_new_number(number="+31698765432") == 0


def office(count: int, anna: User) -> list[User]:
    """Colleagues of anna, each with a number."""
    employer = anna.memberships.get().employer
    people = [make_member(employer) for _ in range(count)]
    for place, person in enumerate(people):
        add_sms(person, number=f"+3161234{place:04d}")
    return people


def log_in(person: User) -> bool:
    """Whether an sms came and its code opened the portal; each from the same address."""
    client = Client()
    give_password(client, person)
    run_jobs()
    message = OutgoingMessage.objects.filter(purpose="code").first()
    device = SmsDevice.objects.get(user=person)
    if message is None or device.message_id != message.pk:
        return False
    challenge = client.session["pending_login"]["challenge"]
    code = device.new_code(challenge)
    return give_code(client, code).status_code == 302


def test_an_office_behind_one_address_logs_in_with_as_many_as_it_has(anna: User) -> None:
    assert [log_in(person) for person in office(14, anna)] == [True] * 14


def test_codes_that_nobody_types_are_ten_an_hour_per_address(anna: User) -> None:
    sent = [ask(person).is_sent for person in office(12, anna)]

    assert sent == [True] * 10 + [False] * 2


# --- The stop ----------------------------------------------------------------------------------


def test_what_never_left_is_not_held_against_our_users(anna: User) -> None:
    """A provider that was away for a day must not end in a stop."""
    then = timezone.now() - timedelta(hours=1)
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(
            channel="SMS", purpose="code", recipient=NUMBER, created_at=then, state=State.FAILED
        )
        for _ in range(60)
    )

    assert sms_stop.stop_when_hardly_used() is None


def test_sending_goes_on_after_a_stop_on_volume_was_ended(anna: User, ilse: User) -> None:
    add_sms(anna)
    while not throttle.sms_in_all():
        pass
    assert ask(anna).is_stopped
    sms_stop.reopen(by=ilse, stopped=SmsStop.objects.get())

    assert ask(anna, ip="203.0.113.1").is_sent
    assert SmsStop.objects.count() == 1


# --- What people read --------------------------------------------------------------------------


def test_who_gets_no_sms_reads_what_to_do_instead(client: Client, anna: User) -> None:
    add_sms(anna)
    sms_stop.stop(SmsStop.Reason.VOLUME)
    page = give_password(client, anna, path="/inloggen/")
    text = client.get(page.url).content.decode()

    assert "Wij kunnen op dit moment geen sms versturen." in text
    assert "back-up code, of bel InComfort: 024-374 16 60" in text


def test_a_long_wait_is_told_with_another_way_in(anna: User) -> None:
    add_sms(anna)
    add_app(anna, confirmed=False)
    for _ in range(6):
        client = Client()
        give_password(client, anna)
    text = client.get(CHECK).content.decode()

    assert "U kunt pas over 12 minuten een nieuwe sms krijgen. Gebruik uw authenticatie-app" in text


def test_who_sets_up_a_number_during_a_stop_is_led_to_the_app(client: Client, db: None) -> None:
    guest = make_user("gast", state=User.State.INVITED)
    link = invite(by=None, user=guest)
    assert link.message
    [address] = re.findall(r"/activeren/\S+", link.message.text)
    client.get(address)
    client.post("/activeren/wachtwoord/", {"password": PASSWORD, "again": PASSWORD})
    sms_stop.stop(SmsStop.Reason.VOLUME)
    page = client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"}, follow=True)

    assert page.redirect_chain[-1][0] == "/activeren/keuze/"
    assert "Kies de authenticatie-app, of bel InComfort" in page.content.decode()


# --- What staff see ----------------------------------------------------------------------------


def test_staff_count_what_did_not_arrive_and_read_why(client: Client, ilse: User) -> None:
    message = OutgoingMessage.objects.create(
        channel="SMS", purpose="code", recipient=NUMBER, state=State.SENT, provider_id="abc"
    )
    assert failed_messages() == 0
    note_receipt(provider_id="abc", delivery=Delivery.FAILED, status="absent <b>\nUw code 1234")
    assert failed_messages() == 1
    login(client, ilse)
    page = client.get(f"/beheer/accounts/outgoingmessage/{message.pk}/change/").content.decode()

    assert "Niet aangekomen" in page
    assert "absent b" in page


def test_arrived_is_final_with_the_word_that_came_with_it(db: None) -> None:
    OutgoingMessage.objects.create(
        channel="SMS", purpose="code", recipient=NUMBER, state=State.SENT, provider_id="abc"
    )
    for delivery, status in [
        (Delivery.FAILED, "expired"),
        (Delivery.DELIVERED, "delivered"),
        (Delivery.FAILED, "rejected"),
        (Delivery.DELIVERED, "again"),
    ]:
        message = note_receipt(provider_id="abc", delivery=delivery, status=status)

    assert (message.delivery, message.provider_status) == (Delivery.DELIVERED, "delivered")
