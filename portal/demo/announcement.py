"""What someone who starts the portal has to know, for the terminal and for var/demo.json."""

import json

from django.urls import reverse

from portal.demo.accounts import BACKUP_CODE, PASSWORD, USERS, DemoUser


def facts(url: str) -> str:
    """JSON: `{"url", "users": [{"username", "password", "role", ...}]}`."""
    users = [
        {
            "username": person.username,
            "password": PASSWORD,
            "role": person.role,
            "employer": person.employers[0][0] if person.employers else None,
            "mobile": person.mobile or None,
            "totp_secret": person.totp_secret or None,
        }
        for person in USERS
    ]
    return json.dumps({"url": url, "users": users}, ensure_ascii=False, indent=2)


def text(url: str) -> str:
    people = "\n".join(_line(person) for person in USERS)
    return f"""
Het werkgeversportaal draait op {url}/

Inloggen: {url}{reverse("accounts:login")}
Wachtwoord van iedereen: {PASSWORD}

{people}

Code per sms, en alle e-mails: {url}{reverse("mailbox")}
Code van de authenticatie-app: typ in een tweede venster `make code WHO=anna`, of zet het
geheim uit var/demo.json in een app. Back-up code van iedereen: {BACKUP_CODE}

Stoppen: Ctrl-C.
"""


def _line(person: DemoUser) -> str:
    where = " en ".join(name for name, _ in person.employers) or "beheer (/beheer/)"
    steps = [f"sms {person.mobile}"] if person.mobile else []
    steps += ["app"] if person.totp_secret else []
    return f"  {person.username:<6} {person.role:<10} {' of '.join(steps):<23} {where}"
