"""People of one test each, made in the running portal: what they change is no other test's."""

import re

from playwright.sync_api import Page

from portal.demo.accounts import BRUG, PASSWORD, DemoUser
from tests.browser.conftest import Visit
from tests.browser.portal import Portal, portal_database
from tests.browser.steps import log_in
from tests.processes import run_python

PEOPLE = {
    # Passkeys: their choices at the login grow.
    "paula": DemoUser("paula", "Paula", "Prins", totp_secret="PAUL" * 8),
    "pim": DemoUser("pim", "Pim", "Prins", totp_secret="PIMP" * 8),
    "stan": DemoUser("stan", "Stan", "Smit", group="HCS", totp_secret="STAN" * 8),
    # Activation.
    "appie": DemoUser("appie", "Appie", "Postma"),
    "beide": DemoUser("beide", "Bea", "Ider"),
    # What somebody lost, forgot or changed.
    "kwijt": DemoUser("kwijt", "Karel", "Wijt", mobile="+31612340051", totp_secret="KWIJ" * 8),
    "vera": DemoUser("vera", "Vera", "Geten", totp_secret="VERA" * 8),
    "wim": DemoUser("wim", "Wim", "Wissel", totp_secret="WIMW" * 8),
}
CREATE = """
import django; django.setup()
from accounts.actions.users import invite
from accounts.models import BackupCodeDevice, Employer, Membership, User
from portal.demo.accounts import create_user
from tests.browser.newcomers import PEOPLE
person = PEOPLE[{username!r}]
user = create_user(person)
if not user.is_staff:
    employer = Employer.objects.get(name={employer!r})
    Membership.objects.create(employer=employer, user=user, role="GEBRUIKER")
if not (person.mobile or person.totp_secret):
    user.state = User.State.INVITED
    user.set_unusable_password()
    user.save()
    BackupCodeDevice.objects.filter(user=user).delete()
    invite(by=None, user=user)
"""


def create(portal: Portal, username: str) -> None:
    """Somebody of PEOPLE; invited who has no second factor yet."""
    run_python(
        CREATE.format(username=username, employer=BRUG),
        DJANGO_SETTINGS_MODULE="portal.settings",  # with the portal's own password hasher
        DATABASE_URL=portal_database(),
        PUBLIC_URL=portal.url,
    )
    person = PEOPLE[username]
    facts = {"username": username, "password": PASSWORD, "email": f"{username}@voorbeeld.test"}
    factors = {"mobile": person.mobile or None, "totp_secret": person.totp_secret or None}
    portal.users[username] = facts | factors


def arrive(visit: Visit, portal: Portal, username: str) -> Page:
    """Somebody new, logged in."""
    create(portal, username)
    page = visit()
    log_in(page, portal, username)
    return page


def link_to(portal: Portal, username: str, path: str, *, seen: int = 0) -> str:
    """The link with this path in the next e-mail to this person."""
    text = portal.next_message(f"{username}@voorbeeld.test", seen=seen)
    found = re.search(rf"https?://\S+/{path}/\S+", text)
    assert found, text
    return found.group()
