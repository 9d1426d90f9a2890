from django.core.management.base import BaseCommand

from astria_clone.celery import app
from astria_clone.scheduler import Scheduler


class Command(BaseCommand):
    help = "Publish what is due, sweep, and work off the light queue (reactions and callbacks) in threads."

    def handle(self, *args, **options) -> None:
        scheduler = Scheduler()
        scheduler.start()
        try:
            # Light tasks wait for the network or write a row: threads do, and none of them ever takes a render.
            app.worker_main(
                [
                    "--quiet",
                    "worker",
                    "--pool=threads",
                    "--concurrency=8",
                    "--queues=default",
                    "--hostname=scheduler@%h",
                    "--loglevel=WARNING",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                ]
            )
        finally:
            scheduler.stop()
