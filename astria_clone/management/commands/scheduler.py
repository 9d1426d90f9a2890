import sys

from celery.utils.nodenames import host_format
from django.core.management.base import BaseCommand

from astria_clone.celery import app
from astria_clone.scheduler import Scheduler


class Command(BaseCommand):
    requires_system_checks = ()  # `setup` made them; they would load every page into a program that shows none
    help = "Publish what is due, sweep, and work off the light queue (reactions and callbacks) in threads."

    def handle(self, *args, **options) -> None:
        scheduler = Scheduler()
        scheduler.start()
        try:
            sys.exit(_work_off())
        finally:
            scheduler.stop()


def _work_off() -> int:
    """Light tasks wait for the network or write a row: threads do, and none of them ever takes a render.

    As `celery worker` does it, without loading Celery's command line.
    """
    worker = app.Worker(
        quiet=True,
        pool_cls="threads",
        concurrency=16,
        queues=["default"],
        hostname=host_format("scheduler@%h"),
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return worker.exitcode or 0
