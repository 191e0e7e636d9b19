"""The devices' own rules: which codes are right, and that nothing readable is stored."""

import time
from datetime import timedelta

import django_otp
import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import BackupCodeDevice, SmsDevice, TotpDevice, User
from tests.login import totp_code

# RFC 6238 appendix B: the shared secret and (unix time, last six digits of the code).
RFC_KEY = b"12345678901234567890".hex()
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.fixture
def app(anna: User) -> TotpDevice:
    return TotpDevice.objects.create(user=anna, key=TotpDevice.new_key())


@pytest.fixture
def sms(anna: User) -> SmsDevice:
    return SmsDevice.objects.create(user=anna, number="+31612345678")


def accepts(device: TotpDevice | SmsDevice | BackupCodeDevice, token: str) -> bool:
    return django_otp.verify_token(device.user, device.persistent_id, token) is not None


@pytest.mark.parametrize(("at", "code"), RFC_CODES)
def test_the_app_code_is_that_of_rfc_6238(at: int, code: str) -> None:
    device = TotpDevice(key=RFC_KEY)

    assert device.code_at(at // TotpDevice.STEP_SECONDS) == code


@pytest.mark.parametrize(
    ("steps", "right"), [(-3, False), (-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_the_app_code_may_be_one_step_off(app: TotpDevice, steps: int, right: bool) -> None:
    assert accepts(app, totp_code(app, steps=steps)) is right


def test_the_app_code_works_once(app: TotpDevice) -> None:
    code = totp_code(app)

    assert accepts(app, code)
    assert not accepts(app, code)


def test_an_older_code_is_refused_after_a_newer_one(app: TotpDevice) -> None:
    assert accepts(app, totp_code(app, steps=1))
    assert not accepts(app, totp_code(app))


def test_the_window_does_not_walk_with_a_fast_clock(app: TotpDevice) -> None:
    """A code one step ahead is right each time; that must not move the window ahead."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for _ in range(5):
            assert accepts(app, totp_code(app, steps=1))
            clock.shift(TotpDevice.STEP_SECONDS)
        clock.shift(TotpDevice.STEP_SECONDS * 2)
        assert not accepts(app, totp_code(app, steps=2))


@pytest.mark.parametrize(
    "write",
    [
        "+{}",
        "-{}",
        "0{}",
        "{}0",
        "{:.3}_{:.3}",
        "{}\n",
        "{}\x00",
        "０１２３４５",
        "٠١٢٣٤٥",
        "",
        "x" * 300,
    ],
)
def test_only_six_plain_digits_are_an_app_code(app: TotpDevice, write: str) -> None:
    code = totp_code(app)

    assert not accepts(app, write.format(code, code))


def test_the_sms_code_works_once(sms: SmsDevice) -> None:
    challenge = SmsDevice.new_challenge()
    token = SmsDevice.token_for(challenge, sms.new_code(challenge))

    assert accepts(sms, token)
    assert not accepts(sms, token)


def test_the_sms_code_is_bound_to_the_challenge(sms: SmsDevice) -> None:
    code = sms.new_code(SmsDevice.new_challenge())

    assert not accepts(sms, SmsDevice.token_for(SmsDevice.new_challenge(), code))
    assert not accepts(sms, code)


def test_the_sms_code_expires_after_five_minutes(sms: SmsDevice) -> None:
    challenge = SmsDevice.new_challenge()
    token = SmsDevice.token_for(challenge, sms.new_code(challenge))

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert not accepts(sms, token)


def test_a_new_sms_code_voids_the_one_before(sms: SmsDevice) -> None:
    challenge = SmsDevice.new_challenge()
    first = sms.new_code(challenge)
    while (second := sms.new_code(challenge)) == first:
        pass

    assert not accepts(sms, SmsDevice.token_for(challenge, first))
    skip_wait(sms)
    assert accepts(sms, SmsDevice.token_for(challenge, second))


def test_sending_again_gives_no_new_tries(sms: SmsDevice) -> None:
    challenge = SmsDevice.new_challenge()
    sms.new_code(challenge)
    for _ in range(4):
        assert not accepts(sms, SmsDevice.token_for(challenge, "x"))
        skip_wait(sms)

    sms.refresh_from_db()
    code = sms.new_code(challenge)
    assert not accepts(sms, SmsDevice.token_for(challenge, "x"))
    skip_wait(sms)

    assert not accepts(sms, SmsDevice.token_for(challenge, code))


def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(app: TotpDevice) -> None:
    start = int(time.time())
    waits = []
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(14):
            assert not accepts(app, "000000" if totp_code(app) != "000000" else "000001")
            app.refresh_from_db()
            _, why = app.verify_is_allowed()
            wait = (why["locked_until"] - timezone.now()).total_seconds()
            waits.append(wait)
            clock.shift(wait + 1)

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == 900


def test_while_waiting_even_the_right_code_is_refused(app: TotpDevice) -> None:
    assert not accepts(app, "x")

    assert not accepts(app, totp_code(app))


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", " ")])
def test_the_back_up_code_may_be_typed_sloppily_and_works_once(anna: User, write) -> None:
    code = BackupCodeDevice.new_code()
    hashed = BackupCodeDevice.hash_of(anna.pk, code)
    device = BackupCodeDevice.objects.create(user=anna, code_hash=hashed)

    assert accepts(device, write(code))
    assert not accepts(device, write(code))


def test_a_back_up_code_has_25_letters_that_are_not_mistaken_for_each_other() -> None:
    letters = BackupCodeDevice.new_code().replace("-", "")

    assert len(letters) == 25
    assert not set(letters) & set("01OILU")
    assert len(BackupCodeDevice.ALPHABET) == len(set(BackupCodeDevice.ALPHABET)) == 30


def test_no_secret_is_readable_in_the_database(anna: User, app: TotpDevice, sms: SmsDevice) -> None:
    code = sms.new_code(SmsDevice.new_challenge())
    tables = ["accounts_totpdevice", "accounts_smsdevice"]
    with connection.cursor() as cursor:
        stored = ""
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - our own names
            stored += " ".join(row[0] for row in cursor.fetchall())

    for secret in (app.key, sms.number, sms.number[1:], f",{code},"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def skip_wait(device: TotpDevice | SmsDevice) -> None:
    """As if the wait after a failure had passed."""
    type(device).objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)
