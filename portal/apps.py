"""The portal as a whole, and the back office site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = "Portaal"


class BackOfficeConfig(admin_apps.AdminConfig):
    """Django admin behind our own login: the gate has already asked for a second factor."""

    default = False
    default_site = "portal.backoffice.BackOfficeSite"
