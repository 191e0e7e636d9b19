"""Staff screens of absence; each module registers its own."""

from absence.admin import corrections, messages, trajectories

__all__ = ["corrections", "messages", "trajectories"]
