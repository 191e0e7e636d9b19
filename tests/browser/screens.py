"""`make screenshots`: every page as each kind of user, filled, empty and with errors.

Not a test of its own, so not collected by `make test`. Each page is taken wide and narrow, light
and dark, into var/screens/; index.html there shows them all.
"""

import base64
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import product
from pathlib import Path

import pytest
from django_otp.oath import hotp
from playwright.sync_api import Page

from portal.demo.accounts import BRUG, PASSWORD, DemoUser
from tests.browser.conftest import Visit
from tests.browser.portal import Portal, portal_database
from tests.browser.steps import (
    add_employee,
    days_ago,
    fill,
    follow,
    give_password,
    press,
    report_sick,
    search_box,
)
from tests.documents.files import pdf
from tests.processes import run_python
from tests.project.source import ROOT

SCREENS = ROOT / "var" / "screens"
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
ACCOUNT_PAGES = ["", "wachtwoord/", "e-mailadres/", "2-stappen-controle/", "sms-verwijderen/"]
ACCOUNT_PAGES += ["passkey-toevoegen/", "back-up-code/", "gebeurtenissen/", "bevestigen/"]
NORA = DemoUser("nora", "Nora", "Haddad", totp_secret="NORA" * 8)
# An employer that has only just begun: nothing anywhere. And someone who was just invited.
NEWCOMERS = """
import django; django.setup()
from accounts.actions.users import invite
from accounts.models import Employer, Membership, User
from dossiers.actions import open_company_dossier
from portal.demo.accounts import create_user
from tests.browser.screens import NORA
employer = Employer.objects.create(name="Nieuw Uitzendwerk B.V.", kvk_number="90000044")
open_company_dossier(by=None, employer=employer)
Membership.objects.create(employer=employer, user=create_user(NORA), role="BEHEERDER")
invited = User.objects.create_user("yusuf", email="yusuf@voorbeeld.test", first_name="Yusuf")
Membership.objects.create(employer=employer, user=invited, role="GEBRUIKER")
invite(by=User.objects.get(username="ilse"), user=invited)
"""


@dataclass
class Camera:
    """Takes the page that is open, in each appearance, for one kind of user."""

    who: str
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        folder = SCREENS / self.who
        folder.mkdir(parents=True, exist_ok=True)
        number = len(self.taken) + 1
        self.taken.append(name)
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            path = folder / f"{number:02d}-{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")

    def open(self, page: Page, address: str, name: str) -> None:
        page.goto(address)
        self.take(page, name)


@pytest.fixture(scope="session", autouse=True)
def _contact_sheet() -> Iterator[None]:
    shutil.rmtree(SCREENS, ignore_errors=True)
    yield
    write_contact_sheet()


@pytest.fixture(scope="session")
def newcomers(portal: Portal) -> Portal:
    """The portal, with an employer that has nothing yet and a colleague who was just invited."""
    run_python(
        NEWCOMERS,
        DJANGO_SETTINGS_MODULE="portal.settings",  # with the portal's own password hasher
        DATABASE_URL=portal_database(),
        PUBLIC_URL=portal.url,
    )
    portal.users["nora"] = {
        "username": "nora",
        "password": PASSWORD,
        "mobile": None,
        "totp_secret": NORA.totp_secret,
    }
    return portal


def dossier(portal: Portal, surname: str, employer: str) -> str:
    """The address of an employee's dossier, or of the company's when no surname is given."""
    query = """
        SELECT dossier.uuid FROM dossiers_dossier dossier
        JOIN accounts_employer employer ON employer.id = dossier.employer_id
        LEFT JOIN dossiers_employee employee ON employee.dossier_id = dossier.id
        WHERE employer.name = %s AND coalesce(employee.surname, '') = %s
    """
    ((uuid,),) = portal.rows(query, employer, surname)
    return f"/dossiers/{uuid}/"


def tabs(camera: Camera, page: Page, address: str, name: str) -> None:
    """A dossier: each of its tabs."""
    camera.open(page, address, f"{name}-overzicht")
    if "bedrijf" not in name:
        camera.open(page, f"{address}verzuim/", f"{name}-verzuim")
    camera.open(page, f"{address}trajectendossier/", f"{name}-trajectendossier")


def send_empty(page: Page) -> None:
    """Sends the page's own form (not the search box above it) as it is."""
    page.locator("main form[method=post] [type=submit]").first.click()


def search(camera: Camera, page: Page, text: str, name: str) -> None:
    page.goto("/dossiers/")
    search_box(page).fill(text)
    press(page, "Zoeken")
    camera.take(page, name)


def test_nobody(visit: Visit) -> None:
    camera, page = Camera("niemand"), visit()
    camera.open(page, "/", "landing")
    camera.open(page, "/help/", "help")
    camera.open(page, "/activeren/ongeldig/", "activeren-ongeldig")
    for path in ("wachtwoord-vergeten", "gebruikersnaam-vergeten", "geen-e-mail-ontvangen"):
        camera.open(page, f"/{path}/", path)
        send_empty(page)
        camera.take(page, f"{path}-fout")
        camera.open(page, f"/{path}/verstuurd/", f"{path}-verstuurd")
    camera.open(page, "/bestaat-niet/", "niet-gevonden")
    camera.open(page, "/ontwikkel/postvak/", "postvak")


def test_logging_in(visit: Visit, portal: Portal) -> None:
    camera, page = Camera("inloggen"), visit()
    camera.open(page, "/inloggen/", "inloggen")
    fill(page, "Gebruikersnaam", "anna")
    fill(page, "Wachtwoord", "dit is het niet")
    press(page, "Inloggen")
    camera.take(page, "inloggen-fout")
    give_password(page, portal, "anna")
    camera.take(page, "keuze")
    press(page, "sms")
    camera.take(page, "sms-code")
    fill(page, "Sms-code", "000000")
    press(page, "Inloggen")
    camera.take(page, "sms-code-fout")
    camera.open(page, "/inloggen/back-up-code/", "back-up-code")


def test_activating(visit: Visit, newcomers: Portal) -> None:
    camera, page = Camera("activeren"), visit()
    mail = newcomers.next_message("yusuf@voorbeeld.test", seen=0)
    link = re.search(r"https?://\S+/activeren/\S+", mail)
    assert link
    camera.open(page, link[0], "welkom")
    follow(page, "Verder")
    camera.take(page, "wachtwoord")
    press(page, "Wachtwoord wijziging opslaan")
    camera.take(page, "wachtwoord-fout")
    page.locator("input[type=password]").first.fill("een heel lang woord 12")
    for repeated in page.locator("input[type=password]").all()[1:]:
        repeated.fill("een heel lang woord 12")
    press(page, "Wachtwoord wijziging opslaan")
    camera.take(page, "keuze")
    enrol_sms(camera, page, newcomers)
    camera.take(page, "nog-een")
    enrol_app(camera, page)
    camera.take(page, "back-up-code")
    page.get_by_label("Ik heb mijn back-up code bewaard").check()
    press(page, "Verder")
    camera.take(page, "klaar")


def enrol_sms(camera: Camera, page: Page, portal: Portal) -> None:
    follow(page, "sms")
    camera.take(page, "sms")
    press(page, "Bevestigings-sms versturen")
    camera.take(page, "sms-fout")
    page.get_by_label(re.compile("obiel")).fill("06 87654321")
    press(page, "Bevestigings-sms versturen")
    camera.take(page, "sms-controle")
    code = portal.next_message("+31687654321", seen=0).rstrip()[-6:]
    page.get_by_role("textbox", name=re.compile("code", re.IGNORECASE)).fill(code)
    press(page, "Sms bevestiging registreren")


def enrol_app(camera: Camera, page: Page) -> None:
    follow(page, "authenticatie-app")
    camera.take(page, "app")
    page.get_by_role("radio").first.check()
    press(page, "Verder")
    camera.take(page, "app-koppelen")
    secret = page.locator("#app-key").inner_text().replace(" ", "")
    code = f"{hotp(base64.b32decode(secret), int(time.time()) // 30):06d}"
    page.get_by_role("textbox", name=re.compile("code", re.IGNORECASE)).fill(code)
    press(page, "Authenticatie-app registreren")


def test_anna(visit: Visit, portal: Portal, tmp_path: Path) -> None:
    """Beheerder of an employer with a ZW-ERD policy, everything filled."""
    camera, page = Camera("anna"), visit("anna")
    camera.open(page, "/start/", "start")
    camera.open(page, "/dossiers/", "zoeken")
    search(camera, page, "van", "zoeken-gevonden")
    search(camera, page, "zzz", "zoeken-niets")
    search(camera, page, "dossier", "zoeken-bedrijf")
    tabs(camera, page, dossier(portal, "Yılmaz", BRUG), "ziek")
    tabs(camera, page, dossier(portal, "Jansen", BRUG), "hersteld")
    tabs(camera, page, dossier(portal, "Kartosoedirdjo", BRUG), "uit-dienst")
    tabs(camera, page, dossier(portal, "Bergsma", BRUG), "nooit-ziek")
    tabs(camera, page, dossier(portal, "", BRUG), "bedrijf")
    camera.open(page, "/uitkeringsspecificaties/", "uitkeringsspecificaties")
    add_employee_screens(camera, page)
    upload_screens(camera, page, dossier(portal, "Yılmaz", BRUG), tmp_path)
    report_screens(camera, page, portal)
    colleague_screens(camera, page)
    account_screens(camera, page)
    camera.open(page, "/verzuim/agenda/", "agenda")
    camera.open(page, "/help/", "help")
    camera.open(page, "/bestaat-niet/", "niet-gevonden")


def account_screens(camera: Camera, page: Page) -> None:
    for path in ACCOUNT_PAGES:
        camera.open(page, f"/account/{path}", f"account-{path.strip('/')}")
    page.goto("/account/wachtwoord/")
    send_empty(page)
    camera.take(page, "account-wachtwoord-leeg-verstuurd")


def colleague_screens(camera: Camera, page: Page) -> None:
    camera.open(page, "/collegas/", "collegas")
    for name, acts in (
        ("Noa Hendriks", ("Opnieuw uitnodigen", "Uitnodiging intrekken")),
        ("Fatma Arslan", ("Vervanger maken", "Rol wijzigen", "Toegang beëindigen")),
    ):
        page.goto("/collegas/")
        follow(page, name)
        camera.take(page, name.split()[0])
        address = page.url
        for act in acts:
            page.goto(address)
            follow(page, act)
            camera.take(page, act.replace(" ", "-"))
    page.goto("/collegas/")
    page.get_by_role("link", name="Beëindigen").click()
    camera.take(page, "vervanging-beëindigen")
    camera.open(page, "/collegas/uitnodigen/", "collega-uitnodigen")
    send_empty(page)
    camera.take(page, "collega-uitnodigen-leeg-verstuurd")


def add_employee_screens(camera: Camera, page: Page) -> None:
    camera.open(page, "/dossiers/werknemer-toevoegen/", "werknemer-toevoegen")
    send_empty(page)
    camera.take(page, "werknemer-toevoegen-leeg-verstuurd")
    add_employee(page, "Nowicka")
    camera.take(page, "werknemer-toegevoegd")


def upload_screens(camera: Camera, page: Page, address: str, tmp_path: Path) -> None:
    camera.open(page, f"{address}trajectendossier/toevoegen/", "documenten-toevoegen")
    send_empty(page)
    camera.take(page, "documenten-toevoegen-leeg-verstuurd")
    good, bad = tmp_path / "Loonstrook november.pdf", tmp_path / "Notities.docx"
    good.write_bytes(pdf())
    bad.write_bytes(b"PK")
    page.goto(f"{address}trajectendossier/toevoegen/")
    page.locator("input[type=file]").set_input_files([good, bad])
    page.get_by_role("radio", name="loonstrook").check()
    press(page, "Opslaan")
    camera.take(page, "documenten-toevoegen-geweigerd")


def report_screens(camera: Camera, page: Page, portal: Portal) -> None:
    camera.open(page, "/verzuim/melden/", "verzuim-melden-zoeken")
    ill = dossier(portal, "Yılmaz", BRUG).split("/")[2]
    camera.open(page, f"/verzuim/melden/{ill}/", "verzuim-melden-al-ziek")
    well = dossier(portal, "Bergsma", BRUG).split("/")[2]
    camera.open(page, f"/verzuim/melden/{well}/", "verzuim-melden")
    send_empty(page)
    camera.take(page, "verzuim-melden-leeg-verstuurd")
    report_sick(page, first_day=days_ago(1), percentage="40")
    camera.take(page, "verzuim-gemeld")


def overview_screens(camera: Camera, page: Page) -> None:
    camera.open(page, "/verzuim/overzicht/?volgorde=naam", "verzuimoverzicht-nu-ziek")
    camera.open(page, "/verzuim/overzicht/alle/", "verzuimoverzicht-alle")
    camera.open(page, "/verzuim/overzicht/downloaden/", "verzuimoverzicht-downloaden")
    camera.open(page, "/verzuim/overzicht/cijfers/", "verzuimoverzicht-cijfers")


@pytest.mark.parametrize("username", ["bram", "cees", "fatma"])
def test_other_employers(visit: Visit, username: str) -> None:
    """No BSN (bram), a policy more (cees), two employers (fatma)."""
    camera, page = Camera(username), visit(username)
    camera.open(page, "/start/", "start")
    search(camera, page, "van", "zoeken-gevonden")
    camera.open(page, "/dossiers/werknemer-toevoegen/", "werknemer-toevoegen")
    camera.open(page, "/uitkeringsspecificaties/", "uitkeringsspecificaties")
    overview_screens(camera, page)


def test_an_empty_portal(visit: Visit, newcomers: Portal) -> None:
    camera, page = Camera("nora-leeg"), visit("nora")
    camera.open(page, "/start/", "start")
    search(camera, page, "van", "zoeken-niets")
    camera.open(page, "/verzuim/melden/", "verzuim-melden-zoeken")
    overview_screens(camera, page)
    camera.open(page, "/uitkeringsspecificaties/", "uitkeringsspecificaties")
    camera.open(page, "/collegas/", "collegas")
    tabs(camera, page, dossier(newcomers, "", "Nieuw Uitzendwerk B.V."), "bedrijf")


@pytest.mark.parametrize("username", ["ilse", "hugo"])
def test_staff(visit: Visit, username: str) -> None:
    """Each list of the back office; its first row; its form, empty and sent empty."""
    camera, page = Camera(username), visit(username)
    camera.open(page, "/beheer/", "beheer")
    addresses = page.locator("main a").evaluate_all("links => links.map(a => a.pathname)")
    lists = sorted({"/".join(address.split("/")[:4]) for address in addresses})
    for address in (f"{found}/" for found in lists if found.count("/") == 3):
        name = address.split("/")[3]
        response = page.goto(address)
        if response is None or not response.ok:
            continue
        camera.take(page, f"{name}-lijst")
        row = page.locator("#result_list tbody a").first
        if row.count():
            row.click()
            camera.take(page, f"{name}-gegeven")
        form_screens(camera, page, f"{address}add/", name)


def form_screens(camera: Camera, page: Page, address: str, name: str) -> None:
    response = page.goto(address)
    if response is None or not response.ok:
        return
    camera.take(page, f"{name}-toevoegen")
    send_empty(page)
    camera.take(page, f"{name}-toevoegen-leeg-verstuurd")


def write_contact_sheet() -> None:
    """All screens on one page, by kind of user; a click opens the picture itself."""
    parts = ["<!doctype html><html lang=nl><meta charset=utf-8><title>Schermen</title>"]
    parts.append("<style>body{font:14px sans-serif}figure{display:inline-block;margin:8px}")
    parts.append("img{width:240px;height:300px;object-fit:cover;object-position:top;")
    parts.append("border:1px solid #999}figcaption{max-width:240px}</style>")
    for folder in sorted(path for path in SCREENS.iterdir() if path.is_dir()):
        parts.append(f"<h1>{escape(folder.name)}</h1>")
        for picture in sorted(folder.glob("*.png")):
            address = escape(f"{folder.name}/{picture.name}")
            parts.append(f"<figure><a href='{address}'><img loading=lazy src='{address}' alt=''>")
            parts.append(f"</a><figcaption>{escape(picture.stem)}</figcaption></figure>")
    (SCREENS / "index.html").write_text("\n".join(parts))
