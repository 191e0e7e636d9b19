"""What a classification means to the rules: who pays, and beside which others it is counted.

Staff keep the list of classifications; the codes that the rules know are here, those of the seeded
list. Source: rulebook 4.4.
"""

from enum import StrEnum


class Group(StrEnum):
    """Classifications that are counted together, in the words of the screen.

    All safety nets are one group: an employer records that one applies, not which.
    Source: AP, De zieke werknemer (rulebook 1.1 and 4.4).
    """

    ILLNESS = "Ziekte"
    WORK_ACCIDENT = "Arbeidsongeval"
    LIABLE_THIRD_PARTY = "Aansprakelijke derde"
    SAFETY_NET = "Vangnet Ziektewet"
    OTHER = "Anders"


class Ground(StrEnum):
    """Why in broad class someone is ill, by the code of the classification."""

    ILLNESS = "ziekte"
    WORK_ACCIDENT = "arbeidsongeval"
    LIABLE_THIRD_PARTY = "derde"
    SAFETY_NET = "vangnet"
    PREGNANCY = "zwangerschap"
    BIRTH = "bevalling"
    ORGAN_DONATION = "orgaandonatie"
    OTHER = "anders"

    @classmethod
    def of(cls, code: str) -> "Ground":
        """The ground of a classification; OTHER, with no consequences, for one that staff added."""
        return cls(code) if code in cls else cls.OTHER

    @property
    def group(self) -> Group:
        return GROUPS.get(self, Group.SAFETY_NET)

    @property
    def is_safety_net(self) -> bool:
        """Whether UWV pays, for an eigenrisicodrager as well. Source: Ziektewet 63a lid 1."""
        return self.group == Group.SAFETY_NET


GROUPS = {
    Ground.ILLNESS: Group.ILLNESS,
    Ground.WORK_ACCIDENT: Group.WORK_ACCIDENT,
    Ground.LIABLE_THIRD_PARTY: Group.LIABLE_THIRD_PARTY,
    Ground.OTHER: Group.OTHER,
}
