"""Who leaves ill. Source of the rules: rulebook 3.1 and 3.4; features.md, section 6, idea 5."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence import contract_end
from absence.contract_end import Contract, Task
from absence.reporting import Spell
from tests.absence.cases import FIRST, facts, route

TODAY = date(2026, 11, 24)
LAST_DAY = date(2026, 4, 30)
FIRST_CONTRACT = Contract(date(2026, 1, 5), date(2026, 2, 1))


def tasks(**case):
    return {item.task: item.due for item in contract_end.checklist(facts(**case), route(**case))}


@pytest.mark.parametrize(
    ("ended_on", "soon"),
    [
        pytest.param(TODAY, True, id="today"),
        pytest.param(TODAY + timedelta(days=14), True, id="in 14 days"),
        pytest.param(TODAY + timedelta(days=15), False, id="in 15 days"),
        pytest.param(TODAY - timedelta(days=1), False, id="yesterday"),
        pytest.param(None, False, id="no end"),
    ],
)
def test_a_contract_ends_soon(ended_on, soon):
    assert contract_end.ends_soon(ended_on, today=TODAY) is soon


def test_the_days_left_are_counted_to_the_last_day():
    assert contract_end.days_left(date(2026, 11, 30), today=TODAY) == 6
    assert contract_end.days_left(TODAY, today=TODAY) == 0


@pytest.mark.parametrize(
    ("others", "last_day"),
    [
        pytest.param([], date(2026, 2, 1), id="only one"),
        pytest.param(
            [Contract(date(2026, 2, 2), date(2026, 3, 1))], date(2026, 3, 1), id="continued"
        ),
        pytest.param([Contract(date(2026, 2, 2))], None, id="continued without an end"),
        pytest.param(
            [Contract(date(2026, 2, 3), date(2026, 3, 1))], date(2026, 2, 1), id="a day between"
        ),
        pytest.param(
            [Contract(date(2026, 1, 12), date(2026, 1, 18))],
            date(2026, 2, 1),
            id="a shorter beside",
        ),
        pytest.param(
            [Contract(date(2025, 1, 6), date(2025, 2, 2))], date(2026, 2, 1), id="one of last year"
        ),
        pytest.param([Contract(date(2025, 1, 6))], None, id="one without an end beside"),
    ],
)
def test_service_ends_when_no_contract_follows(others, last_day):
    for contracts in ([FIRST_CONTRACT, *others], [*others, FIRST_CONTRACT]):
        assert contract_end.end_of_service(contracts, since=date(2026, 1, 20)) == last_day


def test_after_the_last_contract_its_end_counts():
    assert contract_end.end_of_service([FIRST_CONTRACT], since=date(2026, 2, 9)) == date(2026, 2, 1)


def test_without_a_contract_no_service_ends():
    assert contract_end.end_of_service([], since=TODAY) is None
    assert contract_end.end_of_service([FIRST_CONTRACT], since=date(2026, 1, 1)) is None


days = st.integers(0, 300)


@given(spans=st.lists(st.tuples(days, st.none() | days), max_size=6), since=days)
def test_service_runs_until_the_first_day_without_a_contract(spans, since):
    begin = date(2026, 1, 1)
    contracts = [
        Contract(
            begin + timedelta(days=start),
            None if length is None else begin + timedelta(days=start + length),
        )
        for start, length in spans
    ]
    worked = {
        number
        for start, length in spans
        for number in range(start, 2000 if length is None else start + length + 1)
    }

    found = contract_end.end_of_service(contracts, since=begin + timedelta(days=since))

    last = max((number for number in worked if number <= since), default=None)
    while last is not None and last + 1 in worked:
        last += 1
    has_end = last is not None and last < 1999
    assert found == (begin + timedelta(days=last) if has_end else None)


def test_an_eigenrisicodrager_reports_in_six_weeks_and_gathers_what_the_benefit_needs():
    assert tasks(ended_on=LAST_DAY) == {
        Task.END_DATE: LAST_DAY,
        Task.CONTACT_DETAILS: LAST_DAY,
        Task.BSN_AND_IBAN: LAST_DAY,
        Task.EMPLOYMENT_CONTRACT: LAST_DAY,
        Task.PAYSLIPS: LAST_DAY,
        Task.REPORT_TO_UWV: date(2026, 6, 11),
    }


def test_without_zw_erd_uwv_hears_before_the_end():
    assert tasks(ended_on=LAST_DAY, covers=()) == {
        Task.END_DATE: LAST_DAY,
        Task.CONTACT_DETAILS: LAST_DAY,
        Task.REPORT_TO_UWV: LAST_DAY,
    }


@pytest.mark.parametrize(
    ("sick_days", "report"),
    [
        pytest.param(41, None, id="under six weeks"),
        pytest.param(42, Task.SHORT_REINTEGRATION_REPORT, id="six weeks"),
        pytest.param(70, Task.SHORT_REINTEGRATION_REPORT, id="ten weeks"),
        pytest.param(71, Task.REINTEGRATION_REPORT, id="over ten weeks"),
    ],
)
def test_uwv_wants_a_report_of_the_reintegration_after_six_weeks(sick_days, report):
    ended_on = FIRST + timedelta(days=sick_days - 1)

    found = tasks(ended_on=ended_on, covers=())

    reports = {Task.SHORT_REINTEGRATION_REPORT, Task.REINTEGRATION_REPORT}
    assert reports & found.keys() == ({report} if report else set())


def test_the_weeks_of_a_chain_count_for_that_report():
    earlier = Spell(date(2026, 2, 2), date(2026, 3, 23))

    assert Task.REINTEGRATION_REPORT in tasks(ended_on=LAST_DAY, covers=(), spells=(earlier,))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param({}, id="no end"),
        pytest.param({"ended_on": FIRST - timedelta(days=1)}, id="nawerking"),
    ],
)
def test_without_an_end_to_come_there_is_no_checklist(case):
    assert tasks(**case) == {}


@given(length=st.integers(0, 800), covers=st.sampled_from([None, ()]))
def test_a_checklist_is_in_order_and_never_before_the_illness(length, covers):
    case = {"ended_on": FIRST + timedelta(days=length)}
    case |= {} if covers is None else {"covers": covers}

    found = contract_end.checklist(facts(**case), route(**case))

    assert [item.due for item in found] == sorted(item.due for item in found)
    assert all(item.due >= FIRST for item in found)
