"""Sealed columns. Source: security.md 2.7, C8."""

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from accounts.models import OutgoingMessage, SmsDevice, TotpDevice, User
from accounts.sealed import SealError, keyed_hash, seal, unseal

PURPOSE = "table.column"


@pytest.mark.parametrize("text", ["111222333", "ż", "x" * 5000, "a\nb"])
def test_it_opens_what_it_sealed(text: str) -> None:
    assert unseal(seal(text, PURPOSE), PURPOSE) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert seal("111222333", PURPOSE) != seal("111222333", PURPOSE)


def test_it_refuses_a_value_of_another_column() -> None:
    with pytest.raises(SealError):
        unseal(seal("111222333", PURPOSE), "table.other")


@pytest.mark.parametrize("owner", ["", 2, 12])
def test_it_refuses_a_value_of_somebody_else(owner: object) -> None:
    sealed = seal("111222333", PURPOSE, 1)

    assert unseal(sealed, PURPOSE, 1) == "111222333"
    with pytest.raises(SealError):
        unseal(sealed, PURPOSE, owner)


@pytest.mark.parametrize("position", [0, 1, 2, 20, -1])
def test_it_refuses_a_value_with_one_bit_changed(position: int) -> None:
    sealed = bytearray(seal("111222333", PURPOSE))
    sealed[position] ^= 1

    with pytest.raises(SealError):
        unseal(bytes(sealed), PURPOSE)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x01", b"plain text of some length"])
def test_it_refuses_what_was_never_sealed(sealed: bytes) -> None:
    with pytest.raises(SealError):
        unseal(sealed, PURPOSE)


def test_a_new_key_comes_first_and_the_old_one_still_opens(settings) -> None:
    settings.SEALING_KEYS = ["1:" + "aa" * 32]
    old = seal("111222333", PURPOSE)
    settings.SEALING_KEYS = ["2:" + "bb" * 32, "1:" + "aa" * 32]

    assert unseal(old, PURPOSE) == "111222333"
    assert seal("111222333", PURPOSE)[1] == 2


def test_without_its_key_a_value_stays_closed(settings) -> None:
    settings.SEALING_KEYS = ["1:" + "aa" * 32]
    old = seal("111222333", PURPOSE)
    settings.SEALING_KEYS = ["2:" + "bb" * 32]

    with pytest.raises(SealError):
        unseal(old, PURPOSE)


@pytest.mark.parametrize("entry", ["1:abcd", "1:"])
def test_a_key_of_the_wrong_length_stops_everything(settings, entry: str) -> None:
    settings.SEALING_KEYS = [entry]

    with pytest.raises(ImproperlyConfigured):
        seal("x", PURPOSE)


def test_the_database_holds_no_plain_text(db) -> None:
    message = OutgoingMessage.objects.create(
        channel="SMS", purpose="test", recipient="+31612345678", text="Uw code is 123456"
    )

    with connection.cursor() as cursor:
        cursor.execute("select accounts_outgoingmessage::text from accounts_outgoingmessage")
        row = cursor.fetchone()[0]
    assert b"123456".hex() not in row
    assert b"31612345678".hex() not in row
    message.refresh_from_db()
    assert message.text == "Uw code is 123456"


def test_empty_text_is_null(db) -> None:
    OutgoingMessage.objects.create(channel="SMS", purpose="test", recipient="x", text="")

    assert OutgoingMessage.objects.get(text__isnull=True).text == ""


def test_a_sealed_column_cannot_be_searched(db) -> None:
    with pytest.raises(FieldError):
        OutgoingMessage.objects.filter(recipient="+31612345678").exists()


def test_a_value_that_is_somebodys_is_written_and_read_through_its_row_only(anna: User) -> None:
    device = SmsDevice(user=anna, number="+31612345678")
    SmsDevice.objects.bulk_create([device])

    assert SmsDevice.objects.get().number == "+31612345678"
    assert SmsDevice.objects.defer("number").get().number == "+31612345678"
    assert b"31612345678" not in SmsDevice.objects.values_list("number", flat=True).get()
    with pytest.raises(FieldError, match="save that"):
        SmsDevice.objects.update(number="+31687654321")


@pytest.mark.parametrize("model", [SmsDevice, TotpDevice])
def test_the_secret_of_one_user_does_not_open_in_the_row_of_another(
    anna: User, bram: User, model: type[SmsDevice | TotpDevice]
) -> None:
    """Who can write to the database does not log in as somebody else with his own telephone."""
    column = "number" if model is SmsDevice else "key"
    theirs, own = (model.objects.create(user=user, **{column: "31"}) for user in (anna, bram))
    assert getattr(model.objects.get(pk=own.pk), column) == "31"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {table} SET "{column}" = (SELECT "{column}" FROM {table} WHERE id = %s)'  # noqa: S608
            " WHERE id = %s",
            [theirs.pk, own.pk],
        )

    with pytest.raises(SealError):
        getattr(model.objects.get(pk=own.pk), column)


def test_a_keyed_hash_depends_on_purpose_parts_and_pepper(settings) -> None:
    known = keyed_hash("bsn", 1, "111222333")

    assert known == keyed_hash("bsn", 1, "111222333")
    assert known != keyed_hash("bsn", 2, "111222333")
    assert known != keyed_hash("code", 1, "111222333")
    assert keyed_hash("x", "a", "b") != keyed_hash("x", "ab")
    settings.PEPPER = "another"
    assert known != keyed_hash("bsn", 1, "111222333")
