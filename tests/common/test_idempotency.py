"""The same request twice has one effect and one answer (reliability.md §4, R14–R17)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Workspace
from common.errors import Busy, InFlight, Invalid, KeyReused, Refusal
from common.idempotency import keys
from common.idempotency.keys import Answer
from common.idempotency.models import IdempotencyKey
from tests.concurrency import together

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def effect(title="made"):
    """Work with an effect that can be counted."""
    row = Workspace.objects.create(title=title)
    return Answer(201, f'{{"id":{row.pk}}}')


def once(*, key="k-1", fingerprint="f-1", workspace_id=1, work=effect):
    return keys.once(workspace_id=workspace_id, key=key, fingerprint=fingerprint, work=work)


def replay(*, key="k-1", fingerprint="f-1", workspace_id=1):
    return keys.replay(workspace_id=workspace_id, key=key, fingerprint=fingerprint)


def effects():
    return Workspace.objects.filter(title="made").count()


# --- one effect


def test_the_first_request_does_the_work_and_gives_its_answer(db):
    answer = once()

    assert answer == Answer(201, f'{{"id":{Workspace.objects.get().pk}}}', replayed=False)


def test_the_same_request_again_gives_the_same_answer_and_does_nothing(db):
    first = once()

    second = once(work=lambda: pytest.fail("ran again"))

    assert (second.status, second.body, second.replayed) == (first.status, first.body, True)
    assert replay() == second
    assert effects() == 1


def test_an_unknown_key_has_no_answer_yet(db):
    assert replay() is None


def test_without_a_key_every_request_is_new(db):
    once(key=None)
    once(key=None)

    assert effects() == 2
    assert not IdempotencyKey.objects.exists()


def test_the_same_key_with_another_request_is_refused(db):
    once()

    with pytest.raises(KeyReused):
        once(fingerprint="f-2")
    with pytest.raises(KeyReused):
        replay(fingerprint="f-2")

    assert effects() == 1
    assert IdempotencyKey.objects.get().fingerprint == "f-1"


def test_two_workspaces_may_use_the_same_key(db):
    once(workspace_id=1)
    once(workspace_id=2, fingerprint="f-2")

    assert effects() == 2
    assert replay(workspace_id=3) is None


# --- refusals


@pytest.mark.parametrize("error", [Refusal("no"), Invalid({"text": ["is needed"]}), ZeroDivisionError()])
def test_a_refusal_or_defect_is_not_stored_and_a_corrected_retry_works(db, error):
    def refuse():
        effect()
        raise error

    with pytest.raises(type(error)):
        once(work=refuse)

    assert effects() == 0
    assert not IdempotencyKey.objects.exists()
    assert once(fingerprint="f-corrected").replayed is False
    assert effects() == 1


def test_a_refusal_without_a_key_rolls_back_too(db):
    def refuse():
        effect()
        raise Refusal

    with pytest.raises(Refusal):
        once(key=None, work=refuse)

    assert effects() == 0


@pytest.mark.parametrize("key", ["k", "a" * 255, "!~", None])
def test_keys_of_visible_ascii_are_taken(key):
    assert keys.check_key(key) == key


@pytest.mark.parametrize("key", ["", "a" * 256, "a b", "a\n", "\x7f", "ключ", "é"])
def test_other_keys_are_refused(key):
    with pytest.raises(Invalid) as refusal:
        keys.check_key(key)

    assert refusal.value.errors == {"base": ["Idempotency-Key must be 1 to 255 visible ASCII characters"]}


# --- twins


@pytest.mark.django_db(transaction=True)
def test_twenty_twins_have_one_effect_and_one_answer():
    answers = together(20, lambda _: once())

    assert effects() == 1
    assert len({(answer.status, answer.body) for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 19


@pytest.mark.django_db(transaction=True)
def test_a_twin_of_a_request_that_is_refused_runs_in_its_place():
    begun, refused = threading.Event(), []

    def refuse():
        effect()
        begun.set()
        raise Refusal

    def first(_):
        try:
            once(work=refuse)
        except Refusal:
            refused.append(True)

    def twin(_):
        begun.wait(5)
        return once()

    answers = together(2, lambda n: (first, twin)[n](n))

    assert refused == [True]
    assert (answers[1].status, answers[1].replayed) == (201, False)
    assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mismatch_is_found_also_among_requests_in_flight():
    answers = together(6, lambda n: once(fingerprint=f"f-{n}"))

    assert sorted(type(answer).__name__ for answer in answers) == ["Answer"] + ["KeyReused"] * 5
    assert effects() == 1


@pytest.fixture
def short_wait(settings, transactional_db):
    """A lock wait of 0.1 s instead of 5, here and in the database."""
    settings.LOCK_WAIT_S = 0.1
    statement = "SET lock_timeout = 100" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 100"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    yield
    connection.close()


class Holder:
    """Another request that is in the middle of its work, in a thread of its own."""

    def __init__(self):
        self._begun, self._release = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            once(work=self._work)
        finally:
            connection.close()

    def _work(self):
        answer = effect()
        self._begun.set()
        self._release.wait(10)
        return answer

    def __enter__(self):
        self._thread.start()
        assert self._begun.wait(5)

    def __exit__(self, *_):
        self._release.set()
        self._thread.join()


def test_a_twin_that_waits_too_long_is_told_that_the_first_is_in_flight(short_wait):
    with Holder(), pytest.raises(InFlight) as refusal:
        once(work=lambda: pytest.fail("ran beside its twin"))

    assert (refusal.value.code, refusal.value.retry_after) == ("in_flight", 2)
    assert effects() == 1
    assert once().replayed is True


def test_without_a_key_a_write_lock_that_is_not_to_be_had_is_busy(short_wait):
    """SQLite: the one write lock. PostgreSQL: a row that another transaction holds."""
    row = Workspace.objects.create(title="hot")
    locked, release = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Workspace.objects.filter(pk=row.pk).update(title="held")
                locked.set()
                release.wait(10)
        finally:
            connection.close()

    def write():
        effect()
        Workspace.objects.filter(pk=row.pk).update(title="mine")
        return Answer(201, "{}")

    thread = threading.Thread(target=hold)
    thread.start()
    assert locked.wait(5)
    try:
        with pytest.raises(Busy) as refusal:
            once(key=None, work=write)
    finally:
        release.set()
        thread.join()

    assert (refusal.value.code, refusal.value.retry_after) == ("busy", 2)
    assert effects() == 0
    row.refresh_from_db()
    assert row.title == "held"


def test_another_trouble_of_the_database_is_no_lock_wait(db):
    def break_down():
        raise OperationalError("disk I/O error")

    with pytest.raises(OperationalError, match=r"disk I/O error"):
        once(work=break_down)


# --- forgetting


def test_keys_are_kept_for_48_hours(db):
    for hours in (47, 48, 49):
        IdempotencyKey.objects.create(
            workspace_id=1, key=f"k-{hours}", fingerprint="f", created_at=NOW - timedelta(hours=hours)
        )

    assert keys.purge(now=NOW) == 1

    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"k-47", "k-48"}


def test_the_purge_takes_a_thousand_at_a_time(db):
    old = NOW - timedelta(days=3)
    IdempotencyKey.objects.bulk_create(
        IdempotencyKey(workspace_id=1, key=f"k-{n}", fingerprint="f", created_at=old) for n in range(1_001)
    )

    assert keys.purge(now=NOW) == 1_000
    assert keys.purge(now=NOW) == 1
