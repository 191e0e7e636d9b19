"""The settings of `make run`, with e-mail through a mail server: for the workers of worker.py."""

from portal.environment import smtp_mailer
from portal.settings import *  # noqa: F403

MAILERS = {"default": smtp_mailer()}
