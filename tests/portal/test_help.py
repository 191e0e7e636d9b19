"""The help page: every task, for who can and who cannot log in."""

import pytest
from django.test import Client

from accounts.models import User
from tests.login import login

pytestmark = pytest.mark.django_db

# The labels of the customer's own help page (sections 1-9), which the screens carry too.
LABELS = [
    "Verder",
    "Wachtwoord wijziging opslaan",
    "Bevestigings-sms versturen",
    "2-stappen controle",
    "Sms bevestiging registreren",
    "Authenticatie-app registreren",
    "Geen extra authenticatie optie toevoegen",
    "Ik heb mijn back-up code bewaard",
    "Inloggen voor uitzendorganisaties",
    "Opnieuw sms versturen",
    "Dossier zoeken",
    "Ook op uit dienst getreden werknemers zoeken",
    "Werknemer toevoegen",
    "Ga direct naar dossier",
    "Verzuim melden",
    "Zoeken",
    "Opslaan",
    "Trajectendossier",
    "Geïmporteerde documenten",
    "Traject",
    "Submap",
    "Bestanden",
    "Overzichtsdocumenten",
    "Overzicht PB",
]


@pytest.mark.parametrize("label", LABELS)
def test_it_names_each_button_and_field_as_on_screen(client: Client, label: str) -> None:
    assert f"<b>{label}</b>" in client.get("/help/").content.decode()


def test_each_entry_of_the_contents_leads_to_a_part(client: Client) -> None:
    html = client.get("/help/").content.decode()
    contents = html[html.index("Op deze pagina") : html.index("</nav>")]
    targets = [part.split('"')[0] for part in contents.split('href="#')[1:]]

    assert len(targets) == 14
    assert all(f'id="{target}"' in html for target in targets)


def test_visma_nmbrs_is_for_customers_with_zw_erd_only(
    client: Client, anna: User, bram: User
) -> None:
    assert "Nmbrs" not in client.get("/help/").content.decode()
    login(client, bram)
    assert "Nmbrs" not in client.get("/help/").content.decode()
    login(client, anna)
    assert "Naar Visma Nmbrs" in client.get("/help/").content.decode()


def test_it_tells_a_visitor_nothing_of_any_employer(client: Client, anna: User) -> None:
    assert "De Brug" not in client.get("/help/").content.decode()
    login(client, anna)
    assert "De Brug" in client.get("/help/").content.decode()
