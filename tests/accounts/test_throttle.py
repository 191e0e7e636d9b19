"""The throttle: exact under threads, not undone by a rollback, and fair to the rightful user."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from accounts import throttle
from accounts.models import Bucket
from accounts.throttle import Limit
from portal.environment import without_waiting

LIMIT = Limit("test", capacity=5, seconds=60)


def in_threads(count: int, work: Callable[[], object]) -> list[object]:
    """Results of `work` in so many threads that start together, each with own connections."""
    results: list[object] = []
    together = threading.Barrier(count)

    def run() -> None:
        try:
            together.wait()
            results.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def age(seconds: float) -> None:
    """As if all counters were last touched so long ago."""
    rows = Bucket.objects.using("security")
    rows.update(at=timezone.now() - timedelta(seconds=seconds))


@pytest.mark.django_db(transaction=True)
def test_threads_together_get_exactly_the_capacity() -> None:
    results = in_threads(12, lambda: [LIMIT.take("anna") for _ in range(20)])

    assert sum(granted for row in results for granted in row) == LIMIT.capacity


@pytest.mark.django_db(transaction=True)
def test_a_rollback_does_not_undo_an_attempt() -> None:
    for _ in range(5):
        with transaction.atomic():
            LIMIT.take("anna")
            transaction.set_rollback(True)

    assert not LIMIT.take("anna")


def test_an_empty_bucket_fills_slowly_and_not_beyond_its_capacity(db: None) -> None:
    assert [LIMIT.take("anna") for _ in range(6)] == [True] * 5 + [False]

    age(61)
    assert [LIMIT.take("anna") for _ in range(2)] == [True, False]

    age(3600)
    assert [LIMIT.take("anna") for _ in range(6)] == [True] * 5 + [False]


def test_people_do_not_share_a_bucket(db: None) -> None:
    for _ in range(5):
        LIMIT.take("anna")

    assert LIMIT.take("bram")


def test_what_is_given_back_can_be_taken_again_but_never_more(db: None) -> None:
    LIMIT.give_back("anna")
    for _ in range(5):
        LIMIT.take("anna")
    LIMIT.give_back("anna")

    assert [LIMIT.take("anna") for _ in range(2)] == [True, False]


def test_the_table_names_nobody(db: None) -> None:
    throttle.password_attempt(ip="203.0.113.9", account="name:anna", browser="")

    keys = Bucket.objects.using("security").values_list("key", flat=True)
    assert len(keys) == 2
    assert not any("anna" in key or "203" in key for key in keys)


def attempt(ip: str = "203.0.113.9", account: str = "user:1", browser: str = "") -> int:
    return throttle.password_attempt(ip=ip, account=account, browser=browser)


def test_one_address_may_fail_twenty_times_over_all_accounts(db: None) -> None:
    waits = [attempt(account=f"name:{number}") for number in range(21)]

    assert waits == [0] * 20 + [30]


def test_one_ipv6_customer_counts_as_one_address(db: None) -> None:
    waits = [attempt(ip=f"2001:db8:1:2:{n:x}::{n:x}", account=f"name:{n}") for n in range(21)]

    assert waits[-1] == 30
    assert attempt(ip="2001:db8:1:3::1") == 0


def test_strangers_everywhere_do_not_lock_out_a_known_browser(db: None) -> None:
    waits = [attempt(ip=f"198.51.{n // 250}.{n % 250}") for n in range(500)]

    assert waits[:11] == [0] * 10 + [90]
    assert attempt(browser="mark") == 0


def test_a_known_browser_has_its_own_limit(db: None) -> None:
    waits = [attempt(ip=f"198.51.100.{n}", browser="mark") for n in range(11)]

    assert waits == [0] * 10 + [60]


def test_right_passwords_do_not_count(db: None) -> None:
    for _ in range(30):
        assert attempt() == 0
        throttle.password_was_right(ip="203.0.113.9", account="user:1", browser="")


def test_wrong_codes_are_ten_an_hour(db: None) -> None:
    assert [throttle.code_attempt(user_id=1) for _ in range(11)] == [0] * 10 + [360]


def test_who_asks_for_too_many_links_uses_up_nobody_s_own(db: None) -> None:
    for number in range(20):
        throttle.link_by_mail(address=f"{number}@voorbeeld.test", ip="203.0.113.9")
    waits = [throttle.link_by_mail(address="noor@voorbeeld.test", ip="203.0.113.9") for _ in "1234"]

    assert waits == [180] * 4
    assert throttle.link_by_mail(address="noor@voorbeeld.test", ip="198.51.100.1") == 0


@pytest.fixture
def production_sms(settings) -> None:
    settings.SMS_ALLOWANCE = 1


def test_a_user_gets_five_sms_an_hour(db: None, production_sms: None) -> None:
    waits = [throttle.sms_to_user(user_id=1, ip=f"198.51.100.{n}") for n in range(6)]

    assert waits == [0] * 5 + [720]


def test_a_user_gets_ten_sms_a_day(db: None, production_sms: None) -> None:
    granted = 0
    for _ in range(12):
        granted += throttle.sms_to_user(user_id=1, ip=None) == 0
        age(720)
        Bucket.objects.using("security").filter(pk=_key("sms.ip", "unknown")).delete()

    assert granted == 10


def _key(name: str, *parts: object) -> str:
    return throttle.keyed_hash(f"throttle.{name}", *parts)


def test_a_new_number_gets_five_sms_a_day_whoever_asks(db: None, production_sms: None) -> None:
    waits = [throttle.sms_to_new_number(number="+31612345678") for _ in range(6)]

    assert waits == [0] * 5 + [17280]


def test_development_allows_more_sms(db: None, settings) -> None:
    settings.SMS_ALLOWANCE = 100

    assert [throttle.sms_to_user(user_id=1, ip=None) for _ in range(50)] == [0] * 50


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        (None, "unknown"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
    ],
)
def test_whom_an_address_stands_for(ip: str | None, network: str) -> None:
    assert throttle.network(ip) == network


def test_only_the_counters_do_not_wait_for_the_disk(settings):
    asked = settings.DATABASES["security"]["OPTIONS"]["options"]
    assert asked.endswith("-c synchronous_commit=off")
    assert "synchronous_commit" not in settings.DATABASES["default"]["OPTIONS"].get("options", "")
    given = {"OPTIONS": {"options": "-c lock_timeout=1s", "sslmode": "require"}}
    assert without_waiting(given)["OPTIONS"] == {
        "options": "-c lock_timeout=1s -c synchronous_commit=off",
        "sslmode": "require",
    }
