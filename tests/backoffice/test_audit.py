"""Looking is an event too: lists, searches, objects, changes and refusals in the back office."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from absence.models import Classification
from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, Policy, User
from tests.factories import make_employer, make_policy

pytestmark = pytest.mark.django_db

POLICIES = "/beheer/accounts/policy/"


@pytest.fixture
def policy(db: None) -> Policy:
    return make_policy(make_employer("Uitzendbureau De Brug"), number="P-100")


def events(action: Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_a_list_is_one_event_with_what_it_showed(
    as_ilse: Client, ilse: User, policy: Policy
) -> None:
    as_ilse.get(POLICIES)

    [event] = events(Action.ADMIN_LIST)
    assert (event.actor, event.actor_role) == (ilse, "incomfort")
    assert event.detail == {"model": "accounts.policy", "shown": [policy.pk]}


def test_an_object_is_one_event_with_its_employer(as_ilse: Client, policy: Policy) -> None:
    as_ilse.get(f"{POLICIES}{policy.pk}/change/")

    [event] = events(Action.ADMIN_VIEW)
    assert (event.object_type, event.object_id) == ("accounts.policy", str(policy.pk))
    assert event.employer == policy.employer


def test_a_change_names_the_fields_and_not_their_values(as_ilse: Client, policy: Policy) -> None:
    data = {"number": "P-200", "starts_on": "01-01-2020", "ends_on": "31-12-2026"}

    response = as_ilse.post(f"{POLICIES}{policy.pk}/change/", data)

    assert response.status_code == 302
    [event] = events(Action.ADMIN_CHANGE)
    assert event.detail == {"fields": ["number", "ends_on"]}
    assert event.employer == policy.employer


def test_an_addition_is_an_event(as_ilse: Client) -> None:
    data = {"label": "Ziekte elders", "code": "elders", "position": "9", "help_text": ""}

    as_ilse.post("/beheer/absence/classification/add/", data)

    [event] = events(Action.ADMIN_ADD)
    assert event.object_id == str(Classification.objects.get(code="elders").pk)


def test_the_history_of_an_object_comes_from_the_log(as_ilse: Client, policy: Policy) -> None:
    as_ilse.get(f"{POLICIES}{policy.pk}/change/")

    page = as_ilse.get(f"{POLICIES}{policy.pk}/history/").content.decode()

    assert page.count("Gegeven bekeken in beheer") == 2  # looking at the history is one more
    assert "ilse" in page


def test_django_s_own_log_that_keeps_names_stays_empty(as_ilse: Client, policy: Policy) -> None:
    data = {"number": "P-300", "starts_on": "01-01-2020", "ends_on": ""}
    as_ilse.post(f"{POLICIES}{policy.pk}/change/", data)

    assert not LogEntry.objects.exists()


def test_reading_the_log_is_in_the_log(as_ilse: Client) -> None:
    as_ilse.get("/beheer/accounts/auditevent/")

    [event] = events(Action.ADMIN_LIST)
    assert event.detail["model"] == "accounts.auditevent"


def test_a_refused_change_is_in_the_log_although_it_is_rolled_back(
    as_hugo: Client, hugo: User, policy: Policy
) -> None:
    response = as_hugo.post(f"{POLICIES}{policy.pk}/change/", {"number": "X"})

    assert response.status_code == 403
    [event] = events(Action.ACCESS_DENIED)
    assert (event.actor, event.outcome) == (hugo, Outcome.DENIED)
    assert event.detail == {"page": "admin:accounts_policy_change", "key": str(policy.pk)}
    policy.refresh_from_db()
    assert policy.number == "P-100"


def test_a_refused_list_is_in_the_log(as_hugo: Client) -> None:
    assert as_hugo.get("/beheer/accounts/auditevent/").status_code == 403
    assert as_hugo.post("/beheer/accounts/auditevent/", {"q": "x"}).status_code == 403

    assert len(events(Action.ACCESS_DENIED)) == 2
    assert not events(Action.ADMIN_LIST)


class TestSearch:
    def search(self, client: Client, term: str) -> tuple[str, str]:
        """The address where the search ends, and the page there."""
        response = client.post(POLICIES, {"q": term}, follow=True)
        return response.redirect_chain[0][0], response.content.decode()

    def test_it_finds_without_the_term_in_the_address(
        self, as_ilse: Client, policy: Policy
    ) -> None:
        make_policy(make_employer("Flexwerk Zuid"), number="P-900")

        address, page = self.search(as_ilse, "brug")

        assert "brug" not in address
        assert "P-100" in page
        assert "P-900" not in page

    def test_the_event_says_how_long_the_term_was_and_what_was_shown(
        self, as_ilse: Client, policy: Policy
    ) -> None:
        self.search(as_ilse, "brug")

        [event] = events(Action.ADMIN_SEARCH)
        assert event.detail == {"model": "accounts.policy", "shown": [policy.pk], "letters": 4}

    def test_the_term_is_sealed_in_the_session(self, as_ilse: Client) -> None:
        self.search(as_ilse, "brug")

        assert "brug" not in str(dict(as_ilse.session))

    def test_a_term_in_the_address_is_no_search(self, as_ilse: Client, policy: Policy) -> None:
        page = as_ilse.get(f"{POLICIES}?q=bestaatniet").content.decode()

        assert "P-100" in page

    def test_another_s_handle_is_no_search(
        self, as_ilse: Client, as_hugo: Client, policy: Policy
    ) -> None:
        address, _ = self.search(as_ilse, "bestaatniet")

        assert "P-100" in as_hugo.get(address).content.decode()

    def test_filters_stay(self, as_ilse: Client, policy: Policy) -> None:
        response = as_ilse.post(f"{POLICIES}?product__exact=VERZUIM&p=1", {"q": "brug"})

        assert "product__exact=VERZUIM" in response.url

    @pytest.mark.parametrize("term", ["x" * 101, "a\x00b"])
    def test_an_impossible_term_gets_an_answer(self, as_ilse: Client, term: str) -> None:
        response = as_ilse.post(POLICIES, {"q": term}, follow=True)

        assert response.status_code == 200
        assert "errornote" in response.content.decode() or "messagelist" in str(response.content)
