from typing import Any

from django.core.management.base import BaseCommand

from catalogue import loading


class Command(BaseCommand):
    help = "Load the rows and prices of catalogue.csv; what an operator changed stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        done = loading.load()
        self.stdout.write(
            f"Catalogue: {len(done.added)} rows added, {len(done.changed)} changed, {len(done.priced)} new prices."
        )
