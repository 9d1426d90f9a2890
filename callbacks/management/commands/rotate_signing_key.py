from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from callbacks import keypair


class Command(BaseCommand):
    help = "Make a new key for the signatures that fal's clients check. It signs after 24 hours, when all know it."

    def handle(self, *args: Any, **options: Any) -> None:
        key = keypair.rotate(now=timezone.now())
        self.stdout.write(f"Key {key.pk} is on the list, and signs in 24 hours.")
