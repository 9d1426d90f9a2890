import sys

from django.core.management.base import BaseCommand

from billing import audit
from prompts import books as prompts
from tunes import books as tunes


class Command(BaseCommand):
    help = "Prove the ledger against itself and against the prompts, reading only; exits 1 when something is wrong."

    def handle(self, *args, **options) -> None:
        faults = [*audit.faults(), *prompts.faults(), *tunes.faults()]
        for fault in faults:
            self.stderr.write(fault)
        self.stdout.write(f"{len(faults)} faults." if faults else "The books are in order.")
        if faults:
            sys.exit(1)
