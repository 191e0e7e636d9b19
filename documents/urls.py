"""Addresses of this app."""

from django.urls import path

from documents import upload_views, views
from documents.case_notes import views as case_notes
from documents.casefile import views as casefile
from documents.files import own_views
from documents.files import views as files
from documents.requests import views as requests
from documents.statements import views as statements

app_name = "documents"
urlpatterns = [
    path("dossiers/<uuid:uuid>/trajectendossier/", files.dossier_files, name="dossier-files"),
    path(
        "dossiers/<uuid:uuid>/trajectendossier/<uuid:trajectory_uuid>.zip",
        files.archive,
        name="zip",
    ),
    path("dossiers/<uuid:uuid>/trajectendossier/toevoegen/", upload_views.upload, name="upload"),
    path(
        "dossiers/<uuid:uuid>/overzicht-pb/<uuid:trajectory_uuid>/",
        case_notes.overview_pb,
        name="overview-pb",
    ),
    path(
        "dossiers/<uuid:uuid>/overzicht-pb/<uuid:trajectory_uuid>/maken/",
        case_notes.make_overview_pb,
        name="overview-pb-make",
    ),
    path(
        "dossiers/<uuid:uuid>/inspectiedossier/<uuid:trajectory_uuid>/",
        casefile.casefile,
        name="casefile",
    ),
    path(
        "dossiers/<uuid:uuid>/inspectiedossier/<uuid:trajectory_uuid>.pdf",
        casefile.casefile_pdf,
        name="casefile-pdf",
    ),
    path(
        "dossiers/<uuid:uuid>/inspectiedossier/<uuid:trajectory_uuid>.zip",
        casefile.casefile_zip,
        name="casefile-zip",
    ),
    path("documenten/toevoegen/", upload_views.upload_search, name="upload-search"),
    path("documenten/toevoegen/voorstel/", upload_views.propose_employee, name="upload-proposal"),
    path("documenten/<uuid:uuid>/", views.download, name="download"),
    path("documenten/<uuid:uuid>/vervangen/", own_views.replace, name="replace"),
    path("documenten/<uuid:uuid>/intrekken/", own_views.withdraw, name="withdraw"),
    path("gevraagde-documenten/", requests.requests, name="requests"),
    path("gevraagde-documenten/<uuid:uuid>/", requests.item, name="request-item"),
    path(
        "gevraagde-documenten/<uuid:uuid>/uit-dossier/",
        requests.item_from_dossier,
        name="request-item-from-dossier",
    ),
    path("uitkeringsspecificaties/", statements.statements, name="statements"),
    path("uitkeringsspecificaties/lijst.<slug:kind>", statements.export, name="statements-export"),
    path("uitkeringsspecificaties/<uuid:uuid>/", statements.statement, name="statement"),
]
