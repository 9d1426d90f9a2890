from django.core.management.base import BaseCommand

from catalogue import loading


class Command(BaseCommand):
    help = "Load the rows and prices of catalogue.csv; what an operator changed stays as it is."

    def handle(self, *args, **options) -> None:  # type: ignore[no-untyped-def]
        done = loading.load()
        self.stdout.write(
            f"Catalogue: {len(done.added)} rows added, {len(done.changed)} changed, {len(done.priced)} new prices."
        )
