"""What a classification means to the rules. Source: rulebook 4.4."""

import pytest

from absence.grounds import Ground, Group
from absence.models import Classification


@pytest.mark.parametrize(
    ("ground", "group"),
    [
        (Ground.ILLNESS, Group.ILLNESS),
        (Ground.WORK_ACCIDENT, Group.WORK_ACCIDENT),
        (Ground.LIABLE_THIRD_PARTY, Group.LIABLE_THIRD_PARTY),
        (Ground.SAFETY_NET, Group.SAFETY_NET),
        (Ground.PREGNANCY, Group.SAFETY_NET),
        (Ground.BIRTH, Group.SAFETY_NET),
        (Ground.ORGAN_DONATION, Group.SAFETY_NET),
        (Ground.OTHER, Group.OTHER),
    ],
)
def test_which_safety_net_it_is_does_not_show_in_a_group(ground, group):
    assert ground.group == group
    assert ground.is_safety_net is (group == Group.SAFETY_NET)


def test_a_classification_that_staff_added_has_no_consequence():
    assert Ground.of("verlof-2027") == Ground.OTHER
    assert not Ground.OTHER.is_safety_net


def test_the_rules_know_each_seeded_classification(db):
    codes = Classification.objects.values_list("code", flat=True)

    assert {Ground.of(code) for code in codes} == set(Ground) - {Ground.OTHER}
