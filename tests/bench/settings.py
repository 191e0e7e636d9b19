"""The portal's settings in a bench: as in production, with the bench's addresses added."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
