"""manage.py load_demo: the demo's rows and files, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.load import load_once


class Command(BaseCommand):
    help = "Loads the demo data; when it is there already, changes nothing."

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("demo data has a known password: only with DEVELOPMENT=yes")
        loaded = load_once()
        if options["verbosity"]:
            self.stdout.write("De demogegevens zijn geladen." if loaded else "Die waren er al.")
