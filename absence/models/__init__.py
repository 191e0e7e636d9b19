"""Rows of absence: sick reports with their course and versions, and what is told and noted."""

from absence.models.corrections import CorrectionRequest, ReportVersion
from absence.models.marks import MilestoneMark
from absence.models.messages import RecoveryMessage
from absence.models.trajectories import Classification, Incapacity, Trajectory

__all__ = [
    "Classification",
    "CorrectionRequest",
    "Incapacity",
    "MilestoneMark",
    "RecoveryMessage",
    "ReportVersion",
    "Trajectory",
]
