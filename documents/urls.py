"""Addresses of this app."""

from django.urls import path

from documents import upload_views, views
from documents.statements import views as statements

app_name = "documents"
urlpatterns = [
    path("dossiers/<uuid:uuid>/trajectendossier/", views.dossier_files, name="dossier-files"),
    path("dossiers/<uuid:uuid>/trajectendossier/toevoegen/", upload_views.upload, name="upload"),
    path(
        "dossiers/<uuid:uuid>/overzicht-pb/<uuid:trajectory_uuid>/",
        views.overview_pb,
        name="overview-pb",
    ),
    path("documenten/<uuid:uuid>/", views.download, name="download"),
    path("uitkeringsspecificaties/", statements.statements, name="statements"),
    path("uitkeringsspecificaties/lijst.<slug:kind>", statements.export, name="statements-export"),
    path("uitkeringsspecificaties/<uuid:uuid>/", statements.statement, name="statement"),
]
