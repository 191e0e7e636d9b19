"""What somebody does on /verzuim/plakken/."""

from uuid import uuid4

from absence.models import Trajectory
from dossiers.models import Dossier

ADDRESS = "/verzuim/plakken/"
KNOWN = {
    "Achternaam": "Berg",
    "Privé mobiel nummer": "06 12345678",
    "Verzuimclassificatie": "Ziekte",
    "Eerste ziektedag": "23-11-2026",
    "AO-percentage": "50",
}


def check(client, text, **more):
    return client.post(ADDRESS, {"submission": str(uuid4()), "text": text} | more)


def confirmation(client, text, **more):
    """What the page with the preview sends."""
    page = check(client, text, **more)
    return {
        "submission": page.context["form"]["submission"].value(),
        "text": text,
        "gezien": page.context["preview"].fingerprint,
        "bevestigen": "ja",
    }


def confirm(client, text, **more):
    """Checks and confirms, as the page does: with what was on it."""
    sent = confirmation(client, text, **{key: more[key] for key in more if key == "anders"})
    return client.post(ADDRESS, sent | more), sent


def nothing_stored():
    people = Dossier.objects.filter(kind=Dossier.Kind.EMPLOYEE)
    return not people.exists() and not Trajectory.everything.exists()
