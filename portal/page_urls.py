"""Addresses of the portal's own pages."""

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("start/", views.start, name="start"),
    path("help/", views.help_page, name="help"),
]
