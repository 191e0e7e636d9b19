"""Work of the documents app for the worker."""

from documents.scan_jobs import scan_document, scan_waiting
from documents.statements.jobs import publish

__all__ = ["publish", "scan_document", "scan_waiting"]
