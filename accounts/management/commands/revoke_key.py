from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import keys
from accounts.models import ApiKey


class Command(BaseCommand):
    help = "Revoke an API key by its number; it stops working within 5 seconds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        key = ApiKey.objects.filter(pk=options["key"]).first()
        if key is None:
            raise CommandError("No such key.")
        keys.revoke(key=key, now=timezone.now())
        self.stdout.write(f"{key} is revoked.")
