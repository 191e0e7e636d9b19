"""What is written about each milestone of an illness: when it is due, who acts, on what ground.

The table only; `absence.timeline` makes dates of it. Decided: docs/decisions/0020-absence-rules.md.
Source: rulebook 2.2 and 2.3, whose keys the kinds have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from absence.chains import MAXIMUM_WEEKS
from absence.holidays import Calendar
from absence.terms import first_working_day_from
from accounts.months import months_after

WEEK = 7


class Track(StrEnum):
    """Which duties the employer has: those beside wages, or an eigenrisicodrager's as well."""

    EMPLOYER = "werkgever"
    ZW_ERD = "eigenrisicodrager"


class Actor(StrEnum):
    """Who acts, in the words of the screen."""

    EMPLOYER = "werkgever"
    EMPLOYEE = "werknemer"
    ARBODIENST = "arbodienst"
    UWV = "UWV"


class Kind(StrEnum):
    """The milestones, by the key of the rulebook."""

    ZM = "ZM"
    ZM_W = "ZM-W"
    ZM_P = "ZM-P"
    ZM_U = "ZM-U"
    PA = "PA"
    PVA = "PvA"
    EV6 = "EV6"
    W42 = "W42"
    EJE = "EJE"
    EZWB_S = "EZWb-s"
    EZWB_O = "EZWb-o"
    EZWB = "EZWb"
    EZWB_E = "EZWb-e"
    TVB = "TVB"
    W88 = "W88"
    RIV = "RIV"
    WIA = "WIA"
    LS = "LS"
    W104 = "W104"


class Term(StrEnum):
    """How firm the date is, in the words of the screen; only a last day can be missed."""

    LAST_DAY = "uiterlijk"
    ABOUT = "rond"
    ON = "op"


class During(StrEnum):
    """When a milestone exists: always, while wages are due, or after that."""

    ALWAYS = "altijd"
    WAGES = "zolang er loon is"
    BENEFIT = "daarna"


class Deviation(StrEnum):
    """Why a term was not kept, in words that say nothing about the illness.

    Source: Regeling procesgang eerste en tweede ziektejaar, art. 5 (rulebook 2.1 T6).
    """

    ADVICE = "Op advies van de arbodienst"
    SHORT = "Volgens de arbodienst is het verzuim niet langdurig"
    NOT_REACHED = "De werknemer was niet bereikbaar"
    WAITS = "Wij wachten op een ander, zoals UWV"
    OTHER_PROVIDER = "Wij wisselden van arbodienst"


def same_day(day: date) -> date:
    return day


def next_business_day(day: date) -> date:
    """UWV's own rule, so the calendar with the fewest free days. Source: rulebook 2.1 T4."""
    return first_working_day_from(day, Calendar.BUSINESS)


def month_later(day: date) -> date:
    return months_after(day, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One milestone, due `days` after the first sick day, `adjust`ed; gaps do not count.

    It can be done from `opens_after` days on. Where `may_deviate`, a reason may replace the term;
    where `is_met_by_report`, a sick report in the portal is the act.
    """

    kind: Kind
    name: str
    days: int
    actors: tuple[Actor, ...]
    source: str
    term: Term = Term.LAST_DAY
    opens_after: int | None = None
    during: During = During.ALWAYS
    adjust: Callable[[date], date] = same_day
    may_deviate: bool = False
    is_met_by_report: bool = False

    @property
    def key(self) -> str:
        """Which milestone of a chain it is: the kind, with the week for what comes back."""
        return f"{self.kind}-{self.days // WEEK}" if self.kind == Kind.EV6 else str(self.kind)

    @property
    def is_of_employer(self) -> bool:
        """Whether the duty is the employer's, who may have the arbodienst do it."""
        return bool({Actor.EMPLOYER, Actor.ARBODIENST} & set(self.actors))


PROCESS = "Regeling procesgang eerste en tweede ziektejaar"
EMPLOYER, EMPLOYEE, ARBODIENST, UWV = (
    (actor,) for actor in (Actor.EMPLOYER, Actor.EMPLOYEE, Actor.ARBODIENST, Actor.UWV)
)
BOTH = EMPLOYER + EMPLOYEE
# Every six weeks after the plan until the final evaluation; the yearly one replaces week 50.
EVALUATION_WEEKS = [week for week in range(14, 91, 6) if week != 50]

REPORT = Rule(
    Kind.ZM,
    "Ziekmelding bij de arbodienst",
    WEEK,
    EMPLOYER,
    "Afspraak met de arbodienst; een week is gebruik",
    Term.ABOUT,
    is_met_by_report=True,
)
REPORT_BY_EMPLOYEE = Rule(
    Kind.ZM_W,
    "Ziekmelding door de werknemer",
    1,
    EMPLOYEE,
    "Ziektewet, art. 38a lid 1",
    is_met_by_report=True,
)
REPORT_IN_PORTAL = Rule(
    Kind.ZM_P,
    "Ziekmelding in het portaal",
    0,
    EMPLOYER,
    "Zo snel mogelijk",
    Term.ABOUT,
    is_met_by_report=True,
)
REPORT_TO_UWV = Rule(
    Kind.ZM_U, "Ziekmelding bij UWV", 6 * WEEK, EMPLOYER, "Ziektewet, art. 38 en 38a; UWV"
)
ALWAYS = [
    Rule(
        Kind.PA,
        "Probleemanalyse",
        6 * WEEK,
        ARBODIENST,
        f"{PROCESS}, art. 2",
        may_deviate=True,
    ),
    Rule(Kind.PVA, "Plan van aanpak", 8 * WEEK, BOTH, f"{PROCESS}, art. 4", may_deviate=True),
    *(
        Rule(
            Kind.EV6,
            "Periodieke evaluatie",
            week * WEEK,
            BOTH,
            f"{PROCESS}, art. 4 lid 2; elke zes weken is gebruik",
            Term.ABOUT,
        )
        for week in EVALUATION_WEEKS
    ),
    Rule(
        Kind.EJE,
        "Eerstejaarsevaluatie",
        52 * WEEK,
        BOTH,
        f"{PROCESS}, art. 4 lid 2",
        opens_after=45 * WEEK,
    ),
    Rule(
        Kind.W88,
        "Brief van UWV over de WIA",
        89 * WEEK,
        UWV,
        "Wet WIA, art. 64 lid 2; meestal in week 88",
        opens_after=87 * WEEK,
    ),
    Rule(
        Kind.RIV,
        "Eindevaluatie, actueel oordeel en re-integratieverslag",
        91 * WEEK,
        EMPLOYER + ARBODIENST,
        "Wet WIA, art. 25 lid 3",
    ),
    Rule(Kind.WIA, "WIA-aanvraag", 93 * WEEK, EMPLOYEE, "Wet WIA, art. 64 lid 3"),
    Rule(
        Kind.W104,
        "Eerste dag na de wachttijd van 104 weken",
        MAXIMUM_WEEKS * WEEK,
        (),
        "Wet WIA, art. 23; BW, art. 7:629 lid 1; Ziektewet, art. 29 lid 5",
        Term.ON,
    ),
]
WITH_WAGES = [
    Rule(
        Kind.W42,
        "42e-weeksmelding bij UWV",
        42 * WEEK,
        EMPLOYER,
        "Ziektewet, art. 38 lid 1",
        during=During.WAGES,
        adjust=next_business_day,
    ),
    Rule(
        Kind.LS,
        "Besluit van UWV over een loonsanctie",
        98 * WEEK,
        UWV,
        "Wet WIA, art. 25 lid 10",
        during=During.WAGES,
    ),
]
WITH_BENEFIT = [
    Rule(
        Kind.EZWB_S,
        "Screening voor de Eerstejaars Ziektewet-beoordeling",
        40 * WEEK,
        UWV,
        "Werkwijze van UWV",
        Term.ABOUT,
        opens_after=39 * WEEK,
        during=During.BENEFIT,
    ),
    Rule(
        Kind.EZWB_O,
        "Oproep voor de Eerstejaars Ziektewet-beoordeling",
        52 * WEEK,
        UWV,
        "Werkwijze van UWV, vanaf week 44",
        Term.ABOUT,
        opens_after=43 * WEEK,
        during=During.BENEFIT,
    ),
    Rule(
        Kind.EZWB,
        "Eerstejaars Ziektewet-beoordeling",
        52 * WEEK,
        UWV,
        "Ziektewet, art. 19aa en 63a lid 6",
        Term.ON,
        during=During.BENEFIT,
    ),
    Rule(
        Kind.EZWB_E,
        "Einde van het ziekengeld als de uitkomst meer dan 65% is",
        52 * WEEK,
        UWV + EMPLOYER,
        "Ziektewet, art. 19aa lid 2",
        Term.ON,
        during=During.BENEFIT,
        adjust=month_later,
    ),
    Rule(
        Kind.TVB,
        "Toetsing verbetering belastbaarheid, als u erom vraagt",
        MAXIMUM_WEEKS * WEEK,
        UWV,
        "Werkwijze van UWV in het tweede ziektejaar",
        Term.ABOUT,
        opens_after=52 * WEEK,
        during=During.BENEFIT,
    ),
]
RULES = {
    Track.EMPLOYER: [REPORT, *ALWAYS, *WITH_WAGES],
    Track.ZW_ERD: [REPORT_BY_EMPLOYEE, REPORT_IN_PORTAL, *ALWAYS, *WITH_WAGES, *WITH_BENEFIT],
}
