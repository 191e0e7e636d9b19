"""Samengesteld verzuim: which spells count as one. Source of the rules: rulebook 2.1, 3.2, 8.2."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence.chains import Chain, chain_of, chains
from absence.reporting import Spell

TODAY = date(2026, 11, 23)
RECOVERED = date(2026, 3, 2)
FIRST = Spell(date(2026, 2, 2), RECOVERED)
E16 = [
    Spell(date(2026, 2, 2), date(2026, 2, 11)),
    Spell(date(2026, 3, 2), date(2026, 3, 9)),
    Spell(date(2026, 4, 1)),
]
# Maternity leave of 16 weeks: 1 June up to and including 20 September.
BEFORE_LEAVE = Spell(date(2026, 5, 4), date(2026, 6, 1))
AFTER_LEAVE = date(2026, 9, 21)

day_numbers = st.integers(0, 400)


def day(number):
    return date(2024, 1, 1) + timedelta(days=number)


@st.composite
def histories(draw, *, longest_gap=60):
    """Spells of one person that do not overlap, oldest first; the last may be open."""
    found, number = [], draw(day_numbers)
    for _ in range(draw(st.integers(1, 6))):
        length = draw(st.integers(1, 90))
        found.append(Spell(day(number), day(number + length)))
        number += length + draw(st.integers(0, longest_gap))
    if draw(st.booleans()):
        found[-1] = Spell(found[-1].first_sick_day)
    return found


spans = st.tuples(day_numbers, st.none() | st.integers(1, 90))
overlapping = st.lists(
    spans.map(lambda span: Spell(day(span[0]), span[1] and day(sum(span)))), min_size=1, max_size=6
)


@pytest.mark.parametrize(
    ("recovered_on", "next_day", "joined"),
    [
        pytest.param(RECOVERED, date(2026, 3, 27), True, id="E8-25 days"),
        pytest.param(RECOVERED, date(2026, 3, 29), True, id="S2-27 days, DST-begins"),
        pytest.param(RECOVERED, date(2026, 3, 30), False, id="E10-28 days"),
        pytest.param(date(2028, 2, 14), date(2028, 3, 12), True, id="E12-27 days, 29-February"),
        pytest.param(date(2028, 2, 14), date(2028, 3, 13), False, id="E12-28 days, 29-February"),
        pytest.param(RECOVERED, RECOVERED, True, id="E14-no day"),
        pytest.param(date(2026, 3, 6), date(2026, 3, 9), True, id="Friday to Monday"),
        pytest.param(date(2026, 10, 4), date(2026, 10, 31), True, id="27 days, DST-ends"),
        pytest.param(date(2026, 10, 4), date(2026, 11, 1), False, id="28 days, DST-ends"),
    ],
)
def test_two_spells_join_within_four_weeks(recovered_on, next_day, joined):
    first, second = Spell(date(2026, 1, 5), recovered_on), Spell(next_day)

    assert (len(chains([first, second])) == 1) is joined
    assert chain_of(second, [first]).is_joined is joined


def test_e16_three_spells_are_one_chain():
    chain = chain_of(E16[2], E16)

    assert chain == Chain(tuple(E16))
    assert chain.first_sick_day == date(2026, 2, 2)
    assert [gap.length.days for gap in chain.gaps] == [19, 23]
    assert chain.due(6) == date(2026, 4, 27)
    assert chain.due(8) == date(2026, 5, 11)
    assert chain.due(42) == date(2027, 1, 4)
    assert chain.due(104) == date(2028, 3, 13)


def test_e16_the_gaps_are_no_sick_days():
    chain = chain_of(E16[2], E16)

    assert chain.duration(today=date(2026, 4, 1)).days == 9 + 7 + 1
    assert chain.duration(today=date(2026, 3, 20)).days == 9 + 7
    assert chain.duration(today=date(2026, 4, 5)).week == 3
    assert chain.duration(today=date(2026, 4, 6)).week == 4


def test_e4_a_chain_of_one_counts_weeks_as_a_spell_does():
    assert chain_of(Spell(date(2026, 1, 5))).duration(today=TODAY).week == 47


def test_e17_the_same_cause_after_leave_is_one_chain_without_the_leave():
    chain = chain_of(Spell(AFTER_LEAVE, continues_after_leave=True), [BEFORE_LEAVE])

    assert chain.first_sick_day == date(2026, 5, 4)
    assert chain.due(104) == date(2026, 5, 4) + timedelta(weeks=104 + 16)


def test_e18_another_cause_after_leave_is_a_new_chain():
    assert chain_of(Spell(AFTER_LEAVE), [BEFORE_LEAVE]).first_sick_day == AFTER_LEAVE


def test_s4_within_four_weeks_nobody_asks_for_the_cause():
    again = Spell(RECOVERED + timedelta(days=5), continues_after_leave=False)

    assert chain_of(again, [FIRST]).first_sick_day == FIRST.first_sick_day


def test_an_answer_about_leave_without_an_earlier_spell_changes_nothing():
    alone = Spell(AFTER_LEAVE, continues_after_leave=True)

    assert chains([alone]) == [Chain((alone,))]


def test_who_recovered_hears_until_when_the_first_sick_day_stays():
    chain = chain_of(FIRST)

    assert chain.recovered_on == RECOVERED
    assert chain.new_chain_from == date(2026, 3, 30)


def test_who_is_ill_has_no_such_day():
    assert chain_of(Spell(date(2026, 2, 2))).new_chain_from is None


@given(histories())
def test_the_day_that_is_promised_is_the_day_that_counts(history):
    *_, chain = chains(history)
    promised = chain.new_chain_from
    if promised is None:
        return

    assert chain_of(Spell(promised - timedelta(days=1)), history).spells[:-1] == chain.spells
    assert not chain_of(Spell(promised), history).is_joined


def test_a_gap_moves_no_date_that_had_passed():
    long_ill = Spell(date(2026, 1, 5), date(2026, 3, 9))  # nine weeks

    chain = chain_of(Spell(date(2026, 3, 19)), [long_ill])

    assert chain.due(8) == date(2026, 3, 2)
    assert chain.due(9) == date(2026, 3, 19)  # the day of recovery waits: it was no sick day
    assert chain.due(10) == date(2026, 3, 26)


def test_illness_in_two_employments_at_once_counts_each_day_once():
    spells = [Spell(date(2026, 3, 2), date(2026, 3, 9)), Spell(date(2026, 3, 5), date(2026, 3, 7))]

    assert len(chains(spells)) == 1
    assert chains(spells)[0].duration(today=TODAY).days == 7
    assert not list(chains(spells)[0].gaps)


def test_nothing_joins_after_the_shorter_of_two_spells_at_once():
    """The longer one decides when the person was fit, in whatever order they ended."""
    longer = Spell(date(2026, 1, 5), date(2026, 6, 1))
    shorter = Spell(date(2026, 1, 12), date(2026, 1, 19))
    again = Spell(date(2026, 6, 20))

    assert chains([shorter, again, longer]) == [Chain((longer, shorter, again))]


def test_of_equal_spells_in_two_employments_both_stay():
    twice = [Spell(date(2026, 3, 2), date(2026, 3, 9))] * 2

    assert chains(twice) == [Chain(tuple(twice))]


@given(overlapping, st.randoms())
def test_the_order_does_not_matter(spells, random):
    shuffled = random.sample(spells, len(spells))

    assert chains(shuffled) == chains(spells)


@given(overlapping)
def test_each_spell_is_in_exactly_one_chain(spells):
    found = [spell for chain in chains(spells) for spell in chain.spells]

    assert sorted(map(hash, found)) == sorted(map(hash, spells))


@given(histories())
def test_chains_are_transitive(history):
    """Neighbours that join pairwise are one chain, and no others are."""
    joined = [chain_of(later, [earlier]).is_joined for earlier, later in pairwise(history)]

    assert len(chains(history)) == 1 + joined.count(False)
    assert all(
        chain_of(later, history) == chain_of(earlier, history) if together else True
        for (earlier, later), together in zip(pairwise(history), joined, strict=True)
    )


@given(overlapping)
def test_between_chains_lie_at_least_four_weeks(spells):
    for earlier, later in pairwise(chains(spells)):
        assert later.first_sick_day - earlier.recovered_on >= timedelta(days=28)


@given(histories(longest_gap=27), st.integers(0, 120), st.integers(0, 120))
def test_due_dates_go_up_with_the_weeks(history, weeks, more):
    chain = chain_of(history[-1], history)

    assert chain.due(weeks) >= chain.first_sick_day + timedelta(weeks=weeks)
    assert chain.due(weeks + more) - chain.due(weeks) >= timedelta(weeks=more)


@given(histories(longest_gap=27), st.integers(0, 120))
def test_another_spell_never_makes_a_date_earlier(history, weeks):
    dues = [
        chain_of(history[0], history[: number + 1]).due(weeks) for number in range(len(history))
    ]

    assert dues == sorted(dues)


@given(histories(longest_gap=27), st.integers(0, 400))
def test_on_the_day_after_so_many_sick_days_so_many_have_passed(history, sick_days):
    chain = chain_of(history[-1], history)
    reached = chain.day_after(sick_days)
    if chain.recovered_on and reached >= chain.recovered_on:
        return

    assert chain.duration(today=reached).days == sick_days + 1


@given(overlapping, day_numbers)
def test_sick_days_are_counted_as_by_hand(spells, number):
    today = day(number)

    for chain in chains(spells):
        by_hand = {
            day(each)
            for each in range(number + 1)
            for spell in chain.spells
            if spell.first_sick_day <= day(each) < (spell.recovered_on or date.max)
        }
        assert chain.duration(today=today).days == len(by_hand)
