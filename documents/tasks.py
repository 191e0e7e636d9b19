"""Work of the documents app for the worker."""

from documents.statements.jobs import publish

__all__ = ["publish"]
