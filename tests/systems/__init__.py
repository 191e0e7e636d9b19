"""Whole systems beside the portal, started for real: slow, so each has a make target of its own."""
