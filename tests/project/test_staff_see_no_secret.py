"""Staff never see or set a secret: on no page of the back office, in no message, in no log line.

Source: security.md C19, 2.4 (staff never see or set a password or code); ASVS 6.4.6.
"""

import base64
import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.actions.enrolment import make_backup_code, start_app
from accounts.models import (
    AccountRecovery,
    ActivationLink,
    AuditEvent,
    BackupCodeDevice,
    Bucket,
    OneTimeLink,
    OutgoingMessage,
    Session,
    SmsDevice,
    TotpDevice,
    User,
)
from tests.factories import PASSWORD
from tests.login import login
from tests.project.access import TABLE, World, address_of, ask, key_in

OF_A_SECRET = re.compile(
    r"password|wachtwoord|token|digest|secret|code_hash|otp|pincode|backup", re.IGNORECASE
)


def compact(text: str) -> str:
    """As somebody reads it over: a key in groups of four is that key."""
    return re.sub(r"[\s-]", "", unescape(text)).lower()


def found_in(text: str, secrets: dict[str, str]) -> set[str]:
    """The names of the secrets that stand in the text."""
    read = compact(text)
    return {name for name, secret in secrets.items() if compact(secret) in read}


def of_user(user: User) -> dict[str, str]:
    """All that opens this account, and what is kept of it."""
    totp = TotpDevice.objects.filter(user=user, confirmed=True).get()
    pending = start_app(by=user)
    backup_code = make_backup_code(by=user)
    sms = SmsDevice.objects.create(user=user, number="+31655512399")
    sms_code = sms.new_code(SmsDevice.new_challenge())
    assert sms_code
    secrets = {
        "password": user.password,
        "key": totp.key,
        "key as text": base64.b32encode(bytes.fromhex(totp.key)).decode(),
        "key being set up": pending.key,
        "key being set up as text": base64.b32encode(bytes.fromhex(pending.key)).decode(),
        "back-up code": backup_code,
        "back-up code's hash": BackupCodeDevice.objects.filter(user=user).latest("pk").code_hash,
        "number of the telephone": sms.number,
        "sms code's hash": sms.code_hash,
    }
    for number, session in enumerate(Session.objects.filter(user=user)):
        secrets[f"session {number}"] = session.session_key
    for purpose in OneTimeLink.Purpose:
        token = OneTimeLink.new_token()
        link = OneTimeLink.objects.create(
            user=user,
            purpose=purpose,
            digest=OneTimeLink.digest_of(token),
            sent_to_hash=OneTimeLink.address_hash(user.email),
            expires_at="2099-01-01T00:00Z",
        )
        secrets |= {f"token {purpose}": token, f"hash {purpose}": link.digest}
        secrets["hash of the address"] = link.sent_to_hash
    return {f"{user.username}: {name}": secret for name, secret in secrets.items()}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The tokens of every link that is made from here on."""
    tokens: dict[str, str] = {}
    new_token = OneTimeLink.new_token

    def remembered() -> str:
        token = new_token()
        tokens[f"new token {len(tokens)}"] = token
        tokens[f"new hash {len(tokens)}"] = OneTimeLink.digest_of(token)
        return token

    monkeypatch.setattr(OneTimeLink, "new_token", staticmethod(remembered))
    return tokens


@pytest.fixture
def secrets(
    world: World, anna: User, bram: User, ilse: User, hugo: User, made: Any
) -> dict[str, str]:
    """Of a user, of staff, and of who looks."""
    Bucket.objects.using("security").all().delete()
    known = {"everybody's password in these tests": PASSWORD}
    for user in (anna, bram, ilse, hugo):
        login(Client(), user)
        known |= of_user(user)
    made.clear()
    return known


def back_office(world: World) -> list[str]:
    """Each address of the back office; of users, links, messages and log lines, all there are."""
    rows = [row for row in TABLE.values() if row.name.startswith("admin:")]
    addresses = [address_of(row, key_in(world)) for row in rows]
    for model in (User, ActivationLink, OutgoingMessage, AuditEvent, AccountRecovery):
        keys = model.objects.values_list("pk", flat=True)
        page = f"/beheer/accounts/{model._meta.model_name}"
        addresses += [f"{page}/{key}/{act}/" for key in keys for act in ("change", "history")]
    return addresses


def pages_of(client: Client, addresses: list[str]) -> dict[str, str]:
    """The text of each page that opens."""
    answers = {address: ask(client, "get", address) for address in addresses}
    return {
        address: answer.content.decode()
        for address, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming
    }


def showing(pages: dict[str, str], secrets: dict[str, str]) -> dict[str, set[str]]:
    """Which page shows which secrets."""
    found = {address: found_in(page, secrets) for address, page in pages.items()}
    return {address: names for address, names in found.items() if names}


def typed_into(page: str) -> set[str]:
    """The names of the boxes in which something is typed or hidden, but for Django's own."""
    boxes = re.findall(r"<(?:input|textarea|select)\b[^>]*>", page)
    names = {found.group(1) for box in boxes if (found := re.search(r'name="([^"]+)"', box))}
    assert not any('type="password"' in box for box in boxes)
    return names - {"csrfmiddlewaretoken"}


@pytest.mark.parametrize("who", ["ilse", "hugo"])
def test_no_page_shows_a_secret_or_asks_for_one(
    request: pytest.FixtureRequest, client: Client, world: World, secrets: dict[str, str], who: str
) -> None:
    login(client, request.getfixturevalue(who))

    pages = pages_of(client, back_office(world))

    assert len(pages) > 15
    assert showing(pages, secrets) == {}
    asked = {name for page in pages.values() for name in typed_into(page)}
    assert "email" in asked or who == "hugo"
    assert {name for name in asked if OF_A_SECRET.search(name)} == set()


def test_no_act_tells_a_secret(
    client: Client,
    world: World,
    anna: User,
    ilse: User,
    hugo: User,
    secrets: dict[str, str],
    made: dict[str, str],
) -> None:
    """Each act of staff that makes a link: in its answer, in the log, and on every page after."""
    evidence = {
        "called_number": "0243741660",
        "evidence": "Teruggebeld; de geboortedatum en de polis klopten.",
        "has_called": "on",
    }
    noor, bram = world["activationlink"].user, User.objects.get(username="bram")
    base, recovery = "/beheer/accounts", world["accountrecovery"].pk
    acts = [
        (f"{base}/user/{noor.pk}/uitnodigen/", {}),
        (f"{base}/activationlink/{world['activationlink'].pk}/opnieuw-uitnodigen/", {}),
        (f"{base}/accessrequest/{world['accessrequest'].pk}/uitnodigen/", {}),
        (f"{base}/accountrecovery/{recovery}/goedkeuren/", {"has_checked": "on"}),
        (f"{base}/user/{bram.pk}/accountherstel/", evidence),
        (f"{base}/accountrecovery/add/", evidence | {"colleague": hugo.pk}),
    ]
    login(client, ilse)
    before = AuditEvent.objects.latest("pk").pk

    for address, data in acts:
        response = client.post(address, data, follow=True)
        told = response.content.decode()
        assert response.redirect_chain, f"{address} was refused: {told}"
        assert found_in(told, secrets | made) == set()

    assert len(made) == 2 * 4
    assert AccountRecovery.objects.count() == 3
    known = secrets | made
    pages = pages_of(client, back_office(world))
    assert len(pages) > 50
    assert showing(pages, known) == {}
    events = AuditEvent.objects.filter(pk__gt=before).values_list("detail", flat=True)
    assert found_in(json.dumps(list(events)), known) == set()
    texts = [message.text for message in OutgoingMessage.objects.all()]
    assert len(found_in(" ".join(texts), made)) == 4  # each link went out, and only by e-mail


def test_the_check_sees_a_secret() -> None:
    secrets = {"code": "2A3B4-C5D6E", "key": "JBSWY3DPEHPK3PXP"}

    assert found_in("<td>JBSW Y3DP EHPK 3PXP</td><td>2a3b4c5d6e</td>", secrets) == {"code", "key"}
    assert found_in("<td>JBSW</td>", secrets) == set()
    with pytest.raises(AssertionError):
        typed_into('<input name="x" type="password">')
