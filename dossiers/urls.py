"""Addresses of this app."""

from django.urls import path

from dossiers import views

app_name = "dossiers"
urlpatterns = [
    path("dossiers/", views.search, name="search"),
    path("dossiers/werknemer-toevoegen/", views.employee_create, name="employee-create"),
    path("dossiers/werknemer-toevoegen/velden/", views.employee_fields, name="employee-fields"),
    path("dossiers/<uuid:uuid>/", views.dossier_detail, name="dossier-detail"),
    path("dossiers/<uuid:uuid>/toegevoegd/", views.employee_added, name="employee-added"),
    path("dossiers/<uuid:uuid>/wijzigen/", views.employee_change, name="employee-change"),
    path(
        "dossiers/<uuid:uuid>/dienstverband-toevoegen/",
        views.employment_create,
        name="employment-create",
    ),
    path("dossiers/<uuid:uuid>/bsn/", views.bsn_reveal, name="bsn-reveal"),
    path("dossiers/<uuid:uuid>/wijzigingen/", views.employee_changes, name="employee-changes"),
]
