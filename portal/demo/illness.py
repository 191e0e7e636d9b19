"""Who is or was ill: open, partly back at work, recovered; once or more often."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.demo.accounts import BRUG, HART, ZUID

SATURDAY = 5


@dataclass(frozen=True)
class DemoIllness:
    """Days count from the first sick day; `steps` are (day, AO-percentage) after the first."""

    employer: str
    person: str
    days_ago: int
    percentage: int = 100
    steps: tuple[tuple[int, int], ...] = ()
    recovered_after: int | None = None
    classification: str = "ziekte"

    def first_sick_day(self, today: date) -> date:
        return working_day(today - timedelta(days=self.days_ago))


def working_day(day: date) -> date:
    """From a weekend back to Friday."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


# Per person the oldest first: a report comes after the recovery from the one before.
ILLNESSES = [
    DemoIllness(BRUG, "Jansen", 300, recovered_after=6),
    DemoIllness(BRUG, "Jansen", 81, recovered_after=9),
    DemoIllness(BRUG, "van den Berg", 33),
    DemoIllness(BRUG, "Wiśniewska", 12),
    DemoIllness(BRUG, "Kowalczyk", 60, steps=((31, 50),), classification="arbeidsongeval"),
    DemoIllness(BRUG, "Yılmaz", 96),
    DemoIllness(BRUG, "Öztürk", 172, recovered_after=45),
    DemoIllness(BRUG, "Pinas", 3, percentage=40, classification="vangnet"),
    DemoIllness(BRUG, "Kartosoedirdjo", 70),
    DemoIllness(BRUG, "de Vries", 214, steps=((70, 80), (126, 60), (182, 30))),
    DemoIllness(BRUG, "Visser-van der Meer", 141, steps=((60, 50), (110, 25))),
    DemoIllness(BRUG, "'t Hart", 230, steps=((150, 60),)),
    DemoIllness(BRUG, "van Dijk", 190, steps=((20, 50),), recovered_after=38),
    DemoIllness(BRUG, "Demirtaş", 1),
    DemoIllness(ZUID, "van den Berg", 230, recovered_after=18),
    DemoIllness(ZUID, "Smeets", 6),
    DemoIllness(ZUID, "Kaya", 75, steps=((42, 50),)),
    DemoIllness(ZUID, "Nowak", 130, recovered_after=21),
    DemoIllness(ZUID, "de Jong", 20, classification="derde"),
    DemoIllness(HART, "Şahin", 18),
    DemoIllness(HART, "van der Poel", 95, recovered_after=30),
    DemoIllness(HART, "Tjon A Tsien", 124, steps=((50, 70), (98, 40))),
    DemoIllness(HART, "Wójcik", 52),
]


@dataclass(frozen=True)
class DemoNote:
    """A note of the case manager, so many days after the first sick day. No medical data."""

    employer: str
    person: str
    day: int
    kind: str
    text: str


NOTES = [
    DemoNote(
        *(BRUG, "Yılmaz", 5, "CONTACT"),
        "Telefonisch kennisgemaakt met de werknemer. Werk en belastbaarheid besproken; een afspraak"
        " met de bedrijfsarts volgt.",
    ),
    DemoNote(
        *(BRUG, "Yılmaz", 30, "ADVICE"),
        "Advies na het spreekuur: nog geen mogelijkheden voor werk. Houd wekelijks contact met de"
        " werknemer. Volgend spreekuur over zes weken.",
    ),
    DemoNote(
        *(BRUG, "Yılmaz", 48, "AGREEMENT"),
        "Plan van aanpak met werkgever en werknemer doorgenomen en door beiden ondertekend.",
    ),
    DemoNote(
        *(BRUG, "de Vries", 8, "CONTACT"),
        "Eerste gesprek met de werknemer. De leidinggevende is op de hoogte van het verloop.",
    ),
    DemoNote(
        *(BRUG, "de Vries", 69, "ADVICE"),
        "Werkhervatting is mogelijk in aangepaste taken: twee dagdelen per week, rustige dienst,"
        " geen nachtdiensten. Uitbreiden in overleg.",
    ),
    DemoNote(
        *(BRUG, "de Vries", 125, "AGREEMENT"),
        "De opbouw verloopt volgens afspraak. Met werknemer en leidinggevende een schema gemaakt"
        " voor de komende acht weken.",
    ),
    DemoNote(
        *(BRUG, "de Vries", 181, "ADVICE"),
        "De werknemer werkt nu het grootste deel van de overeengekomen uren. Evaluatie over vier"
        " weken; bij gelijk verloop volledige werkhervatting.",
    ),
    DemoNote(
        *(ZUID, "Kaya", 41, "ADVICE"),
        "Halve dagen in het eigen werk zijn haalbaar. Spreek vaste dagdelen af en evalueer na vier"
        " weken.",
    ),
    DemoNote(
        *(HART, "Tjon A Tsien", 49, "AGREEMENT"),
        "Start met drie dagdelen per week in aangepast werk (receptie, overdag).",
    ),
]
