"""Staff screens of absence; each module registers its own."""

from absence.admin import classifications, corrections, messages, trajectories

__all__ = ["classifications", "corrections", "messages", "trajectories"]
