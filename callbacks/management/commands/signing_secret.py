from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from callbacks import signing


class Command(BaseCommand):
    help = "Print the secret that signs the callbacks of a user's personal workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--rotate", action="store_true", help="make a new one; the old one signs on for 24 hours")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace_id = User.objects.get_by_natural_key(options["email"]).personal_workspace.pk
        except User.DoesNotExist as error:
            raise CommandError("No such user.") from error
        now = timezone.now()
        if options["rotate"]:
            self.stdout.write(signing.rotate(workspace_id=workspace_id, now=now))
        else:
            self.stdout.write(signing.valid_secrets(workspace_id=workspace_id, now=now)[0])
