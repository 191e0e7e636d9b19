"""Addresses of this app."""

from django.urls import path

from absence.views import corrections, dossier, employments, lists, paste, recovery, reports

app_name = "absence"
urlpatterns = [
    path("verzuim/melden/", reports.report_search, name="report-search"),
    path("verzuim/melden/<uuid:uuid>/", reports.report_create, name="report-create"),
    path("verzuim/gemeld/<uuid:uuid>/", reports.report_done, name="report-done"),
    path("verzuim/plakken/", paste.report_paste, name="report-paste"),
    path("verzuim/plakken/invulbestand.<slug:kind>", paste.template_file, name="paste-template"),
    path("verzuim/plakken/<uuid:submission>/", paste.paste_done, name="paste-done"),
    path("verzuim/agenda/", dossier.agenda, name="agenda"),
    path("verzuim/overzicht/", lists.ill_list, name="ill-list"),
    path("verzuim/overzicht/alle/", lists.report_list, name="report-list"),
    path("verzuim/overzicht/downloaden/", lists.ill_export, name="ill-export"),
    path("verzuim/overzicht/alle/downloaden/", lists.report_export, name="report-export"),
    path("verzuim/overzicht/cijfers/", lists.figures, name="figures"),
    path("verzuim/herstel/<uuid:uuid>/", recovery.recovery_tell, name="recovery-tell"),
    path("verzuim/corrigeren/<uuid:uuid>/", corrections.report_correct, name="report-correct"),
    path("verzuim/intrekken/<uuid:uuid>/", corrections.report_withdraw, name="report-withdraw"),
    path("dienstverband/<uuid:uuid>/einde/", employments.employment_end, name="employment-end"),
    path(
        "dienstverband/<uuid:uuid>/heropenen/",
        employments.employment_reopen,
        name="employment-reopen",
    ),
    path("dossiers/<uuid:uuid>/verzuim/", dossier.dossier_absence, name="dossier-absence"),
]
