from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import keys
from accounts.models import User, Workspace
from common.errors import Invalid

LONGEST_DAYS = 36_500


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LONGEST_DAYS:
        raise ArgumentTypeError(f"has to be a number of days from 1 to {LONGEST_DAYS}")
    return int(text)


class Command(BaseCommand):
    help = "Make an API key for a user and print it, this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--workspace", type=int, help="its default scope; the personal one if left out")
        parser.add_argument("--pinned", action="store_true", help="can't leave that workspace")
        parser.add_argument("--scope", action="append", default=[], choices=keys.SCOPES, help="repeat; none = all")
        parser.add_argument("--days", type=_days, help="expires after so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(options["email"])
            workspace = user.personal_workspace
            if options["workspace"]:
                workspace = Workspace.objects.get(pk=options["workspace"])
            key, text = keys.issue(
                user=user,
                workspace=workspace,
                name=options["name"],
                scopes=options["scope"],
                pinned=options["pinned"],
                expires_at=timezone.now() + timedelta(days=options["days"]) if options["days"] is not None else None,
            )
        except (User.DoesNotExist, Workspace.DoesNotExist) as error:
            raise CommandError("No such user or workspace.") from error
        except Invalid as error:
            raise CommandError(error.message) from error
        self.stderr.write(f"Key {key.pk} ({key.name}). It is shown this once:")
        self.stdout.write(text)
