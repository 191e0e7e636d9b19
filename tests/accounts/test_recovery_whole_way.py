"""Lost everything: nothing old opens the account, and its owner activates it anew."""

import pytest
from django.test import Client

from accounts.actions.recovery import approve_recovery
from accounts.models import (
    BackupCodeDevice,
    OutgoingMessage,
    PasskeyDevice,
    SmsDevice,
    TotpDevice,
    User,
)
from tests.accounts.activation_steps import NEW_PASSWORD, register_app, shown_backup_code
from tests.accounts.authenticator import LOGIN_PASSKEY, options_on, send, with_passkey
from tests.accounts.recovery_steps import ask, link_in_mail
from tests.accounts.steps import (
    BACKUP,
    CHECK,
    CHOICE,
    LOGIN,
    RESEND,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    is_inside,
    sms_code,
)
from tests.accounts.test_lost_phone import note_backup_code
from tests.factories import PASSWORD
from tests.login import totp_code

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]


class TestTheWholeWay:
    def test_nothing_old_opens_and_the_new_link_leads_through_the_activation(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        app, key, code = add_app(anna), with_passkey(anna), note_backup_code(anna)
        add_sms(anna)
        inside, halfway, restricted = Client(), Client(), Client()
        give_password(inside, anna)
        inside.post(CHOICE, {"device": app.persistent_id})
        give_code(inside, totp_code(app))
        assert is_inside(inside)
        give_password(halfway, anna)
        give_password(restricted, anna)
        restricted.post(BACKUP, {"code": code})
        assert restricted.get("/activeren/keuze/").status_code == 200

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert not is_inside(inside)
        assert halfway.get(CHOICE).url == LOGIN
        assert restricted.get("/activeren/keuze/").url == "/activeren/ongeldig/"
        assert give_password(client, anna).status_code == 200

        path = link_in_mail()
        client.get(path)
        client.post("/activeren/wachtwoord/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
        register_app(client)
        client.post("/activeren/geen-extra/")
        fresh = shown_backup_code(client)
        client.post("/activeren/back-up-code/", {"is_noted": "on"})

        assert Client().get(path).status_code == 404
        anna.refresh_from_db()
        assert anna.state == User.State.ACTIVE
        self.old_ones_are_refused(anna, app, key, code)
        for model in (TotpDevice, BackupCodeDevice):  # no waiting after those failures
            model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        again = Client()
        assert give_password(again, anna, NEW_PASSWORD).url == CHECK
        new = TotpDevice.objects.get(user=anna)
        assert give_code(again, totp_code(new, steps=1)).url == START
        assert is_inside(again)
        lost = Client()
        give_password(lost, anna, NEW_PASSWORD)
        assert lost.post(BACKUP, {"code": fresh}).url == "/activeren/keuze/"

    def old_ones_are_refused(self, anna: User, app: TotpDevice, key, code: str) -> None:
        """Also by who knows the new password."""
        other = Client()
        assert give_password(other, anna, PASSWORD).status_code == 200
        give_password(other, anna, NEW_PASSWORD)
        assert give_code(other, totp_code(app)).status_code == 200
        assert not is_inside(other)
        assert other.get("/inloggen/passkey/").status_code == 302  # none to ask for
        assert not PasskeyDevice.objects.filter(credential_id=key.credential_id).exists()
        give_password(other, anna, NEW_PASSWORD)
        assert other.post(BACKUP, {"code": code}).status_code == 200
        assert not is_inside(other)

    def test_an_sms_on_its_way_opens_nothing(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        add_sms(anna)
        give_password(client, anna)
        client.post(RESEND)
        sent = sms_code()

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert give_code(client, sent).url == LOGIN
        assert not is_inside(client)

    def test_a_passkey_that_was_asked_for_opens_nothing(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        key = with_passkey(anna)
        give_password(client, anna)
        answer = key.sign(options_on(client, LOGIN_PASSKEY))

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert send(client, LOGIN_PASSKEY, answer).url == LOGIN
        assert not is_inside(client)

    def test_staff_come_back_without_sms(self, client, hugo: User, ilse: User, ivo: User) -> None:
        """Also who had a number from before being staff: it is never offered, and then gone."""
        sms = add_sms(hugo)
        add_app(hugo)
        give_password(client, hugo)
        assert "sms" not in client.get(CHECK).content.decode().lower()
        client.post(CHOICE, {"device": sms.persistent_id})
        client.post(RESEND)
        assert not OutgoingMessage.objects.exists()

        approve_recovery(by=ivo, recovery=ask(ilse, hugo))
        client = Client()
        client.get(link_in_mail())
        client.post("/activeren/wachtwoord/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})

        assert "sms" not in client.get("/activeren/keuze/").content.decode().lower()
        refused = client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"})
        assert refused.status_code in {302, 404}
        assert not SmsDevice.objects.filter(user=hugo).exists()
