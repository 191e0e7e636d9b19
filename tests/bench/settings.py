"""The portal's settings in a bench: as in production, with the bench's addresses added."""

from portal.environment import DOCUMENT_SCANNERS
from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
# An e-mail is written, sent and noted; there is no server to wait for.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
# Judging what was uploaded is not measured here, and no scanner runs.
DOCUMENT_SCANNER = DOCUMENT_SCANNERS["development"]
