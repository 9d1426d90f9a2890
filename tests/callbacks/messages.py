"""What the tests of deliveries do again and again."""

from datetime import UTC, datetime

from callbacks import delivery
from common.jobs.models import Outbox

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def deliver(message, *, now=NOW):
    """One attempt; the message as it stands afterwards."""
    delivery.deliver(delivery_id=message.pk, worker="test", now=now)
    message.refresh_from_db()
    return message


def due(message):
    """The moment at which its next attempt may be made."""
    message.refresh_from_db()
    return message.next_at


def announced():
    return list(Outbox.objects.filter(topic="callbacks.deliver").order_by("pk").values_list("ref", "next_at"))
