"""Who pays while someone is ill, and by when UWV must know. Shown before saving, never blocking.

Pure rules: plain facts in, a frozen Route out. Days are calendar days; a first and a last day
belong to what they bound. Decided: docs/decisions/0020-absence-rules.md.
Source: rulebook 3.1, 3.3 and 4.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from absence import reporting
from absence.chains import MAXIMUM_WEEKS, Chain, chain_of
from absence.grounds import Ground
from absence.holidays import SATURDAY
from absence.reporting import Spell
from absence.terms import ONE_DAY, first_working_day_from, last_working_day_until
from dossiers.no_risk import may_ask_no_risk_from

SIX_WEEKS = timedelta(weeks=6)
WAITING_DAYS = 2


class Product(StrEnum):
    """What a policy insures; the same codes as `accounts.Policy.Product`."""

    ZW_ERD = "ZW_ERD"
    AANVULLENDE_ZW = "AANVULLENDE_ZW"
    VERZUIM = "VERZUIM"


class Payer(StrEnum):
    """Whose money it is."""

    EMPLOYER = "werkgever"
    POLICY = "polis"
    UWV = "uwv"
    UNKNOWN = "onbekend"


class Reason(StrEnum):
    """Why this payer, or what else holds."""

    WAGES = "loondoorbetaling"
    WAGES_INSURED = "verzuimverzekering"
    ZW_ERD = "eigenrisicodrager"
    NO_ZW_ERD = "geen-eigenrisicodrager"
    OUTSIDE_ZW_ERD = "buiten-eigenrisicodragerschap"
    SAFETY_NET = "vangnet"
    NO_RISK = "no-riskpolis"
    UNKNOWN = "classificatie-zonder-regel"


class Notice(StrEnum):
    """What the employer should know beside it."""

    LATE = "te-laat"
    AFTER_EMPLOYMENT = "nawerking"
    CHAIN = "samengesteld"
    NOT_INSURED = "niet-verzekerd"
    POLICY_ENDS = "polis-eindigt"
    SUPPLEMENT = "aanvulling"
    RECOVERABLE = "regres"
    FOURTH_DAY = "vierde-dag"
    NO_RISK_PROOF = "no-risk-bewijs"
    NO_RISK_NOT_YET = "no-risk-niet-vragen"


class ErdGround(StrEnum):
    """On which ground of Ziektewet art. 29 lid 2 an eigenrisicodrager carries the case.

    His file must say so. Source: BWBR0027022 art. 3 (rulebook 4.4).
    """

    FICTITIOUS = "A"
    AFTER_EMPLOYMENT = "B"
    EMPLOYMENT_ENDED = "C"


@dataclass(frozen=True, slots=True)
class Cover:
    """The days of one policy, both included; without `ends_on` it runs on."""

    product: Product
    starts_on: date
    ends_on: date | None = None

    def includes(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of one sick report.

    `ended_on` is the last day of the employment; `spells` what else is known of the person's
    absence, this report among it or not; `is_fictitious` an employment without wages (stagiair).
    """

    first_sick_day: date
    started_on: date
    ground: Ground
    covers: tuple[Cover, ...]
    ended_on: date | None = None
    has_no_risk: bool = False
    is_fictitious: bool = False
    spells: tuple[Spell, ...] = ()

    @property
    def chain(self) -> Chain:
        known = (spell for spell in self.spells if spell.first_sick_day == self.first_sick_day)
        return chain_of(next(known, Spell(self.first_sick_day)), self.spells)

    @property
    def is_after_employment(self) -> bool:
        return reporting.is_after_employment(self.first_sick_day, ended_on=self.ended_on)

    @property
    def is_without_wages(self) -> bool:
        """From the first sick day nobody owes wages: Ziektewet art. 29 lid 2 a and b."""
        return self.is_fictitious or self.is_after_employment

    @property
    def wages_until(self) -> date | None:
        """The last day on which wages are due, before the illness when nobody owes any.

        None while the end of the employment is not known.
        """
        return self.first_sick_day - ONE_DAY if self.is_without_wages else self.ended_on

    @property
    def is_uwv_case(self) -> bool:
        """Whether UWV pays whatever the policy. Source: Ziektewet 63a lid 1 (rulebook 4.4)."""
        return self.has_no_risk or self.ground.is_safety_net

    @property
    def erd(self) -> Cover | None:
        """The ZW-ERD policy that runs on the first sick day of the chain.

        That day decides, also for what follows after the policy has ended (uitlooprisico).
        Source: Ziektewet 63b, example E30.
        """
        return self.cover_of(Product.ZW_ERD)

    def cover_of(self, product: Product) -> Cover | None:
        began_on = self.chain.first_sick_day
        running = (each for each in self.covers if each.product == product)
        return next((each for each in running if each.includes(began_on)), None)


@dataclass(frozen=True, slots=True)
class Stage:
    """Who pays from a day on, at the latest until the end of the 104 weeks."""

    first_day: date
    last_day: date
    payer: Payer
    reason: Reason


@dataclass(frozen=True, slots=True)
class Route:
    """What follows from a sick report: who pays when, and what to do before which day.

    `uwv_due` is the last day to report the illness to UWV, None when there is nothing to report.
    `is_zw_erd` says that the case is, or becomes when the employment ends, one of the
    eigenrisicodrager; `erd_ground` is on which ground, once that is certain.
    """

    stages: tuple[Stage, ...]
    uwv_due: date | None
    is_zw_erd: bool
    erd_ground: ErdGround | None
    notices: frozenset[Notice]


def route(facts: Facts, *, today: date) -> Route:
    """Who pays and by when UWV must know; never raises for facts that a report may have.

    `today` only decides which notices hold.
    """
    stages = tuple(stage for stage in _stages(facts) if stage.first_day <= stage.last_day)
    uwv_due = _uwv_due(facts, stages)
    is_zw_erd = bool(facts.erd) and not facts.is_uwv_case and facts.ground != Ground.OTHER
    return Route(
        stages=stages,
        uwv_due=uwv_due,
        is_zw_erd=is_zw_erd,
        erd_ground=_erd_ground(facts, stages) if is_zw_erd else None,
        notices=frozenset(_notices(facts, stages, uwv_due, today)),
    )


def first_benefit_day(facts: Facts) -> date:
    """The first day that a benefit under the Ziektewet can be paid for: not before wages end.

    The two waiting days are calendar days, taken once per chain; then Monday to Friday, holidays
    included. Source: Ziektewet art. 29 lid 2 (rulebook 3.2 S6, 3.3, 6 B4), example E44.
    """
    day = max(facts.first_sick_day, facts.chain.day_after(WAITING_DAYS))
    if facts.ended_on and not facts.is_fictitious:
        day = max(day, facts.ended_on + ONE_DAY)
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())


def _stages(facts: Facts) -> Iterator[Stage]:
    first_day, last_day = facts.first_sick_day, facts.chain.due(MAXIMUM_WEEKS) - ONE_DAY
    if facts.is_uwv_case:
        reason = Reason.NO_RISK if facts.has_no_risk else Reason.SAFETY_NET
        yield Stage(first_day, last_day, Payer.UWV, reason)
    elif facts.ground == Ground.OTHER:
        yield Stage(first_day, last_day, Payer.UNKNOWN, Reason.UNKNOWN)
    else:
        if not facts.is_without_wages:
            payer, reason = _who_pays_wages(facts)
            yield Stage(first_day, min(facts.ended_on or last_day, last_day), payer, reason)
        if facts.is_without_wages or facts.ended_on:
            yield Stage(first_benefit_day(facts), last_day, *_who_pays_benefit(facts))


def _who_pays_wages(facts: Facts) -> tuple[Payer, Reason]:
    if facts.cover_of(Product.VERZUIM):
        return Payer.POLICY, Reason.WAGES_INSURED
    return Payer.EMPLOYER, Reason.WAGES


def _who_pays_benefit(facts: Facts) -> tuple[Payer, Reason]:
    if facts.erd:
        return Payer.POLICY, Reason.ZW_ERD
    is_erd = any(cover.product == Product.ZW_ERD for cover in facts.covers)
    return Payer.UWV, Reason.OUTSIDE_ZW_ERD if is_erd else Reason.NO_ZW_ERD


def _erd_ground(facts: Facts, stages: tuple[Stage, ...]) -> ErdGround | None:
    if facts.is_fictitious:
        return ErdGround.FICTITIOUS
    if facts.is_after_employment:
        return ErdGround.AFTER_EMPLOYMENT
    return ErdGround.EMPLOYMENT_ENDED if _has_benefit(stages) else None


def _has_benefit(stages: tuple[Stage, ...]) -> bool:
    return any(stage.reason not in {Reason.WAGES, Reason.WAGES_INSURED} for stage in stages)


def _uwv_due(facts: Facts, stages: tuple[Stage, ...]) -> date | None:
    """The last day to report to UWV, never before the first sick day. Source: rulebook 3.1.

    Six weeks for an eigenrisicodrager are UWV's own, so no free day extends them; example E22.
    """
    first_day = facts.first_sick_day
    if facts.is_uwv_case:
        return _uwv_due_of_uwv_case(facts)
    if facts.ground == Ground.OTHER or not _has_benefit(stages):
        return None
    if facts.is_without_wages:
        return first_day + SIX_WEEKS if facts.erd else fourth_day(first_day)
    assert facts.ended_on  # otherwise there would be no benefit
    if facts.erd:
        return facts.ended_on + SIX_WEEKS
    return max(first_day, last_working_day_until(facts.ended_on))


def _uwv_due_of_uwv_case(facts: Facts) -> date:
    """After six weeks, or on the last day of the employment; on the fourth day where that is short.

    Short: after birth, without wages, and for an employer without ZW-ERD a safety net of which
    nothing more is known. Source: Ziektewet art. 38a lid 2 and 3, example E28; rulebook 4.4.
    """
    is_unknown = facts.ground == Ground.SAFETY_NET and not facts.has_no_risk and not facts.erd
    if facts.is_without_wages or facts.ground == Ground.BIRTH or is_unknown:
        return fourth_day(facts.first_sick_day)
    return min(facts.first_sick_day + SIX_WEEKS, facts.ended_on or date.max)


def fourth_day(first_sick_day: date) -> date:
    """The fourth day of illness, or the first working day after it: a term in a law.

    Source: Ziektewet art. 38a lid 2, Algemene termijnenwet art. 1; example E28.
    """
    return first_working_day_from(first_sick_day + timedelta(days=3))


def _notices(
    facts: Facts, stages: tuple[Stage, ...], uwv_due: date | None, today: date
) -> Iterator[Notice]:
    reasons = {stage.reason for stage in stages}
    may_be_fourth_day = facts.ground in {Ground.PREGNANCY, Ground.SAFETY_NET}
    holds = {
        Notice.LATE: _is_late(facts, uwv_due, today),
        Notice.AFTER_EMPLOYMENT: facts.is_after_employment,
        Notice.CHAIN: facts.chain.first_sick_day < facts.first_sick_day,
        Notice.NOT_INSURED: facts.is_uwv_case and facts.erd is not None,
        Notice.POLICY_ENDS: any(_outlasts_policy(facts, stage) for stage in stages),
        Notice.SUPPLEMENT: Reason.ZW_ERD in reasons
        and facts.cover_of(Product.AANVULLENDE_ZW) is not None,
        Notice.RECOVERABLE: facts.ground == Ground.LIABLE_THIRD_PARTY,
        Notice.FOURTH_DAY: may_be_fourth_day and uwv_due != fourth_day(facts.first_sick_day),
        Notice.NO_RISK_PROOF: facts.has_no_risk,
        Notice.NO_RISK_NOT_YET: not facts.has_no_risk
        and today < may_ask_no_risk_from(facts.started_on),
    }
    return (notice for notice, does_hold in holds.items() if does_hold)


def _is_late(facts: Facts, uwv_due: date | None, today: date) -> bool:
    """Without a term at UWV the general one holds, from which the confirmation warns."""
    if uwv_due:
        return today > uwv_due
    return reporting.is_late(facts.first_sick_day, today=today)


def _outlasts_policy(facts: Facts, stage: Stage) -> bool:
    """Whether the policy ends before the stage does: is the run-off insured (uitlooprisico)?"""
    products = {Reason.ZW_ERD: Product.ZW_ERD, Reason.WAGES_INSURED: Product.VERZUIM}
    product = products.get(stage.reason)
    cover = facts.cover_of(product) if product else None
    return cover is not None and cover.ends_on is not None and cover.ends_on < stage.last_day
