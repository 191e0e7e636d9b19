"""Milestones and the 104 weeks. Source of the rules: rulebook 2.1 to 2.3 and 8.1."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence import timeline
from absence.chains import chain_of
from absence.milestones import Actor, Kind, Term, Track
from absence.reporting import Spell
from accounts.months import months_after
from tests.absence.cases import facts, route
from tests.absence.test_chains import E16, histories

E2 = chain_of(Spell(date(2026, 3, 18)))
EMPLOYER, ERD = Track.EMPLOYER, Track.ZW_ERD
BENEFIT_KEYS = {"EZWb-s", "EZWb-o", "EZWb", "EZWb-e", "TVB"}
WAGE_KEYS = {"W42", "LS"}


def milestones(chain=E2, track=EMPLOYER, **more):
    return {each.key: each for each in timeline.milestones(chain, track, **more)}


def dues(chain=E2, track=EMPLOYER, **more):
    return {key: each.due for key, each in milestones(chain, track, **more).items()}


def test_e2_the_employer_track():
    assert dues() == {
        "ZM": date(2026, 3, 25),
        "PA": date(2026, 4, 29),
        "PvA": date(2026, 5, 13),
        "EV6-14": date(2026, 6, 24),
        "EV6-20": date(2026, 8, 5),
        "EV6-26": date(2026, 9, 16),
        "EV6-32": date(2026, 10, 28),
        "EV6-38": date(2026, 12, 9),
        "W42": date(2027, 1, 6),
        "EV6-44": date(2027, 1, 20),
        "EJE": date(2027, 3, 17),
        "EV6-56": date(2027, 4, 14),
        "EV6-62": date(2027, 5, 26),
        "EV6-68": date(2027, 7, 7),
        "EV6-74": date(2027, 8, 18),
        "EV6-80": date(2027, 9, 29),
        "EV6-86": date(2027, 11, 10),
        "W88": date(2027, 12, 1),
        "RIV": date(2027, 12, 15),
        "WIA": date(2027, 12, 29),
        "LS": date(2028, 2, 2),
        "W104": date(2028, 3, 15),
    }


def test_e2_the_track_of_an_eigenrisicodrager_after_the_employment():
    found = dues(track=ERD, wages_until=date(2026, 3, 31))

    assert found["PA"] == date(2026, 4, 29)
    assert found["PvA"] == date(2026, 5, 13)
    assert found["EZWb-s"] == date(2026, 12, 23)
    assert found["EZWb"] == date(2027, 3, 17)
    assert found["EZWb-e"] == date(2027, 4, 17)
    assert found["RIV"] == date(2027, 12, 15)
    assert found["WIA"] == date(2027, 12, 29)
    assert found["W104"] == date(2028, 3, 15)
    assert not found.keys() & WAGE_KEYS
    assert {"ZM-W", "ZM-P"} <= found.keys()


def test_an_eigenrisicodrager_with_an_employee_in_service_reports_week_42():
    """The person of an ERD who is still employed gets wages: no benefit to assess."""
    found = dues(track=ERD)

    assert found.keys() >= WAGE_KEYS
    assert not found.keys() & BENEFIT_KEYS


@pytest.mark.parametrize(
    ("wages_until", "has_week_42"),
    [(date(2027, 1, 6), True), (date(2027, 1, 5), False)],
)
def test_who_is_in_service_in_week_42_is_reported(wages_until, has_week_42):
    for track in Track:
        assert ("W42" in dues(track=track, wages_until=wages_until)) is has_week_42


def test_what_an_employer_owes_ends_with_the_employment():
    found = milestones(wages_until=date(2026, 4, 30))

    assert {"ZM", "PA", "W88", "WIA", "W104"} == found.keys()
    assert found["PA"].due == date(2026, 4, 29)


def test_e16_gaps_move_the_milestones():
    chain = chain_of(E16[2], E16)

    found = dues(chain)

    assert found["PA"] == date(2026, 4, 27)
    assert found["PvA"] == date(2026, 5, 11)
    assert found["W42"] == date(2027, 1, 4)
    assert found["W104"] == date(2028, 3, 13)


@pytest.mark.parametrize(
    ("first_sick_day", "due"),
    [
        pytest.param(date(2026, 3, 18), date(2027, 1, 6), id="E2"),
        pytest.param(date(2026, 6, 8), date(2027, 3, 30), id="U3-Easter Monday"),
        pytest.param(date(2026, 6, 6), date(2027, 3, 30), id="U3-Saturday before Easter"),
        pytest.param(date(2026, 6, 5), date(2027, 3, 26), id="U3-Good Friday is worked"),
    ],
)
def test_week_42_is_reported_on_the_first_working_day_after_it(first_sick_day, due):
    assert dues(chain_of(Spell(first_sick_day)))["W42"] == due


def test_other_due_dates_stay_on_a_free_day():
    assert dues(chain_of(Spell(date(2026, 11, 14))))["PA"] == date(2026, 12, 26)


@pytest.mark.parametrize(
    ("key", "opens_on"),
    [
        pytest.param("EJE", date(2027, 1, 27), id="week 46"),
        pytest.param("W88", date(2027, 11, 17), id="week 88"),
        pytest.param("EZWb-s", date(2026, 12, 16), id="week 40"),
        pytest.param("EZWb-o", date(2027, 1, 13), id="week 44"),
        pytest.param("TVB", date(2027, 3, 17), id="second year"),
        pytest.param("PA", None, id="no window"),
    ],
)
def test_a_window_opens_on(key, opens_on):
    found = milestones(track=ERD, wages_until=date(2026, 3, 31))[key]

    assert found.opens_on == opens_on
    if opens_on:
        week = E2.duration(today=opens_on).week
        assert week == {"EJE": 46, "W88": 88, "EZWb-s": 40, "EZWb-o": 44, "TVB": 53}[key]


def test_a_month_later_is_the_last_day_of_a_short_month():
    chain = chain_of(Spell(date(2026, 2, 1)))  # 52 weeks on: 31 January 2027

    assert dues(chain, ERD, wages_until=date(2026, 2, 1))["EZWb-e"] == date(2027, 2, 28)


def test_the_report_to_uwv_is_a_milestone_where_there_is_a_term():
    assert "ZM-U" not in dues()
    assert dues(uwv_due=date(2026, 4, 21))["ZM-U"] == date(2026, 4, 21)


def test_each_milestone_says_what_who_and_where_it_is_written():
    for track in Track:
        for each in [
            *timeline.milestones(E2, track),
            *timeline.milestones(E2, track, wages_until=date(2026, 3, 18), uwv_due=E2.due(6)),
        ]:
            assert each.rule.name
            assert each.rule.source
            assert each.rule.actors or each.rule.kind == Kind.W104


def test_a_key_names_one_milestone():
    for track in Track:
        found = timeline.milestones(E2, track, uwv_due=E2.due(6))

        assert len({each.key for each in found}) == len(found)


def test_a_term_may_be_left_with_a_reason_only_where_the_regulation_says_so():
    found = milestones(track=ERD, uwv_due=E2.due(6)).values()

    assert {each.key for each in found if each.rule.may_deviate} == {"PA", "PvA"}


# Late, soon, lapsed.


@pytest.mark.parametrize(
    ("key", "today", "late"),
    [
        ("PA", date(2026, 4, 29), False),
        ("PA", date(2026, 4, 30), True),
        pytest.param("EV6-14", date(2027, 1, 1), False, id="practice is never late"),
        pytest.param("W104", date(2029, 1, 1), False, id="a moment is never late"),
    ],
)
def test_a_milestone_is_late_the_day_after_its_last_day(key, today, late):
    assert milestones()[key].is_late(today=today) is late


@pytest.mark.parametrize(
    ("today", "soon"),
    [
        (date(2026, 4, 14), False),
        (date(2026, 4, 15), True),
        (date(2026, 4, 29), True),
        (date(2026, 4, 30), False),
    ],
)
def test_a_milestone_is_due_within_two_weeks(today, soon):
    assert milestones()["PA"].is_due_within(14, today=today) is soon


@pytest.mark.parametrize(
    ("recovered_on", "lapsed"),
    [
        pytest.param(date(2026, 4, 29), True, id="recovered on the last day"),
        pytest.param(date(2026, 4, 30), False, id="recovered the day after"),
    ],
)
def test_a_milestone_lapses_when_the_person_recovers_in_time(recovered_on, lapsed):
    probleemanalyse = milestones(chain_of(Spell(date(2026, 3, 18), recovered_on)))["PA"]

    assert probleemanalyse.is_lapsed is lapsed
    assert probleemanalyse.is_late(today=date(2026, 12, 1)) is not lapsed
    assert probleemanalyse.is_due_within(14, today=date(2026, 4, 20)) is not lapsed


def test_a_report_that_was_made_does_not_lapse():
    found = milestones(
        chain_of(Spell(date(2026, 3, 18), date(2026, 3, 19))), uwv_due=date(2026, 4, 29)
    )

    assert {key for key, each in found.items() if not each.is_lapsed} == {"ZM", "ZM-U"}


def test_what_lapsed_is_due_again_after_a_relapse():
    recovered = Spell(date(2026, 3, 18), date(2026, 4, 29))

    relapsed = chain_of(Spell(date(2026, 5, 11)), [recovered])

    assert milestones(relapsed)["PA"].due == date(2026, 5, 11)


# From the facts of a report.


def test_an_erd_case_has_the_track_of_an_eigenrisicodrager_and_the_term_at_uwv():
    case = {"ended_on": date(2026, 3, 31)}

    found = timeline.milestones_of(facts(**case), route(**case))

    keys = {each.key for each in found}
    assert BENEFIT_KEYS | {"ZM-U", "PA", "RIV"} <= keys
    assert not keys & WAGE_KEYS


def test_an_employment_without_wages_has_no_week_42():
    case = {"is_fictitious": True}

    keys = {each.key for each in timeline.milestones_of(facts(**case), route(**case))}

    assert "EZWb" in keys
    assert not keys & WAGE_KEYS


def test_a_case_of_uwv_has_the_employer_track():
    case = {"has_no_risk": True}

    keys = {each.key for each in timeline.milestones_of(facts(**case), route(**case))}

    assert {"W42", "PA", "ZM-U"} <= keys
    assert not keys & BENEFIT_KEYS


# Whatever the history.


@given(
    history=histories(longest_gap=27),
    track=st.sampled_from(Track),
    length=st.none() | st.integers(-30, 1000),
)
def test_milestones_are_in_order_and_none_lies_before_the_first_sick_day(history, track, length):
    chain = chain_of(history[-1], history)
    until = None if length is None else chain.first_sick_day + timedelta(days=length)

    found = timeline.milestones(chain, track, wages_until=until)

    assert [each.due for each in found] == sorted(each.due for each in found)
    assert all(each.due >= chain.first_sick_day for each in found)
    assert all(each.opens_on < each.due for each in found if each.opens_on)


@given(history=histories(longest_gap=27), track=st.sampled_from(Track))
def test_another_spell_never_makes_a_milestone_earlier(history, track):
    before = milestones(chain_of(history[0], history[:1]), track)
    after = milestones(chain_of(history[0], history), track)

    assert all(after[key].due >= before[key].due for key in before)


@given(history=histories(longest_gap=27), length=st.integers(-30, 1000))
def test_no_employer_acts_after_the_employment_unless_he_bears_the_risk(history, length):
    chain = chain_of(history[-1], history)
    until = chain.first_sick_day + timedelta(days=length)

    found = timeline.milestones(chain, EMPLOYER, wages_until=until)

    assert all(each.due <= until for each in found if Actor.EMPLOYER in each.rule.actors)


# The line of 104 weeks.


@pytest.mark.parametrize(
    ("today", "days", "percentage"),
    [
        pytest.param(date(2026, 3, 18), 1, 0, id="first day"),
        pytest.param(date(2027, 3, 16), 364, 50, id="half"),
        pytest.param(date(2028, 3, 13), 727, 99, id="one day left"),
        pytest.param(date(2028, 3, 14), 728, 100, id="last day"),
        pytest.param(date(2028, 12, 31), 728, 100, id="long after"),
    ],
)
def test_the_104_weeks_have_gone_so_far(today, days, percentage):
    wait = timeline.wait(E2, today=today)

    assert (wait.days, wait.percentage) == (days, percentage)
    assert wait.days + wait.days_left == 728


def test_e2_the_104_weeks_end_the_day_before_the_wia():
    wait = timeline.wait(E2, today=date(2026, 4, 1))

    assert wait.last_day == date(2028, 3, 14)
    assert wait.wia_from == date(2028, 3, 15)


def test_the_line_stands_still_after_recovery():
    chain = chain_of(Spell(date(2026, 2, 2), date(2026, 3, 16)))

    assert timeline.wait(chain, today=date(2026, 12, 1)).days == 42


@given(history=histories(longest_gap=27), ahead=st.integers(0, 1500))
def test_the_line_is_full_when_the_wia_begins(history, ahead):
    chain = chain_of(history[-1], history)
    today = chain.first_sick_day + timedelta(days=ahead)

    wait = timeline.wait(chain, today=today)

    if chain.recovered_on is None:
        assert (wait.days_left == 0) is (today >= wait.last_day)
    assert wait.last_day < wait.wia_from


def test_the_dates_do_not_need_a_clock_change():
    """On 29 March 2026 the clock goes on: a date is a date."""
    assert dues(chain_of(Spell(date(2026, 3, 29))))["PA"] == date(2026, 5, 10)
    assert dues(chain_of(Spell(date(2026, 9, 13))))["PA"] == date(2026, 10, 25)


def test_29_february_is_a_day_like_any_other():
    leap = dues(chain_of(Spell(date(2028, 2, 29))))

    assert leap["PA"] == date(2028, 4, 11)
    assert leap["EJE"] == date(2029, 2, 27)
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)


def test_only_a_last_day_can_be_missed():
    assert all(
        not each.is_late(today=date.max)
        for track in Track
        for each in timeline.milestones(E2, track)
        if each.rule.term != Term.LAST_DAY
    )
