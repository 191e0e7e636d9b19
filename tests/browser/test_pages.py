"""Every page of the access table in Chromium: WCAG 2.2 AA, no complaint of the browser, 320 px.

In light at 1280 px and dark at 390 px, with the demo's data; forms also with their errors.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import APPEARANCES, Appearances, overflow, violations
from tests.browser.conftest import logged_in
from tests.browser.portal import Portal
from tests.browser.steps import give_password
from tests.browser.watch import Watch
from tests.project.access import TABLE, address_of

# These answer with a file, with plain text or to a script.
NO_PAGES = {
    "absence:paste-template",
    "accounts:session-state",
    "documents:casefile-pdf",
    "documents:casefile-zip",
    "documents:download",
    "documents:overview-pb",
    "documents:statements-export",
    "documents:zip",
    "admin:documents_document_open",
    "admin:jsi18n",
    "health",
}
# Somebody who is not ill: only then there is a report to fill in.
WELL = """
    select d.uuid as dossier from dossiers_dossier d
    join accounts_employer e on e.id = d.employer_id
    join dossiers_employment em on em.employee_id = (
        select id from dossiers_employee where dossier_id = d.id) and em.ended_on is null
    where e.name = 'Uitzendbureau De Brug B.V.' and not exists (
        select from absence_trajectory t where t.dossier_id = d.id)
    order by d.id limit 1
"""
# One of everything in the demo; in the back office by key. Anna's employer has it all.
DEMO = """
    select d.uuid as dossier, t.uuid as trajectory, d.employer_id, em.id as employee,
           f.uuid as paper,
           t.id as trajectory_id, n.id as note, f.id as document, s.id as statement,
           s.uuid as statement_page,
           w.uuid as employment, (
               select x.uuid from dossiers_employment x
               where x.employer_id = d.employer_id and x.ended_on is not null
               order by x.id limit 1
           ) as ended, (
               select o.id from dossiers_employee o
               where o.employer_id = d.employer_id and o.id <> em.id order by o.id limit 1
           ) as second
    from dossiers_dossier d
    join dossiers_employee em on em.dossier_id = d.id
    join absence_trajectory t on t.dossier_id = d.id
    join dossiers_employment w on w.id = t.employment_id
    join documents_casenote n on n.trajectory_id = t.id
    join documents_document f on f.trajectory_id = t.id and f.source = 'EMPLOYER'
    join accounts_employer e on e.id = d.employer_id
    join documents_benefitstatement s on s.employer_id = e.id
    where e.name = 'Uitzendbureau De Brug B.V.'
    order by d.id limit 1
"""
# Who works with anna: somebody who stands in for her, and somebody who was just invited.
COLLEAGUES = """
    select fatma.uuid as membership, noa.uuid as invited, s.uuid as stand_in
    from accounts_employer e
    join accounts_membership fatma on fatma.employer_id = e.id
    join accounts_user f on f.id = fatma.user_id and f.username = 'fatma'
    join accounts_membership noa on noa.employer_id = e.id
    join accounts_user n on n.id = noa.user_id and n.username = 'noa'
    join accounts_standin s on s.employer_id = e.id and s.user_id = f.id
    where e.name = 'Uitzendbureau De Brug B.V.'
"""
# Something that InComfort asked of that employer and does not have yet.
OWED = """
    select i.uuid as item, (
               select a.request_id from documents_requestitem a
               where a.state = 'ANSWERED' order by a.id limit 1
           ) as "documents.documentrequest"
    from documents_requestitem i
    join accounts_employer e on e.id = i.employer_id
    where e.name = 'Uitzendbureau De Brug B.V.' and i.state = 'OPEN' order by i.id limit 1
"""
Open = Callable[[str], tuple[Page, Watch]]
Key = Callable[[str], object]


def pages_of(visitor: str, *, unless: str = "") -> list[tuple[str, str]]:
    """What this visitor can open; `unless`: and that one cannot, so that nothing is done twice."""
    return [
        (visitor, row.name)
        for row in TABLE.values()
        if row.outcomes[visitor][0] == "200"
        and row.name not in NO_PAGES
        and (not row.name.endswith("_history") or row.name == HISTORY)
        and not (unless and row.outcomes[unless][0] == "200")
    ]


# What differs for an employer without ZW-ERD: bram's. The rest is anna's page with other words.
WITHOUT_ZW_ERD = {"portal:start", "dossiers:employee-create", "documents:statements"}
HISTORY = "admin:accounts_user_history"  # the same template for each kind of row
PAGES = [
    *pages_of("nobody"),
    *pages_of("half", unless="nobody"),
    *pages_of("anna", unless="nobody"),
    *[page for page in pages_of("bram", unless="nobody") if page[1] in WITHOUT_ZW_ERD],
    *pages_of("ilse", unless="anna"),
    *pages_of("hugo", unless="ilse"),
]
FORMS = [
    ("nobody", "accounts:login", "Inloggen"),
    ("half", "accounts:login-check", "Inloggen"),
    ("half", "accounts:login-backup", "Inloggen"),
    ("anna", "dossiers:employee-create", "Opslaan"),
    ("anna", "dossiers:employment-create", "Opslaan"),
    ("anna", "absence:employment-end", "Opslaan"),
    ("anna", "absence:report-create", "Opslaan"),
    ("anna", "documents:upload", "Opslaan"),
    ("anna", "documents:request-item", "Opslaan"),
    ("anna", "accounts:colleague-invite", "Uitnodiging versturen"),
    ("anna", "accounts:stand-in-give", "Vervanger maken"),
    ("ilse", "admin:accounts_employer_add", "Opslaan"),
    ("ilse", "admin:accounts_user_add", "Opslaan"),
    ("ilse", "admin:accounts_user_recover", "Accountherstel aanvragen"),
    ("ilse", "admin:accounts_accountrecovery_add", "Accountherstel aanvragen"),
    ("ilse", "admin:accounts_accountrecovery_approve", "Goedkeuren en link versturen"),
    ("ilse", "admin:accounts_accountrecovery_refuse", "Weigeren"),
    ("ilse", "admin:documents_benefitstatement_add", "Uitkeringsspecificatie plaatsen"),
    ("ilse", "admin:documents_documentrequest_decide", "Besluit vastleggen"),
    ("hugo", "admin:absence_trajectory_percentage", "AO-percentage vastleggen"),
    ("hugo", "admin:absence_trajectory_recovery", "Herstel vastleggen"),
]


@pytest.fixture(scope="module")
def open_as(
    browser: Browser, browser_context_args: dict[str, Any], portal: Portal
) -> Iterator[Open]:
    """One browser per kind of visitor, for all pages of this module."""
    opened: dict[str, tuple[BrowserContext, Page, Watch]] = {}

    def open_page(visitor: str) -> tuple[Page, Watch]:
        if visitor not in opened:
            is_person = visitor in portal.users
            state = logged_in(browser, browser_context_args, portal, visitor) if is_person else None
            options = browser_context_args | {"reduced_motion": "reduce"}
            context = browser.new_context(**options, storage_state=state)
            watch, page = Watch(context), context.new_page()
            if visitor == "half":
                give_password(page, portal, "anna")
                page.get_by_role("button", name="authenticatie-app", exact=True).click()
            opened[visitor] = (context, page, watch)
        _, page, watch = opened[visitor]
        watch.problems.clear()
        return page, watch

    yield open_page
    for context, _, _ in opened.values():
        context.close()


@pytest.fixture(scope="module")
def key(portal: Portal) -> Key:
    """What the demo has for each thing that an address of the table names."""
    row = portal.named_row(DEMO)
    keys = {
        "dossier": row["dossier"],
        "trajectory": row["trajectory"],
        "employment": row["employment"],
        "ended": row["ended"],
        "statement": row["statement_page"],
        "accounts.employer": row["employer_id"],
        "dossiers.employee": row["employee"],
        "dossiers.second": row["second"],
        "absence.trajectory": row["trajectory_id"],
        "documents.casenote": row["note"],
        "document": row["paper"],
        "documents.document": row["document"],
        "documents.benefitstatement": row["statement"],
        **portal.named_row(COLLEAGUES),
        **portal.named_row(OWED),
    }
    first = "select min(id) as id from {}"
    return lambda what: (
        (what.startswith("=") and what[1:])
        or keys.get(what)
        or portal.named_row(first.format(apps.get_model(what)._meta.db_table))["id"]
    )


def appearances_of(name: str) -> Appearances:
    """Both; in the back office, all of one sheet and a few templates, one by turns."""
    if not name.startswith("admin:"):
        return APPEARANCES
    return [APPEARANCES[sorted(TABLE).index(name) % 2]]


def assert_fine(page: Page, watch: Watch, appearances: Appearances = APPEARANCES) -> None:
    # A title is there before the rest of its page is.
    page.wait_for_load_state("load")
    assert "None" not in page.title()
    assert violations(page, appearances) == []
    assert overflow(page) == []
    assert watch.problems == []


@pytest.mark.parametrize(("visitor", "name"), PAGES)
def test_a_page_is_fine_for_everybody(visitor: str, name: str, open_as: Open, key: Key) -> None:
    page, watch = open_as(visitor)
    answer = page.goto(address_of(TABLE[name], key))

    assert answer
    assert answer.status == 200
    assert_fine(page, watch, appearances_of(name))


@pytest.mark.parametrize(("visitor", "name", "button"), FORMS)
def test_a_form_with_mistakes_is_fine_for_everybody(
    visitor: str, name: str, button: str, open_as: Open, key: Key, portal: Portal
) -> None:
    page, watch = open_as(visitor)
    if name == "absence:report-create":
        page.goto(address_of(TABLE[name], lambda what: portal.named_row(WELL)[what]))
    else:
        page.goto(address_of(TABLE[name], key))
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    expect(page).to_have_title(re.compile("^Fout: "))
    assert_fine(page, watch)


def test_a_page_that_is_not_there_is_fine_too(open_as: Open) -> None:
    for visitor in ("anna", "ilse"):
        page, watch = open_as(visitor)
        page.goto("/dossiers/ab5b9be5-6c5f-4d2a-a1b0-0d6a0d3c2f11/")
        assert_fine(page, watch)


def test_the_check_sees_what_it_should_see(open_as: Open) -> None:
    """A page with a nameless field, faint text and a wide block must not pass."""
    page, _ = open_as("nobody")
    page.goto("/help/")
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
          "<input><p class='faint'>Flets</p><div class='wide'>Breed</div>")"""
    )
    page.evaluate(
        """() => {
          document.querySelector(".faint").style.color = "#8a8a8a";
          document.querySelector(".faint").style.background = "#9a9a9a";
          document.querySelector(".wide").style.width = "900px";
        }"""
    )

    found = " ".join(violations(page))
    assert "label" in found
    assert "color-contrast" in found
    assert overflow(page)
