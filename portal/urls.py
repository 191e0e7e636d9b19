"""All addresses: each app brings its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import system_views

urlpatterns = [
    path("", include("portal.page_urls")),
    path("", include("dossiers.urls")),  # the most asked for stand first
    path("", include("accounts.urls")),
    path("", include("absence.urls")),
    path("", include("documents.urls")),
    path("beheer/", admin.site.urls),
    path("gezondheid/", system_views.health, name="health"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("ontwikkel/postvak/", system_views.mailbox, name="mailbox"))

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
