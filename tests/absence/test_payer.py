"""Who pays, and from which day. Source of the rules: rulebook 3.3, 4.4 and 8.3."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence import payer
from absence.grounds import Ground
from absence.payer import Cover, ErdGround, Notice, Payer, Product, Reason, Stage
from absence.reporting import Spell
from accounts.models import Policy
from tests.absence.cases import ERD, FIRST, facts, route

LAST_OF_104_WEEKS = FIRST + timedelta(days=727)
SUPPLEMENT = Cover(Product.AANVULLENDE_ZW, date(2026, 1, 1))
VERZUIM = Cover(Product.VERZUIM, date(2026, 1, 1))


def payers(found):
    return [stage.payer for stage in found.stages]


def test_the_products_are_those_of_a_policy():
    assert set(Product) == set(Policy.Product.values)


# Who pays.


def test_an_employer_pays_wages_while_the_employment_runs():
    found = route()

    assert found.stages == (Stage(FIRST, LAST_OF_104_WEEKS, Payer.EMPLOYER, Reason.WAGES),)
    assert found.uwv_due is None
    assert found.is_zw_erd
    assert found.erd_ground is None


def test_a_verzuim_policy_insures_the_wages():
    found = route(covers=(VERZUIM,))

    assert found.stages[0] == Stage(FIRST, LAST_OF_104_WEEKS, Payer.POLICY, Reason.WAGES_INSURED)
    assert not found.is_zw_erd


def test_who_leaves_ill_gets_a_benefit_from_the_day_after():
    found = route(ended_on=date(2026, 4, 30))

    assert found.stages == (
        Stage(FIRST, date(2026, 4, 30), Payer.EMPLOYER, Reason.WAGES),
        Stage(date(2026, 5, 1), LAST_OF_104_WEEKS, Payer.POLICY, Reason.ZW_ERD),
    )
    assert found.erd_ground == ErdGround.EMPLOYMENT_ENDED


def test_without_zw_erd_the_benefit_comes_from_uwv():
    found = route(ended_on=date(2026, 4, 30), covers=(VERZUIM,))

    assert payers(found) == [Payer.POLICY, Payer.UWV]
    assert found.stages[1].reason == Reason.NO_ZW_ERD
    assert not found.is_zw_erd
    assert found.erd_ground is None


def test_after_the_employment_nobody_owes_wages():
    found = route(ended_on=date(2026, 3, 31))

    assert payers(found) == [Payer.POLICY]
    assert found.erd_ground == ErdGround.AFTER_EMPLOYMENT
    assert Notice.AFTER_EMPLOYMENT in found.notices


def test_in_a_fictitious_employment_nobody_owes_wages_either():
    found = route(is_fictitious=True, ended_on=date(2026, 8, 31))

    assert found.stages == (
        Stage(date(2026, 4, 6), LAST_OF_104_WEEKS, Payer.POLICY, Reason.ZW_ERD),
    )
    assert found.erd_ground == ErdGround.FICTITIOUS


@pytest.mark.parametrize(
    "ground",
    [Ground.SAFETY_NET, Ground.PREGNANCY, Ground.BIRTH, Ground.ORGAN_DONATION],
)
def test_uwv_pays_for_a_safety_net_also_for_an_eigenrisicodrager(ground):
    found = route(ground=ground)

    assert found.stages == (Stage(FIRST, LAST_OF_104_WEEKS, Payer.UWV, Reason.SAFETY_NET),)
    assert Notice.NOT_INSURED in found.notices
    assert not found.is_zw_erd


def test_uwv_pays_for_a_no_riskpolis_and_wants_proof():
    found = route(has_no_risk=True)

    assert found.stages[0].payer == Payer.UWV
    assert found.stages[0].reason == Reason.NO_RISK
    assert {Notice.NO_RISK_PROOF, Notice.NOT_INSURED} <= found.notices


def test_without_zw_erd_there_is_nothing_that_is_not_insured():
    assert Notice.NOT_INSURED not in route(has_no_risk=True, covers=(VERZUIM,)).notices


@pytest.mark.parametrize("ground", [Ground.ILLNESS, Ground.WORK_ACCIDENT])
def test_an_accident_at_work_is_paid_as_any_illness(ground):
    assert route(ground=ground) == route()


def test_a_liable_third_party_changes_no_payer_and_is_mentioned():
    found = route(ground=Ground.LIABLE_THIRD_PARTY, ended_on=date(2026, 4, 30))

    assert payers(found) == [Payer.EMPLOYER, Payer.POLICY]
    assert Notice.RECOVERABLE in found.notices


def test_of_a_classification_that_staff_added_nobody_knows_who_pays():
    found = route(ground=Ground.OTHER, ended_on=date(2026, 4, 30))

    assert found.stages == (Stage(FIRST, LAST_OF_104_WEEKS, Payer.UNKNOWN, Reason.UNKNOWN),)
    assert found.uwv_due is None
    assert not found.is_zw_erd


def test_a_no_riskpolis_counts_whatever_the_classification():
    assert payers(route(ground=Ground.OTHER, has_no_risk=True)) == [Payer.UWV]


@pytest.mark.parametrize(
    ("first_sick_day", "paid_by", "reason"),
    [
        pytest.param(date(2026, 6, 30), Payer.UWV, Reason.OUTSIDE_ZW_ERD, id="E30-day before"),
        pytest.param(date(2026, 7, 1), Payer.POLICY, Reason.ZW_ERD, id="E30-first day"),
        pytest.param(date(2026, 12, 31), Payer.POLICY, Reason.ZW_ERD, id="63b-last day"),
        pytest.param(date(2027, 1, 1), Payer.UWV, Reason.OUTSIDE_ZW_ERD, id="63b-day after"),
    ],
)
def test_the_first_sick_day_decides_whether_the_employer_bears_the_risk(
    first_sick_day, paid_by, reason
):
    cover = Cover(Product.ZW_ERD, date(2026, 7, 1), date(2026, 12, 31))
    last_day = date(2027, 6, 30)

    found = route(first_sick_day, covers=(cover,), ended_on=last_day)

    assert (found.stages[1].payer, found.stages[1].reason) == (paid_by, reason)
    assert found.is_zw_erd is (paid_by == Payer.POLICY)


def test_a_policy_that_ends_during_the_illness_is_mentioned():
    ends = Cover(Product.ZW_ERD, date(2026, 1, 1), date(2026, 5, 31))

    found = route(ended_on=date(2026, 4, 30), covers=(ends,))

    assert payers(found) == [Payer.EMPLOYER, Payer.POLICY]
    assert Notice.POLICY_ENDS in found.notices


def test_a_policy_that_outlasts_the_illness_is_not_mentioned():
    ends = Cover(Product.ZW_ERD, date(2026, 1, 1), LAST_OF_104_WEEKS)

    assert Notice.POLICY_ENDS not in route(ended_on=date(2026, 4, 30), covers=(ends,)).notices
    assert Notice.POLICY_ENDS not in route(covers=(VERZUIM,)).notices


def test_a_verzuim_policy_that_ends_is_mentioned_too():
    ends = Cover(Product.VERZUIM, date(2026, 1, 1), date(2026, 12, 31))

    assert Notice.POLICY_ENDS in route(covers=(ends,)).notices


def test_a_supplement_is_mentioned_beside_a_benefit_of_the_policy():
    both = (ERD, SUPPLEMENT)

    assert Notice.SUPPLEMENT in route(ended_on=date(2026, 4, 30), covers=both).notices
    assert Notice.SUPPLEMENT not in route(covers=both).notices
    assert Notice.SUPPLEMENT not in route(ended_on=date(2026, 4, 30)).notices


# In a chain the first spell decides.

EARLIER = Spell(date(2025, 12, 29), date(2026, 3, 16))


def test_a_chain_that_began_before_zw_erd_stays_with_uwv():
    found = route(ended_on=date(2026, 3, 31), spells=(EARLIER,))

    assert payers(found) == [Payer.UWV]
    assert Notice.CHAIN in found.notices


def test_the_104_weeks_count_from_the_chain():
    found = route(spells=(EARLIER,))

    assert found.stages[-1].last_day == date(2025, 12, 29) + timedelta(days=727 + 17)


def test_a_report_that_is_known_already_is_the_same_report():
    known = Spell(FIRST, date(2026, 4, 6))

    assert route(spells=(known,)) == route()
    assert facts(spells=(known,)).chain.spells == (known,)


def test_after_104_weeks_nobody_pays():
    finished = Spell(date(2024, 3, 25), date(2026, 3, 23))

    found = route(spells=(finished,), ended_on=date(2026, 4, 30))

    assert found.stages == ()
    assert found.uwv_due is None


# The first paid day.


@pytest.mark.parametrize(
    ("first_sick_day", "ended_on", "paid_from"),
    [
        pytest.param(date(2026, 3, 20), date(2026, 3, 13), date(2026, 3, 23), id="E44"),
        pytest.param(date(2026, 3, 16), date(2026, 3, 13), date(2026, 3, 18), id="on a Monday"),
        pytest.param(date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 2), id="2c-1 day left"),
        pytest.param(date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1), id="2c-none left"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1), id="2c-long ago"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 27), date(2026, 3, 30), id="2c-a Friday"),
        pytest.param(date(2026, 4, 2), date(2026, 3, 27), date(2026, 4, 6), id="B4-Easter Monday"),
    ],
)
def test_a_benefit_begins_on_the_third_day_and_after_the_wages(first_sick_day, ended_on, paid_from):
    case = facts(first_sick_day, ended_on=ended_on)

    assert payer.first_benefit_day(case) == paid_from


def test_s6_a_chain_has_waiting_days_once():
    case = facts(FIRST, ended_on=date(2026, 3, 31), spells=(EARLIER,))

    assert payer.first_benefit_day(case) == FIRST


# Whatever the facts.

days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@st.composite
def cases(draw):
    started_on = draw(days)
    length = draw(st.none() | st.integers(0, 1000))
    ended_on = None if length is None else started_on + timedelta(days=length)
    latest = 1000 if length is None else length + 28
    first_sick_day = started_on + timedelta(days=draw(st.integers(0, latest)))
    begins, runs = draw(days), draw(st.none() | st.integers(0, 1000))
    ends = None if runs is None else begins + timedelta(days=runs)
    covers = st.builds(Cover, st.sampled_from(Product), st.just(begins), st.just(ends))
    gap = draw(st.integers(0, 60))
    fit_from = first_sick_day - timedelta(days=gap)
    earlier = Spell(fit_from - timedelta(days=draw(st.integers(1, 900))), fit_from)
    return facts(
        first_sick_day,
        started_on=started_on,
        ended_on=ended_on,
        ground=draw(st.sampled_from(Ground)),
        covers=tuple(draw(st.lists(covers, max_size=3))),
        has_no_risk=draw(st.booleans()),
        is_fictitious=draw(st.booleans()),
        spells=(earlier,) if draw(st.booleans()) else (),
    )


@given(case=cases(), today=days)
def test_no_date_lies_before_the_first_sick_day(case, today):
    found = payer.route(case, today=today)

    assert found.uwv_due is None or found.uwv_due >= case.first_sick_day
    assert all(stage.first_day >= case.first_sick_day for stage in found.stages)


@given(case=cases(), today=days)
def test_stages_follow_each_other_within_104_weeks(case, today):
    stages = payer.route(case, today=today).stages

    assert all(stage.first_day <= stage.last_day for stage in stages)
    assert all(stage.last_day < case.chain.due(104) for stage in stages)
    assert all(earlier.last_day < later.first_day for earlier, later in pairwise(stages))


@given(case=cases(), today=days)
def test_a_policy_pays_only_what_it_insured_on_the_first_sick_day(case, today):
    began_on = case.chain.first_sick_day
    insured = {
        cover.product
        for cover in case.covers
        if cover.starts_on <= began_on <= (cover.ends_on or date.max)
    }

    for stage in payer.route(case, today=today).stages:
        if stage.payer == Payer.POLICY:
            needed = Product.ZW_ERD if stage.reason == Reason.ZW_ERD else Product.VERZUIM
            assert needed in insured


@given(case=cases(), today=days)
def test_uwv_hears_of_each_illness_that_it_or_the_policy_pays_a_benefit_for(case, today):
    found = payer.route(case, today=today)
    benefit = {Reason.ZW_ERD, Reason.NO_ZW_ERD, Reason.OUTSIDE_ZW_ERD}
    benefit |= {Reason.SAFETY_NET, Reason.NO_RISK}

    if any(stage.reason in benefit for stage in found.stages):
        assert found.uwv_due is not None
