import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import people
from common.errors import Invalid


class Command(BaseCommand):
    help = "Make a user with a personal workspace. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--staff", action="store_true", help="may use the console")
        parser.add_argument("--no-password", action="store_true", help="can't sign in until a password is set")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = people.create_user(
                email=options["email"], password=_password(options), name=options["name"], staff=options["staff"]
            )
        except Invalid as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.email}: user {user.pk}, personal workspace {user.personal_workspace.pk}")


def _password(options: dict[str, object]) -> str | None:
    if options["no_password"]:
        return None
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
