from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from astria_clone import demo
from billing import guard, ledger
from catalogue import loading
from prompts.packs import house as packs
from tunes import house


class Command(BaseCommand):
    help = "Bring an installation up to date: tables, static files, ledger guard, catalogue, tunes, demo workspace."

    def handle(self, *args, **options) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        guard.install_ledger_guard()
        ledger.ensure_house_accounts()
        loading.load()
        house.load()
        packs.load()
        if settings.DEMO:
            demo.ensure()
