"""By when UWV must know, and what the employer is told. Source: rulebook 3.1, 4.4 and 8.3."""

from datetime import date, timedelta

import pytest

from absence.grounds import Ground
from absence.payer import Notice
from tests.absence.cases import FIRST, route

# When to report to UWV.


@pytest.mark.parametrize(
    ("case", "due"),
    [
        pytest.param({"ended_on": date(2026, 3, 31)}, date(2026, 5, 14), id="U1-nawerking"),
        pytest.param({"is_fictitious": True}, date(2026, 5, 14), id="U1-fictief"),
        pytest.param({"ended_on": FIRST}, date(2026, 5, 14), id="U1-ends at the report"),
        pytest.param({}, None, id="U1-employed"),
        pytest.param({"has_no_risk": True}, date(2026, 5, 14), id="38a3-no-risk"),
        pytest.param(
            {"has_no_risk": True, "ended_on": date(2026, 4, 30)},
            date(2026, 4, 30),
            id="38a3-no-risk, ends earlier",
        ),
        pytest.param(
            {"has_no_risk": True, "ended_on": date(2026, 6, 30)},
            date(2026, 5, 14),
            id="38a3-no-risk, ends later",
        ),
        pytest.param({"ground": Ground.PREGNANCY}, date(2026, 5, 14), id="38a3-zwangerschap"),
        pytest.param({"ground": Ground.ORGAN_DONATION}, date(2026, 5, 14), id="38a3-donatie"),
        pytest.param({"ground": Ground.SAFETY_NET}, date(2026, 5, 14), id="4.4-vangnet, ERD"),
        pytest.param({"ground": Ground.BIRTH}, date(2026, 4, 7), id="38a2b-bevalling"),
        pytest.param(
            {"has_no_risk": True, "ended_on": date(2026, 3, 31)},
            date(2026, 4, 7),
            id="38a2-no-risk after the employment",
        ),
    ],
)
def test_an_eigenrisicodrager_reports_to_uwv_by(case, due):
    assert route(**case).uwv_due == due


def test_e22_ziek_uit_dienst_is_reported_within_six_weeks_after_the_last_day():
    found = route(date(2026, 3, 2), ended_on=date(2026, 3, 31))

    assert found.uwv_due == date(2026, 5, 12)


@pytest.mark.parametrize(
    ("case", "due"),
    [
        pytest.param({"ground": Ground.SAFETY_NET}, date(2026, 4, 7), id="E28"),
        pytest.param({"ended_on": date(2026, 3, 31)}, date(2026, 4, 7), id="38a2-nawerking"),
        pytest.param({"is_fictitious": True}, date(2026, 4, 7), id="38a2-fictief"),
        pytest.param({"ended_on": date(2026, 4, 30)}, date(2026, 4, 30), id="38-2-a Thursday"),
        pytest.param({"ended_on": date(2026, 5, 3)}, date(2026, 5, 1), id="38-2-a Sunday"),
        pytest.param({"ended_on": date(2026, 5, 5)}, date(2026, 5, 4), id="38-2-5 May"),
        pytest.param({}, None, id="employed"),
        pytest.param(
            {"ground": Ground.SAFETY_NET, "has_no_risk": True}, date(2026, 5, 14), id="38a3-no-risk"
        ),
    ],
)
def test_an_employer_without_zw_erd_reports_to_uwv_by(case, due):
    assert route(covers=(), **case).uwv_due == due


def test_a_report_on_a_free_last_day_is_not_due_before_the_illness():
    sunday = date(2026, 4, 5)

    assert route(sunday, ended_on=sunday, covers=()).uwv_due == sunday


# Notices.


@pytest.mark.parametrize(
    ("case", "today", "late"),
    [
        ({"ended_on": date(2026, 4, 30)}, date(2026, 6, 11), False),
        ({"ended_on": date(2026, 4, 30)}, date(2026, 6, 12), True),
        ({"covers": (), "ground": Ground.SAFETY_NET}, date(2026, 4, 7), False),
        ({"covers": (), "ground": Ground.SAFETY_NET}, date(2026, 4, 8), True),
        pytest.param({}, date(2026, 5, 14), False, id="no term at UWV: six weeks"),
        pytest.param({}, date(2026, 5, 15), True, id="no term at UWV: a day more"),
    ],
)
def test_a_late_report_is_said_to_be_late(case, today, late):
    assert (Notice.LATE in route(today=today, **case).notices) is late


@pytest.mark.parametrize(
    ("started_on", "first_day"),
    [
        pytest.param(date(2026, 2, 8), date(2026, 4, 8), id="two months"),
        pytest.param(date(2027, 12, 31), date(2028, 2, 29), id="29-February"),
        pytest.param(date(2026, 12, 31), date(2027, 2, 28), id="no 31st"),
    ],
)
def test_38b_in_the_first_two_months_nobody_asks_for_a_no_riskpolis(started_on, first_day):
    for today, told in [(first_day - timedelta(days=1), True), (first_day, False)]:
        assert (Notice.NO_RISK_NOT_YET in route(started_on=started_on, today=today).notices) is told


def test_who_told_that_he_has_a_no_riskpolis_was_not_asked():
    found = route(started_on=date(2026, 4, 1), has_no_risk=True)

    assert Notice.NO_RISK_NOT_YET not in found.notices


@pytest.mark.parametrize(
    ("ground", "told"),
    [
        (Ground.PREGNANCY, True),
        (Ground.SAFETY_NET, True),
        (Ground.BIRTH, False),
        (Ground.ORGAN_DONATION, False),
        (Ground.ILLNESS, False),
    ],
)
def test_the_fourth_day_is_mentioned_where_the_term_may_be_that_short(ground, told):
    assert (Notice.FOURTH_DAY in route(ground=ground).notices) is told


def test_the_fourth_day_is_not_mentioned_where_it_is_the_term():
    assert Notice.FOURTH_DAY not in route(ground=Ground.SAFETY_NET, covers=()).notices
