"""manage.py check_files: no document without its file, no stored file without its document."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.file_check import FileCheck
from documents.models import LeftFile
from documents.storage import StorageError

NO_STORE = "De bestandsopslag antwoordt niet: er is niets te zeggen. Probeer het later opnieuw."
FOUND, NOT_CHECKED = 1, 2  # what the command ends with; 0 when all is well


class Command(BaseCommand):
    help = (
        "Checks that every document has its file and every stored file its document."
        " Changes nothing. Ends with 1 when something is missing, with 2 without an answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--content", action="store_true", help="Also reads every file: is it what was stored?"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check, found = FileCheck(), [0, 0]
        try:
            for uuid, key in check.without_file(is_content_read=options["content"]):
                found[0] += 1
                self.stdout.write(f"document zonder bestand: {uuid} ({key})")
            for key in check.without_document():
                found[1] += 1
                self.stdout.write(f"bestand zonder document: {key}")
        except StorageError as error:
            raise CommandError(NO_STORE, returncode=NOT_CHECKED) from error
        self.stdout.write(f"Bekeken: {check.documents} documenten en {check.files} bestanden.")
        if waiting := LeftFile.objects.count():
            self.stdout.write(f"De worker ruimt nog op: {waiting}.")
        if any(found):
            raise CommandError(
                f"Documenten zonder bestand: {found[0]}; bestanden zonder document: {found[1]}.",
                returncode=FOUND,
            )
        self.stdout.write("Elk document heeft zijn bestand en elk bestand zijn document.")
