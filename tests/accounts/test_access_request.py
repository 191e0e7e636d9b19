"""/geen-e-mail-ontvangen/: seven data for InComfort, and not a word about who exists."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import throttle
from accounts.actions.access_requests import Applicant, ask_for_access
from accounts.audit import Action
from accounts.models import AccessRequest, AuditEvent, Bucket, OneTimeLink, User
from tests.factories import make_member
from tests.jobs import run_jobs
from tests.threads import at_once

pytestmark = pytest.mark.django_db

FORM, ASKED = "/geen-e-mail-ontvangen/", "/geen-e-mail-ontvangen/verstuurd/"
DESK = "acceptatie@example.test"


@pytest.fixture(autouse=True)
def _no_tokens_taken(db: None) -> None:
    Bucket.objects.using("security").all().delete()


def filled_in(**change: str) -> dict[str, str]:
    typed = {
        "submission": str(uuid4()),
        "company_name": "Uitzendbureau De Brug",
        "policy_number": "ZW-2024-0117",
        "salutation": "MRS",
        "initials": "F.",
        "surname": "van der Wal",
        "email": "wal@brug.test",
        "mobile": "06 12345678",
    }
    return typed | change


def send(client: Client, **change: str) -> Any:
    return client.post(FORM, filled_in(**change))


def stored() -> AccessRequest:
    return AccessRequest.objects.get()


class TestForm:
    def test_it_asks_the_seven_things_of_the_help_page(self, client: Client) -> None:
        page = client.get(FORM).content.decode()

        labels = re.findall(r"<(?:label|legend)[^>]*>\s*([^<]+?)\s*<", page)
        for label in (
            "Bedrijfsnaam",
            "Polisnummer",
            "Aanhef",
            "Voorletter(s)",
            "Achternaam",
            "E-mailadres",
            "Mobiele telefoonnummer",
        ):
            assert label in labels

    @pytest.mark.parametrize(
        "address",
        ["/", "/inloggen/", "/help/", "/activeren/ongeldig/", "/wachtwoord-vergeten/verstuurd/"],
    )
    def test_it_is_found_where_people_look(self, client: Client, db: None, address: str) -> None:
        assert f'href="{FORM}"' in client.get(address).content.decode()

    def test_what_was_typed_becomes_work_for_incomfort(self, client: Client) -> None:
        assert send(client).url == ASKED

        found = stored()
        assert found.company_name == "Uitzendbureau De Brug"
        assert found.policy_number == "ZW-2024-0117"
        assert (found.salutation, found.initials, found.surname) == ("MRS", "F.", "van der Wal")
        assert (found.email, found.mobile) == ("wal@brug.test", "+31612345678")
        assert (found.state, found.outcome, found.taken_by) == ("OPEN", "", None)
        assert "InComfort" in client.get(ASKED).content.decode()

    @pytest.mark.parametrize(
        ("number", "kept"),
        [
            ("+31 6 12345678", "+31612345678"),
            ("0031612345678", "+31612345678"),
            ("+48 512 345 678", "+48512345678"),
        ],
    )
    def test_a_mobile_number_is_typed_in_many_ways(
        self, client: Client, number: str, kept: str
    ) -> None:
        send(client, mobile=number)

        assert stored().mobile == kept

    def test_loose_typing_is_tidied(self, client: Client) -> None:
        send(client, surname="  van  der\tWal ", policy_number=" zw-2024-0117 ")

        assert stored().surname == "van der Wal"
        assert stored().policy_number == "ZW-2024-0117"

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("company_name", "", "Vul de naam van uw bedrijf in."),
            ("company_name", "x" * 300, "Gebruik hooguit 200 tekens; dit zijn er 300."),
            ("company_name", "\x00", "Vul de naam van uw bedrijf in."),
            ("policy_number", "", "Vul het polisnummer in."),
            ("policy_number", "geen idee", "Dit is geen polisnummer."),
            ("policy_number", "9" * 300, "Dit is geen polisnummer."),
            ("policy_number", "<b>1</b>", "Dit is geen polisnummer."),
            ("salutation", "", "Kies hoe wij u aanspreken."),
            ("salutation", "KEIZER", "Kies een van de mogelijkheden."),
            ("initials", "", "Vul uw voorletter(s) in."),
            ("initials", "F" * 300, "Gebruik hooguit 20 tekens"),
            ("initials", "F1", "Een naam heeft geen cijfers."),
            ("surname", "", "Vul uw achternaam in."),
            ("surname", "x" * 300, "Gebruik hooguit 150 tekens"),
            ("surname", "Wal <script>", "alleen letters, spaties"),
            ("email", "", "Vul uw e-mailadres in."),
            ("email", "wal bij brug", "Dit is geen e-mailadres."),
            ("email", f"{'x' * 300}@brug.test", "Gebruik hooguit 254 tekens."),
            ("mobile", "", "Vul uw mobiele telefoonnummer in."),
            ("mobile", "024-3741660", "Dit is geen mobiel nummer."),
            ("mobile", "veel", "Dit is geen mobiel nummer."),
            ("mobile", "+44 7911 123456", "Dit is geen mobiel nummer."),
            ("submission", "x", "submission"),
        ],
    )
    def test_a_mistake_is_explained_and_what_was_typed_stays(
        self, client: Client, field: str, value: str, message: str
    ) -> None:
        response = send(client, **{field: value})

        page = response.content.decode()
        assert response.status_code == 200
        assert message in page
        assert "<title>Fout: " in page
        assert 'value="wal@brug.test"' in page or field == "email"
        assert not AccessRequest.objects.exists()

    def test_the_same_form_twice_is_one_request(self, client: Client) -> None:
        form = filled_in()

        assert client.post(FORM, form).url == client.post(FORM, form).url == ASKED

        assert AccessRequest.objects.count() == 1
        run_jobs()
        assert len(mail.outbox) == 1

    def test_another_form_needs_our_own_token(self) -> None:
        assert send(Client(enforce_csrf_checks=True)).status_code == 403
        assert not AccessRequest.objects.exists()

    def test_a_program_gets_the_same_answer_and_makes_no_work(self, client: Client) -> None:
        page = client.get(FORM).content.decode()
        assert re.search(r'<div hidden>.*<input[^>]* name="onderwerp"', page)

        assert send(client, onderwerp="goedkope horloges").url == ASKED

        assert not AccessRequest.objects.exists()


class TestSaysNothing:
    @pytest.fixture
    def noor(self, anna: User) -> User:
        employer = anna.memberships.get().employer
        employer.policies.update(number="ZW-2024-0117")
        return make_member(employer, "noor", state=User.State.INVITED, last_name="van der Wal")

    def answers(self, **change: str) -> list[tuple[int, Any, bytes]]:
        """Status, headers and body of the answer to the form, and of the page it leads to."""
        client = Client()
        client.get(FORM)
        answered = send(client, **change)
        shown = client.get(answered.url)
        return [
            (answer.status_code, sorted(answer.headers.items()), answer.content)
            for answer in (answered, shown)
        ]

    def test_the_answer_is_the_same_to_the_byte_whoever_exists(
        self, noor: User, anna: User, bram: User
    ) -> None:
        nobody = self.answers(
            company_name="Bestaat Niet", policy_number="X-1", email="niemand@nergens.test"
        )

        for change in (
            {"email": noor.email},
            {"email": anna.email},
            {"email": bram.email, "policy_number": "X-1"},
            {"email": "niemand@elders.test"},
        ):
            Bucket.objects.using("security").all().delete()
            assert self.answers(**change) == nobody

    def test_nobody_but_the_desk_is_e_mailed_and_nothing_about_the_person(
        self, client: Client, noor: User
    ) -> None:
        send(client, email=noor.email)
        run_jobs()

        [message] = mail.outbox
        assert message.to == [DESK]
        text = f"{message.subject} {message.body}"
        assert f"/beheer/accounts/accessrequest/{stored().pk}/change/" in text
        for typed in filled_in(email=noor.email).values():
            assert typed not in text
        assert not OneTimeLink.objects.exists()

    def test_all_that_was_typed_is_sealed(self, client: Client) -> None:
        send(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT r::text FROM accounts_accessrequest r")
            ((row,),) = cursor.fetchall()

        typed = ["Uitzendbureau", "ZW-2024-0117", "MRS", "F.", "Wal", "brug.test", "+31612345678"]
        assert [text for text in typed if text in row] == []
        # Sealed bytes stand there in hex: two or three letters turn up in them by chance.
        assert [text for text in typed if len(text) > 8 and text.encode().hex() in row] == []

    def test_the_log_says_that_somebody_asked_and_not_who(self, client: Client) -> None:
        send(client)

        event = AuditEvent.objects.about(stored()).get(action=Action.ACCESS_ASKED)
        assert event.actor is None
        assert event.actor_role == "visitor"
        assert event.detail == {}


class TestThrottle:
    def test_the_sixth_form_in_an_hour_from_one_place_is_refused(self, client: Client) -> None:
        for number in range(5):
            assert send(client, email=f"wal{number}@brug.test").url == ASKED

        response = send(client, email="wal9@brug.test")

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "720"
        page = response.content.decode()
        assert "Dit formulier is al een paar keer verstuurd. Wacht 12 minuten" in page
        assert "van der Wal" in page
        assert AccessRequest.objects.count() == 5

    def test_the_fourth_that_names_the_same_address_is_refused_from_anywhere(self) -> None:
        for number in range(3):
            send(Client(REMOTE_ADDR=f"192.0.2.{number}"), email="Wal@brug.test")

        response = send(Client(REMOTE_ADDR="192.0.2.99"), email="wal@brug.test")

        assert response.status_code == 429
        assert AccessRequest.objects.count() == 3

    def test_it_is_the_same_for_an_address_that_exists(self, anna: User) -> None:
        def statuses(email: str) -> list[int]:
            clients = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(4)]
            return [send(client, email=email).status_code for client in clients]

        known = statuses(anna.email)
        Bucket.objects.using("security").all().delete()

        assert statuses("niemand@nergens.test") == known == [302, 302, 302, 429]

    def test_from_everywhere_together_there_is_a_limit_too(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert throttle.ACCESS_REQUESTS_IN_ALL.capacity == 100
        monkeypatch.setattr(throttle, "ACCESS_REQUESTS_IN_ALL", throttle.Limit("some", 2, 60))
        statuses = [
            send(Client(REMOTE_ADDR=f"198.51.100.{n}"), email=f"a{n}@brug.test").status_code
            for n in range(3)
        ]

        assert statuses == [302, 302, 429]

    def test_a_mistake_does_not_count(self, client: Client) -> None:
        for _ in range(8):
            assert send(client, mobile="veel").status_code == 200

        assert send(client).url == ASKED


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_request(db: None) -> None:
    typed = {name: value for name, value in filled_in().items() if name != "submission"}
    submission = uuid4()

    found = at_once(
        [lambda: ask_for_access(applicant=Applicant(**typed), submission=submission)] * 4
    )

    assert {request.pk for request in found} == {stored().pk}
    assert AuditEvent.objects.filter(action=Action.ACCESS_ASKED).count() == 1
