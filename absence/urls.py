"""Addresses of this app."""

from django.urls import path

from absence import correction_views, employment_views, views

app_name = "absence"
urlpatterns = [
    path("verzuim/melden/", views.report_search, name="report-search"),
    path("verzuim/melden/<uuid:uuid>/", views.report_create, name="report-create"),
    path("verzuim/agenda/", views.agenda, name="agenda"),
    path("verzuim/overzicht/", views.ill_list, name="ill-list"),
    path("verzuim/overzicht/alle/", views.report_list, name="report-list"),
    path("verzuim/overzicht/downloaden/", views.ill_export, name="ill-export"),
    path("verzuim/overzicht/alle/downloaden/", views.report_export, name="report-export"),
    path("verzuim/overzicht/cijfers/", views.figures, name="figures"),
    path("verzuim/gemeld/<uuid:uuid>/", views.report_done, name="report-done"),
    path("verzuim/herstel/<uuid:uuid>/", views.recovery_tell, name="recovery-tell"),
    path("verzuim/corrigeren/<uuid:uuid>/", correction_views.report_correct, name="report-correct"),
    path(
        "verzuim/intrekken/<uuid:uuid>/", correction_views.report_withdraw, name="report-withdraw"
    ),
    path(
        "dienstverband/<uuid:uuid>/einde/", employment_views.employment_end, name="employment-end"
    ),
    path(
        "dienstverband/<uuid:uuid>/heropenen/",
        employment_views.employment_reopen,
        name="employment-reopen",
    ),
    path("dossiers/<uuid:uuid>/verzuim/", views.dossier_absence, name="dossier-absence"),
]
