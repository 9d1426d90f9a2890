import re
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError
from django.utils import timezone

from accounts.models import User
from billing import ledger
from common.errors import Invalid
from common.money import dollars, mc_of_cents

_PLAIN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


class Command(BaseCommand):
    help = "Add promotional money to a user's personal wallet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("dollars", help="for example 20 or 0.5")
        parser.add_argument("--reason", required=True, help="kept in the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace = User.objects.get_by_natural_key(options["email"]).personal_workspace
            amount_mc = mc_of_cents(_dollars(options["dollars"]) * 100)
            ledger.grant(
                workspace_id=workspace.pk,
                amount_mc=amount_mc,
                reason=options["reason"],
                actor="manage.py add_money",
                now=timezone.now(),
            )
        except User.DoesNotExist as error:
            raise CommandError("No such user.") from error
        except (ValueError, DataError) as error:  # no number, too fine, or too large to count
            raise CommandError(f"{options['dollars']!r} is not an amount of dollars.") from error
        except Invalid as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{options['email']} now has {dollars(ledger.balance_mc(workspace.pk))}.")


def _dollars(typed: str) -> Decimal:
    """Plain decimals only: what Python reads besides, such as 1e3, 1_000 or digits of other scripts, is a slip here.

    :raises ValueError: anything else
    """
    if not _PLAIN.fullmatch(typed):
        raise ValueError(typed)
    return Decimal(typed)
