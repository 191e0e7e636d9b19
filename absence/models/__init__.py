"""Rows of absence: sick reports with their course, and what employers tell HCS."""

from absence.models.messages import RecoveryMessage
from absence.models.trajectories import (
    Classification,
    Incapacity,
    MilestoneMark,
    Trajectory,
)

__all__ = ["Classification", "Incapacity", "MilestoneMark", "RecoveryMessage", "Trajectory"]
