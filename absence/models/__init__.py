"""Rows of absence: sick reports with their course and versions, and what is told, noted, mailed."""

from absence.models.corrections import CorrectionRequest, ReportVersion
from absence.models.digests import WeeklyDigest
from absence.models.marks import MilestoneMark
from absence.models.messages import RecoveryMessage
from absence.models.trajectories import (
    Classification,
    Incapacity,
    Trajectory,
    classifications_for,
    spells_of,
)

__all__ = [
    "Classification",
    "CorrectionRequest",
    "Incapacity",
    "MilestoneMark",
    "RecoveryMessage",
    "ReportVersion",
    "Trajectory",
    "WeeklyDigest",
    "classifications_for",
    "spells_of",
]
