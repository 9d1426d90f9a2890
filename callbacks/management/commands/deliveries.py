from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from callbacks import delivery
from callbacks.models import Delivery
from common.jobs.models import Status


class Command(BaseCommand):
    help = "List callbacks, newest first, or send one again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--failed", action="store_true", help="only those that were given up")
        parser.add_argument("--limit", type=int, default=50)
        parser.add_argument("--resend", type=int, metavar="ID", help="send this one again, from the start")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["resend"] is not None:
            self._resend(options["resend"])
            return
        found = Delivery.objects.filter(status=Status.FAILED) if options["failed"] else Delivery.objects.all()
        for each in found.order_by("-pk")[: max(options["limit"], 0)]:
            self.stdout.write(_line(each))

    def _resend(self, delivery_id: int) -> None:
        found = Delivery.objects.filter(pk=delivery_id).first()
        if found is None:
            raise CommandError("There is no such callback.")
        if not delivery.resend(delivery_id=found.pk, workspace_id=found.workspace_id, now=timezone.now()):
            raise CommandError("It is still being tried.")
        self.stdout.write(f"Callback {delivery_id} is on its way again.")


def _line(each: Delivery) -> str:
    """The address without its query, which may hold the receiver's secrets."""
    url = urlsplit(each.url)
    answer = f" (HTTP {each.answer_status})" if each.answer_status else ""
    error = f": {each.last_error}{answer}" if each.last_error else ""
    tries = "1 try" if each.tries == 1 else f"{each.tries} tries"
    address = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"
    return (
        f"{each.pk}  {each.created_at:%Y-%m-%d %H:%M}  {each.kind} {each.ref}  {address}  {each.status}, {tries}{error}"
    )
