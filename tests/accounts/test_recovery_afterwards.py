"""An account that was set back, until its owner has activated it anew."""

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.access import follow_new_address
from accounts.actions.invitations import Person, invite_colleague
from accounts.actions.recovery import Why, approve_recovery
from accounts.actions.users import AddressChangedError, invite, invite_again
from accounts.models import AccessOffer, Membership, OneTimeLink, User
from tests.accounts.recovery_steps import ask, link_in_mail, mailed, why

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]


class TestAfterwards:
    """Until the account is active again, nobody of staff leads the link elsewhere on his own."""

    @pytest.fixture(autouse=True)
    def _set_back(self, no_tokens_taken: None, anna: User, ilse: User, ivo: User) -> None:
        approve_recovery(by=ivo, recovery=ask(ilse, anna))
        anna.refresh_from_db()

    def move(self, anna: User, by: User) -> None:
        former, anna.email = anna.email, "dief@elders.test"
        anna.save()
        follow_new_address(by=by, user=anna, former=former)

    def test_another_address_gets_no_link_and_the_former_one_is_told(
        self, anna: User, ilse: User
    ) -> None:
        path, former = link_in_mail(), anna.email
        mail.outbox.clear()

        self.move(anna, ilse)

        assert mailed() == [(former, "Het e-mailadres van uw account is gewijzigd")]
        assert Client().get(path).status_code == 404
        for act in (invite, invite_again):
            with pytest.raises(AddressChangedError):
                act(by=ilse, user=anna)
        assert OneTimeLink.objects.count() == 1

    def test_two_people_can_lead_it_there(self, anna: User, ilse: User, ivo: User) -> None:
        self.move(anna, ilse)

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert mailed()[-1][0] == "dief@elders.test"
        assert Client().get(link_in_mail()).status_code == 302

    def test_one_person_repeats_it_to_the_same_address(self, anna: User, ilse: User) -> None:
        invite_again(by=ilse, user=anna)

        assert OneTimeLink.objects.live().get().created_by == ilse

    def test_once_active_again_another_address_is_changed_as_of_anybody(
        self, anna: User, ilse: User
    ) -> None:
        anna.reach(User.State.ACTIVE)
        self.move(anna, ilse)

        assert why(ask, by=ilse, user=ilse) == Why.OWN_ACCOUNT
        assert ask(ilse, anna).is_open

    def test_a_beheerder_elsewhere_does_not_take_it_for_one_that_nobody_used(
        self, anna: User, bram: User
    ) -> None:
        """Who works for nobody any more and was never in, is invited as if new: not this one."""
        Membership.objects.filter(user=anna).delete()
        person = Person("annabel", "Anna", "Bel", anna.email)

        invite_colleague(
            by=bram, employer=bram.memberships.get().employer, person=person, role="GEBRUIKER"
        )

        anna.refresh_from_db()
        assert anna.username == "anna"
        assert AccessOffer.objects.get().user == anna
