"""What every room's tests may ask for: people with money, a receiver of callbacks, and the jobs worked off."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from django.test import TransactionTestCase
from django.utils import timezone

from accounts import keys, people
from accounts.models import Caller
from astria_clone.celery import app
from billing import guard, ledger
from catalogue import offers
from catalogue.models import AddOn, ImageModel, Price, Route, Row, Storage, Trainer, VideoModel
from common.jobs.models import Outbox
from common.jobs.outbox import GRACE
from tests import template
from tests.common.servers import Handler, Server, answering, serving


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database with the template in it. Tests that commit end with a flush, which the ledger would refuse."""
    with django_db_blocker.unblock():
        rows = template.install()

    def flush(_case: TransactionTestCase) -> None:
        with guard_lifted():
            template.reset(rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush)
        yield


@contextmanager
def guard_lifted() -> Iterator[None]:
    guard.drop_ledger_guard()
    try:
        yield
    finally:
        guard.install_ledger_guard()


@pytest.fixture(autouse=True)
def _processes_forget() -> None:
    """No test knows the keys and rows of the one before."""
    keys.forget_all()
    offers.forget()


@pytest.fixture
def alice(db):
    return people.create_user(email="alice@example.com", password=None, name="Alice")


@pytest.fixture
def bob(db):
    return people.create_user(email="bob@example.com", password=None, name="Bob")


@pytest.fixture
def caller_of() -> Callable[..., Caller]:
    """`caller_of(user, key_id=…)`: the user, asking for their personal workspace."""

    def make(user, **changes) -> Caller:
        workspace_id = user.personal_workspace.pk
        caller = Caller(
            workspace_id=workspace_id,
            payer_id=workspace_id,
            user_id=user.pk,
            key_id=None,
            personal=True,
            origin="http://testserver",
            dialect="astria",
        )
        return replace(caller, **changes)

    return make


@pytest.fixture
def rich() -> Callable:
    """`rich(user, mc)`: puts so much into the user's personal wallet."""

    def give(user, mc: int):
        ledger.grant(
            workspace_id=user.personal_workspace.pk, amount_mc=mc, reason="test", actor="test", now=timezone.now()
        )
        return user

    return give


@pytest.fixture
def no_catalogue(db) -> None:
    """An installation before its catalogue is loaded."""
    template.empty(Price, Route, Trainer, Storage, VideoModel, ImageModel, AddOn, Row)


@pytest.fixture
def receiver(settings) -> Iterator[Callable[..., Server]]:
    """`receiver(503, 503, 200)`: a customer's server that answers so, the last for ever; a handler may stand in."""
    with ExitStack() as stack:

        def start(*answers: int | Handler) -> Server:
            server = stack.enter_context(serving(_in_turn(answers or (200,))))
            settings.SAFE_FETCH_ALLOW = [*settings.SAFE_FETCH_ALLOW, *server.allow]
            return server

        yield start


def _in_turn(answers: tuple[int | Handler, ...]) -> Handler:
    def answer(request, server: Server) -> None:
        chosen = answers[min(len(server.seen), len(answers)) - 1]
        (answering(chosen) if isinstance(chosen, int) else chosen)(request, server)

    return answer


@pytest.fixture
def run_jobs(db) -> Callable[[], list[tuple[str, int]]]:
    """Works off what the outbox holds, by the registered tasks, in this thread; what it ran, in order.

    Messages for later (retries) stay. A message that its task leaves in place is not handed to it twice.
    """
    app.loader.import_default_modules()

    def run() -> list[tuple[str, int]]:
        ran: dict[int, tuple[str, int]] = {}
        while row := _next_message(seen=ran):
            ran[row.pk] = (row.topic, row.ref)
            app.tasks[row.topic](ref=row.ref)
        return list(ran.values())

    return run


def _next_message(*, seen) -> Outbox | None:
    due = Outbox.objects.filter(next_at__lte=timezone.now() + GRACE).exclude(pk__in=list(seen))
    return due.order_by("pk").first()
