"""What the portal logs while people work: no names, numbers or codes. Source: security.md G6.

The log is kept at INFO, as in production, and holds what every browser test did so far.
"""

import re

import pytest

from tests.browser.conftest import Visit
from tests.browser.portal import LOG, Portal
from tests.browser.steps import add_and_open, give_password, new_name, search_box


def test_the_log_names_nobody_and_holds_no_secret(visit: Visit, portal: Portal) -> None:
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    page.goto("/dossiers/")
    search_box(page).fill(surname)
    page.get_by_role("link", name=re.compile(surname)).wait_for()
    page.goto("/bestaat-niet/")
    give_password(visit(), portal, "anna")
    log = LOG.read_text()
    secrets = [surname, "zofia@voorbeeld.test", "NL91", "612345678", "6511 PP", "9999"]
    secrets += [user["password"] for user in portal.users.values()]
    secrets += [user["totp_secret"] for user in portal.users.values() if user["totp_secret"]]
    secrets += [text.rstrip()[-6:] for text in portal.mailbox(portal.users["bram"]["mobile"])]

    running = log[log.index("Stoppen: Ctrl-C") :]  # what comes before tells the demo's passwords
    assert [secret for secret in secrets if secret.lower() in running.lower()] == []
    assert "/bestaat-niet/" in running  # there is a log to look at


@pytest.mark.parametrize("word", ["Traceback", "ERROR", "CRITICAL"])
def test_nothing_broke_on_the_way(portal: Portal, word: str) -> None:
    assert word not in LOG.read_text()
