"""Makes an account for somebody of InComfort or HCS, who gets a link to activate it.

On the server and not in the back office: there nobody can raise their own rights.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions.access import add_staff
from accounts.models.users import HCS_GROUP, INCOMFORT_GROUP


class Command(BaseCommand):
    help = "Makes an account for somebody of InComfort or HCS, who gets a link to activate it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--group", required=True, choices=[INCOMFORT_GROUP, HCS_GROUP])
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("username", "group", "email", "first_name", "last_name")
        try:
            user = add_staff(**{name: options[name] for name in names})
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{user} krijgt een e-mail met een link om te activeren.")
