"""The lists "Nu ziek" and "Alle verzuimmeldingen": rows, order, filters, pages, access."""

import re
from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from absence.models import Classification
from accounts.models import AuditEvent, Membership
from tests.absence.pages import words
from tests.crowd import many_ill
from tests.factories import make_employee, make_employer, make_incapacity, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")

ILL = "/verzuim/overzicht/"
ALL = "/verzuim/overzicht/alle/"


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def ask(client, anna):
    """The response to an address with these parameters, as anna."""
    login(client, anna)

    def get(address, **asked):
        return client.get(f"{address}?{urlencode(asked)}")

    return get


def ill(employer, surname, first_sick_day=date(2026, 11, 2), percentage=100, **fields):
    prefixes = fields.pop("prefixes", "")
    employee = make_employee(employer, surname, prefixes=prefixes)
    return make_trajectory(employee, percentage, first_sick_day=first_sick_day, **fields)


def names(response):
    """The surnames in the order of the list."""
    page = response.content.decode()
    return re.findall(r'data-label="Naam"><a href="[^"]*">([^,]*),', page)


class TestRows:
    def test_who_is_ill_stands_there_with_day_duration_and_percentage(self, ask, employer):
        report = ill(employer, "Berg", prefixes="van den")
        make_incapacity(report, effective_on=date(2026, 11, 16), percentage=40)

        text = words(ask(ILL))

        assert "Nu ziek: 1" in text
        assert "Berg, A.B. van den 02-11-2026 Gedeeltelijk: 40% 3 weken en 2 dagen (week 4)" in text

    def test_an_earlier_illness_within_four_weeks_counts_along(self, ask, employer):
        employee = make_employee(employer)
        make_trajectory(employee, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 10, 8))
        make_trajectory(employee, first_sick_day=date(2026, 11, 2))

        text = words(ask(ILL))

        assert "4 weken en 2 dagen (week 5) met de eerdere ziekte vanaf 01-10-2026" in text

    def test_a_name_leads_to_the_tab_verzuim(self, ask, employer):
        report = ill(employer, "Berg")

        assert f'href="{report.get_absolute_url()}"' in ask(ILL).content.decode()

    def test_who_recovered_is_in_the_list_of_all_only(self, ask, employer):
        ill(employer, "Beter", recovered_on=date(2026, 11, 9))

        assert names(ask(ILL)) == []
        assert "Hersteld per 09-11-2026 1 week" in words(ask(ALL))

    def test_who_is_still_ill_has_no_column_that_says_recovered(self, ask, employer):
        ill(employer, "Berg")

        page = ask(ALL).content.decode()

        assert 'data-label="Verzuimstatus"' in page
        assert "Verzuimstatus: nog ziek eerst" in page
        assert "Naam Eerste ziektedag Verzuimstatus Duur" in words(ask(ALL))

    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_what_was_withdrawn_is_in_no_list_and_counts_along_nowhere(
        self, ask, anna, employer, address
    ):
        gone = {"withdrawn_at": timezone.now(), "withdrawn_by": anna}
        ill(employer, "Vergissing", **gone)
        report = ill(employer, "Berg")
        make_trajectory(
            report.employee,
            first_sick_day=date(2026, 10, 1),
            recovered_on=date(2026, 10, 20),
            **gone,
        )

        assert names(ask(address)) == ["Berg"]
        assert "3 weken en 2 dagen (week 4)" in words(ask(address))

    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_no_classification_is_in_a_list(self, ask, employer, address):
        ill(employer, "Berg", classification=Classification.objects.get(code="vangnet"))

        page = ask(address).content.decode()

        assert names(ask(address)) == ["Berg"]
        assert "angnet" not in page

    @pytest.mark.parametrize(
        ("address", "said"),
        [(ILL, "Er is nu niemand ziek gemeld"), (ALL, "Er zijn nog geen verzuimmeldingen")],
    )
    def test_an_empty_list_says_so(self, ask, address, said):
        assert said in words(ask(address))


class TestOrder:
    @pytest.fixture
    def three(self, employer):
        ill(employer, "Özer", date(2026, 11, 3), 50)
        ill(employer, "Zwart", date(2026, 11, 1), 100)
        ill(employer, "aarden", date(2026, 11, 2), 20, prefixes="van")

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ("", ["Özer", "aarden", "Zwart"]),
            ("naam", ["aarden", "Özer", "Zwart"]),
            ("-naam", ["Zwart", "Özer", "aarden"]),
            ("eerste-ziektedag", ["Zwart", "aarden", "Özer"]),
            ("-eerste-ziektedag", ["Özer", "aarden", "Zwart"]),
            ("percentage", ["aarden", "Özer", "Zwart"]),
            ("-percentage", ["Zwart", "Özer", "aarden"]),
        ],
    )
    def test_the_address_holds_the_order(self, ask, three, order, expected):
        assert names(ask(ILL, volgorde=order)) == expected

    def test_the_list_of_all_sorts_on_recovery(self, ask, employer):
        ill(employer, "Laat", date(2026, 9, 1), recovered_on=date(2026, 10, 1))
        ill(employer, "Vroeg", date(2026, 9, 1), recovered_on=date(2026, 9, 8))
        ill(employer, "Ziek", date(2026, 9, 1))

        assert names(ask(ALL, volgorde="-hersteld")) == ["Ziek", "Laat", "Vroeg"]
        assert names(ask(ALL, volgorde="hersteld")) == ["Vroeg", "Laat", "Ziek"]

    def test_the_head_says_how_it_is_sorted_and_leads_to_the_other_way(self, ask, three):
        page = ask(ILL, volgorde="naam", ziek="gedeeltelijk", pagina="1").content.decode()

        assert (
            '<th scope="col" aria-sort="ascending">'
            '<a href="?volgorde=-naam&amp;ziek=gedeeltelijk">Naam</a></th>' in page
        )
        assert page.count("aria-sort") == 1
        assert '<option value="naam" selected>' in page

    def test_a_list_without_an_order_shows_which_it_has(self, ask, three):
        assert '<option value="-eerste-ziektedag" selected>' in ask(ILL).content.decode()


class TestFilters:
    @pytest.mark.parametrize(
        ("extent", "expected"),
        [("", ["Half", "Heel"]), ("volledig", ["Heel"]), ("gedeeltelijk", ["Half"])],
    )
    def test_fully_or_partly_ill_by_the_latest_percentage(self, ask, employer, extent, expected):
        ill(employer, "Heel")
        make_incapacity(ill(employer, "Half"), effective_on=date(2026, 11, 9), percentage=50)

        assert names(ask(ILL, ziek=extent, volgorde="naam")) == expected

    def test_the_year_is_that_of_the_first_sick_day(self, ask, employer):
        ill(employer, "Nieuw", date(2026, 1, 1))
        ill(employer, "Oud", date(2025, 12, 31), recovered_on=date(2026, 2, 1))

        assert names(ask(ALL, jaar="2025")) == ["Oud"]
        assert names(ask(ALL, jaar="2026")) == ["Nieuw"]
        assert '<option value="2025">2025</option>' in ask(ALL, volgorde="naam").content.decode()

    def test_one_of_several_employers(self, ask, anna, employer):
        other = make_employer("Flexwerk Noord")
        Membership.objects.create(user=anna, employer=other, role="GEBRUIKER")
        ill(employer, "Hier")
        ill(other, "Daar")

        both = ask(ILL, volgorde="naam")

        assert names(both) == ["Daar", "Hier"]
        assert 'data-label="Werkgever">Flexwerk Noord' in both.content.decode()
        assert names(ask(ILL, werkgever=other.uuid)) == ["Daar"]

    def test_with_one_employer_nobody_is_asked_which(self, ask, employer):
        ill(employer, "Hier")

        assert 'name="werkgever"' not in ask(ILL).content.decode()

    def test_nothing_found_is_not_nobody_ill(self, ask, employer):
        ill(employer, "Heel")

        text = words(ask(ILL, ziek="gedeeltelijk"))

        assert "Niets gevonden met deze keuze" in text
        assert "niemand ziek" not in text

    @pytest.mark.parametrize(
        ("address", "asked", "said"),
        [
            (ILL, {"volgorde": "wachtwoord"}, "Kies een van de volgordes."),
            (ILL, {"volgorde": "-hersteld"}, "Kies een van de volgordes."),
            (ILL, {"ziek": "x" * 5000}, "Kies volledig of gedeeltelijk."),
            (ALL, {"jaar": "1900"}, "Kies een van de jaren."),
        ],
    )
    def test_what_cannot_be_is_said_and_left_out(self, ask, employer, address, asked, said):
        ill(employer, "Hier")

        response = ask(address, **asked)

        assert said in words(response)
        assert "<title>Fout:" in response.content.decode()
        assert names(response) == ["Hier"]


class TestPages:
    def test_fifty_on_a_page_and_each_row_once(self, ask, anna, employer):
        many_ill(employer, anna, 120)

        found = [names(ask(ILL, pagina=number)) for number in (1, 2, 3)]

        assert [len(each) for each in found] == [50, 50, 20]
        assert len({name for each in found for name in each}) == 120
        assert "51 tot en met 100 van 120" in words(ask(ILL, pagina=2))

    def test_a_page_keeps_order_and_filter(self, ask, anna, employer):
        many_ill(employer, anna, 60)

        page = ask(ILL, volgorde="-percentage", ziek="volledig").content.decode()

        assert 'href="?volgorde=-percentage&amp;ziek=volledig&amp;pagina=2"' in page

    @pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 5000, "٣", "\x00"])
    def test_no_page_number_is_no_error(self, ask, employer, asked):
        ill(employer, "Hier")

        assert names(ask(ILL, pagina=asked)) == ["Hier"]


class TestWhoSees:
    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_bram_sees_nothing_of_it(self, client, bram, employer, address):
        ill(employer, "Jansen")
        login(client, bram)

        assert names(client.get(address)) == []

    def test_bram_learns_nothing_by_naming_the_employer(self, client, bram, employer):
        ill(employer, "Jansen")
        Membership.objects.create(user=bram, employer=make_employer(), role="GEBRUIKER")
        login(client, bram)

        answers = [
            words(client.get(f"{ILL}?werkgever={each}")) for each in (employer.uuid, uuid4())
        ]

        assert "Kies een van uw werkgevers." in answers[0]
        assert answers[0] == answers[1]

    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_the_log_says_whose_rows_were_shown(self, ask, employer, address):
        report = ill(employer, "Jansen")
        ask(address)

        event = AuditEvent.objects.get(action="report.list")
        assert event.detail == {"dossiers": [report.dossier_id]}

    def test_the_start_page_leads_to_both(self, client, anna):
        login(client, anna)

        page = client.get(reverse("portal:start")).content.decode()

        assert f'<a href="{ALL}">Alle verzuimmeldingen</a>' in page
        assert f'href="{ILL}"' in page


class TestItsPlace:
    def test_who_comes_back_finds_the_list_as_it_was_left(self, ask, client, employer):
        ill(employer, "Half", percentage=50)
        ill(employer, "Heel")
        ask(ILL, volgorde="naam", ziek="gedeeltelijk")

        back = client.get(ILL, follow=True)

        assert back.redirect_chain == [(f"{ILL}?volgorde=naam&ziek=gedeeltelijk", 302)]
        assert names(back) == ["Half"]

    def test_all_rows_are_one_step_away(self, ask, client, employer):
        ill(employer, "Half", percentage=50)
        ill(employer, "Heel")
        page = ask(ILL, volgorde="naam", ziek="gedeeltelijk").content.decode()
        [whole] = set(re.findall(r'href="([^"]*)">Alles tonen', page))

        assert names(client.get(f"{ILL}{whole}")) == ["Half", "Heel"]
        assert names(client.get(ILL, follow=True)) == ["Half", "Heel"]

    def test_each_list_has_its_own_place_and_nonsense_is_not_kept(self, ask, client, employer):
        ask(ILL, ziek="nonsens")
        assert client.get(ILL).status_code == 200
        ask(ILL, volgorde="naam")
        assert client.get(ALL).status_code == 200
