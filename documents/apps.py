"""Files in a Trajectendossier, case notes, benefit statements."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Documenten"
