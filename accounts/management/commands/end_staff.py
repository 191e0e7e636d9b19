"""Shuts out somebody of InComfort or HCS, at once and everywhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.access import end_staff
from accounts.models import User


class Command(BaseCommand):
    help = "Shuts out somebody of InComfort or HCS, at once and everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"], is_staff=True).first()
        if user is None:
            raise CommandError("There is no staff account of that name.")
        end_staff(user=user)
        self.stdout.write(f"{user} kan niet meer inloggen.")
