"""Accountherstel in the back office: asked on one screen."""

import re

import pytest
from django.test import Client

from accounts.models import AccountRecovery, OutgoingMessage, User
from tests.accounts.recovery_steps import EVIDENCE
from tests.backoffice.recovery_steps import ASKED, LIST, ask_page, page_of, text_of
from tests.factories import make_recovery, make_staff

pytestmark = pytest.mark.django_db

State = AccountRecovery.State


class TestAsking:
    def test_from_the_page_of_the_user_to_a_request(
        self, as_ilse: Client, ilse: User, anna: User
    ) -> None:
        page = as_ilse.get(f"/beheer/accounts/user/{anna.pk}/change/").content.decode()
        assert f'href="{ask_page(anna)}"' in page
        assert anna.email in text_of(as_ilse.get(ask_page(anna)))
        assert not AccountRecovery.objects.exists()

        response = as_ilse.post(ask_page(anna), ASKED, follow=True)

        found = AccountRecovery.objects.get()
        assert (found.user, found.requested_by, found.state) == (anna, ilse, State.OPEN)
        assert (found.evidence, found.called_number) == (EVIDENCE, "+31243741660")
        assert "Een collega beoordeelt het binnen 24 uur" in text_of(response)
        assert page_of(found) in text_of(response)  # instead of asking once more

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"evidence": ""}, "Vul in wat u hebt nagegaan."),
            ({"evidence": "  gebeld  "}, "in minstens 40 tekens"),
            ({"evidence": "x" * 2001}, "2000"),
            ({"called_number": ""}, "Vul het nummer in waarop u hebt teruggebeld."),
            ({"called_number": "geen nummer"}, "Dit is geen telefoonnummer."),
            ({"called_number": "12345"}, "Dit is geen telefoonnummer."),
            ({"has_called": ""}, "Bel eerst terug op het nummer van de polis."),
        ],
    )
    def test_a_mistake_is_explained_and_what_was_typed_stays(
        self, as_ilse: Client, anna: User, change: dict[str, str], message: str
    ) -> None:
        data = ASKED | change
        response = as_ilse.post(ask_page(anna), data)

        assert response.status_code == 200
        assert message in text_of(response)
        typed = data["called_number"] if "evidence" in change else data["evidence"]
        assert typed in text_of(response)
        assert not AccountRecovery.objects.exists()
        assert not OutgoingMessage.objects.exists()

    def test_a_second_time_it_says_that_it_was_asked(
        self, as_ilse: Client, anna: User, ivo: User
    ) -> None:
        make_recovery(anna, by=ivo)

        response = as_ilse.post(ask_page(anna), ASKED)

        assert "Er is al herstel aangevraagd" in text_of(response)
        assert AccountRecovery.objects.count() == 1

    def test_who_was_never_active_is_invited_again_instead(
        self, as_ilse: Client, anna: User
    ) -> None:
        User.objects.filter(pk=anna.pk).update(state=User.State.INVITED)

        page = as_ilse.get(f"/beheer/accounts/user/{anna.pk}/change/").content.decode()
        response = as_ilse.post(ask_page(anna), ASKED)

        assert ask_page(anna) not in page
        assert "Nodig de gebruiker opnieuw uit" in text_of(response)

    def test_for_a_colleague_it_starts_at_the_list(
        self, as_ilse: Client, ilse: User, hugo: User, ivo: User, anna: User
    ) -> None:
        boss = make_staff("baas", "InComfort")
        User.objects.filter(pk=boss.pk).update(is_superuser=True)
        assert f'href="{LIST}add/"' in as_ilse.get(LIST).content.decode()
        page = as_ilse.get(f"{LIST}add/").content.decode()
        offered = {int(key) for key in re.findall(r'<option value="(\d+)"', page)}
        assert offered == {hugo.pk, ivo.pk}

        as_ilse.post(f"{LIST}add/", ASKED | {"colleague": hugo.pk})

        assert AccountRecovery.objects.get().user == hugo

    @pytest.mark.parametrize("who", ["ilse", "anna"])
    def test_oneself_and_others_than_staff_cannot_be_sent_along(
        self, request, as_ilse: Client, who: str
    ) -> None:
        key = request.getfixturevalue(who).pk

        response = as_ilse.post(f"{LIST}add/", ASKED | {"colleague": key})

        assert "Selecteer een geldige keuze" in text_of(response)
        assert not AccountRecovery.objects.exists()

    def test_staff_have_no_page_as_a_user(self, as_ilse: Client, hugo: User, ilse: User) -> None:
        assert as_ilse.post(ask_page(hugo), ASKED).status_code == 404
        assert as_ilse.post(ask_page(ilse), ASKED).status_code == 404
