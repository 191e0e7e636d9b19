"""Staff screens of absence; each module registers its own."""

from absence.admin import messages, trajectories

__all__ = ["messages", "trajectories"]
