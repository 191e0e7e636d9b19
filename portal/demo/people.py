"""The forty employees: who they are, where they work, since and until when."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from anyascii import anyascii
from stdnum import iban
from stdnum.nl import bsn

from dossiers.actions import Person
from portal.demo.accounts import BRUG, HART, ZUID

FIRST_BSN = 999_910_000  # 9999..... is given to nobody
FACTORY, CARE, TEMP = "Productiemedewerker", "Verzorgende IG", "fase-a-zonder-uitzendbeding"
ADDRESSES = [
    ("6511 PP", "Stationsplein", "Nijmegen"),
    ("6826 CC", "Velperweg", "Arnhem"),
    ("5611 AZ", "Stratumseind", "Eindhoven"),
    ("5041 EB", "Spoorlaan", "Tilburg"),
    ("3011 BN", "Hoogstraat", "Rotterdam"),
    ("2801 JG", "Markt", "Gouda"),
    ("1315 RB", "Zandbankweg", "Almere"),
    ("5702 NC", "Kasteel-Traverse", "Helmond"),
    ("4811 HK", "Ginnekenstraat", "Breda"),
    ("2405 CA", "Prins Bernhardlaan", "Alphen aan den Rijn"),
]


@dataclass(frozen=True)
class DemoPerson:
    """`weeks` since the first working day; `left` counts those since the last, once that is known.

    Negative: it is yet to come.
    """

    employer: str
    initials: str
    first_name: str
    prefixes: str
    surname: str
    gender: str
    job_title: str
    type: str
    weeks: int
    left: int | None = None
    no_risk: bool = False

    @property
    def key(self) -> str:
        """ "Wiśniewska", or "van den Berg": the name within one employer."""
        return f"{self.prefixes} {self.surname}".strip()

    def started_on(self, today: date) -> date:
        """A Monday."""
        return today - timedelta(days=today.weekday(), weeks=self.weeks)

    def ended_on(self, today: date) -> date | None:
        """The Sunday of a week."""
        return None if self.left is None else self.started_on(today) + self._length

    @property
    def _length(self) -> timedelta:
        return timedelta(weeks=self.weeks - (self.left or 0), days=-1)


PEOPLE = [
    DemoPerson(BRUG, "AJ", "Anneke", "", "Jansen", "V", "Kassamedewerker", "fase-b", 190),
    DemoPerson(BRUG, "PH", "Pieter", "van den", "Berg", "M", "Vrachtwagenchauffeur", "fase-c", 260),
    DemoPerson(BRUG, "K", "Katarzyna", "", "Wiśniewska", "V", "Orderpicker", TEMP, 61),
    DemoPerson(BRUG, "TA", "Tomasz", "", "Kowalczyk", "M", "Heftruckchauffeur", "fase-b", 118),
    DemoPerson(BRUG, "E", "Emine", "", "Yılmaz", "V", "Schoonmaakmedewerker", TEMP, 74, left=-2),
    DemoPerson(BRUG, "M", "Mehmet", "", "Öztürk", "M", "Lasser", "fase-c", 233),
    DemoPerson(BRUG, "RC", "Ruben", "", "Pinas", "M", "Monteur", "fase-b", 97, no_risk=True),
    DemoPerson(BRUG, "S", "Soemiatie", "", "Kartosoedirdjo", "V", CARE, "fase-b", 140, left=9),
    DemoPerson(BRUG, "SM", "Sanne", "de", "Vries", "V", CARE, "detachering-onbepaald", 166),
    DemoPerson(BRUG, "ME", "Marijke", "", "Visser-van der Meer", "V", FACTORY, "fase-c", 280),
    DemoPerson(BRUG, "PJ", "Paweł", "", "Łukaszewicz", "M", FACTORY, TEMP, 30),
    DemoPerson(BRUG, "A", "Ayşe", "", "Çelik", "V", "Inpakker", TEMP, 44),
    DemoPerson(BRUG, "J", "Jeroen", "van", "Dijk", "M", "Orderpicker", TEMP, 88, left=20),
    DemoPerson(BRUG, "CW", "Cor", "", "Hoogenboom", "M", "Conciërge", "oproep", 52, no_risk=True),
    DemoPerson(BRUG, "MA", "Małgorzata", "", "Żurawska", "V", "Orderpicker", TEMP, 25),
    DemoPerson(BRUG, "B", "Burak", "", "Demirtaş", "M", "Magazijnmedewerker", "fase-b", 131),
    DemoPerson(BRUG, "KR", "Kenneth", "", "Wongsodikromo", "M", "Chauffeur", "fase-b", 109),
    DemoPerson(BRUG, "W", "Willem", "'t", "Hart", "M", "Timmerman", "payroll", 150, left=31),
    DemoPerson(BRUG, "SD", "Shanti", "", "Ramdin-Sewnandan", "V", "Telefonist", "payroll", 83),
    DemoPerson(BRUG, "L", "Lieke", "", "Bergsma", "V", "Intercedent", "intern-onbepaald", 120),
    DemoPerson(ZUID, "JM", "Jolanda", "van den", "Berg", "V", "Inpakker", "fase-b", 134),
    DemoPerson(ZUID, "GH", "Gijs", "", "Smeets", "M", FACTORY, TEMP, 36),
    DemoPerson(ZUID, "J", "Jakub", "", "Szczepański", "M", "Lasser", "fase-b", 105),
    DemoPerson(ZUID, "E", "Elif", "", "Kaya", "V", "Kassamedewerker", TEMP, 57),
    DemoPerson(ZUID, "RT", "Rowan", "", "Biervliet", "O", "Magazijnmedewerker", "oproep", 40),
    DemoPerson(ZUID, "FJ", "Femke", "van der", "Linden", "V", CARE, "detachering-bepaald", 60),
    DemoPerson(ZUID, "H", "Hüseyin", "", "Doğan", "M", "Monteur", "fase-c", 212),
    DemoPerson(ZUID, "A", "Agnieszka", "", "Nowak", "V", "Orderpicker", TEMP, 69, left=12),
    DemoPerson(ZUID, "LP", "Lars", "de", "Jong", "M", "Steigerbouwer", "fase-b", 116),
    DemoPerson(ZUID, "EM", "Ewa", "", "Brouwer-Kowalska", "V", FACTORY, "fase-c", 240),
    DemoPerson(
        ZUID, "F", "Farida", "", "Ameerali", "V", "Administratief medewerker", "payroll", 90
    ),
    DemoPerson(HART, "TB", "Thijs", "", "Vos", "M", "Hovenier", TEMP, 33),
    DemoPerson(HART, "Z", "Zeynep", "", "Şahin", "V", "Kok", "fase-b", 110),
    DemoPerson(HART, "M", "Marek", "", "Zieliński", "M", "Loodgieter", "fase-c", 205),
    DemoPerson(HART, "BA", "Bas", "van der", "Poel", "M", "Vrachtwagenchauffeur", "fase-b", 126),
    DemoPerson(HART, "MW", "Melvin", "", "Tjon A Tsien", "M", "Beveiliger", "fase-b", 98),
    DemoPerson(HART, "LC", "Lotte", "van", "Ooijen", "V", CARE, TEMP, 48),
    DemoPerson(HART, "S", "Selin", "", "Aydın-de Wit", "V", "Kassamedewerker", "oproep", 27),
    DemoPerson(HART, "P", "Piotr", "", "Wójcik", "M", FACTORY, TEMP, 77, left=6),
    DemoPerson(HART, "GL", "Geert", "op den", "Dalen", "M", "Tuinder", "stagiair", 20),
]


def personal_data(person: DemoPerson, *, is_zw_erd: bool) -> Person:
    """Everything that the employee form asks; BSN and IBAN only where they may exist."""
    number = PEOPLE.index(person)
    postcode, street, city = ADDRESSES[number % len(ADDRESSES)]
    data: Person = {
        "surname": person.surname,
        "prefixes": person.prefixes,
        "first_name": person.first_name,
        "initials": person.initials,
        "gender": person.gender,
        "postcode": postcode,
        "street": street,
        "house_number": 3 + 7 * number,
        "house_number_addition": "bis" if number % 9 == 4 else "",
        "city": city,
        "mobile": f"+316123451{number:02d}",
        "email": f"{_letters(person.first_name)}.{_letters(person.surname)}@voorbeeld.test",
        "has_no_risk": person.no_risk,
    }
    if is_zw_erd:
        data["bsn"] = synthetic_bsns()[number]
        data["iban"] = invented_iban(number)
    return data


@cache
def synthetic_bsns() -> list[str]:
    """One per person, each of which passes the check (elfproef)."""
    numbers = (str(number) for number in range(FIRST_BSN, FIRST_BSN + 20 * len(PEOPLE)))
    return [number for number in numbers if bsn.is_valid(number)][: len(PEOPLE)]


def invented_iban(number: int) -> str:
    """Valid check digits at the bank DEMO, which does not exist."""
    account = f"DEMO{7_000_000 + 137 * number:010d}"
    return f"NL{iban.calc_check_digits(f'NL00{account}')}{account}"


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", anyascii(name).lower())
