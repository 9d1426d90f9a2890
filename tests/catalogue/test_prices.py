from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalogue import offers
from catalogue.models import Price, Row

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def _add(name, cents, from_at):
    return Price.objects.create(row=Row.objects.get(name=name), from_at=from_at, base_cost_cents=cents)


def test_a_scheduled_price_holds_from_its_very_moment(catalogue):
    _add("kling25", "44.125", NOON)

    assert offers.find("kling25", now=NOON - A_MOMENT).base_cost_mc == 39_000
    assert offers.find("kling25", now=NOON).base_cost_mc == 44_125


def test_the_latest_moment_wins_and_at_the_same_moment_the_latest_entry(catalogue):
    _add("kling25", 50, NOON)
    _add("kling25", 45, NOON - timedelta(days=1))
    corrected = _add("kling25", 48, NOON)

    offer = offers.find("kling25", now=NOON)

    assert (offer.base_cost_mc, offer.price_id) == (48_000, corrected.pk)


def test_a_clock_that_is_far_behind_still_finds_the_first_price(catalogue):
    assert offers.find("wan22_fast_480p", now=datetime(1999, 1, 1, tzinfo=UTC)).base_cost_mc == 6_000


def test_a_price_that_exists_is_neither_changed_nor_deleted(catalogue):
    price = Price.objects.get(row__name="kling25")
    price.base_cost_cents = 1

    for attempt in (
        price.save,
        price.delete,
        lambda: Price.objects.update(base_cost_cents=1),
        Price.objects.all().delete,
    ):
        with pytest.raises(TypeError, match="append-only"):
            attempt()

    assert Price.objects.get(row__name="kling25").base_cost_cents == 39


def test_a_row_with_prices_is_not_deleted(catalogue):
    with pytest.raises(ProtectedError):
        Row.objects.get(name="kling25").delete()

    assert Price.objects.filter(row__name="kling25").exists()


def test_the_database_refuses_a_price_below_nothing(catalogue):
    with pytest.raises(IntegrityError), transaction.atomic():
        _add("kling25", -1, NOON)

    assert Price.objects.filter(row__name="kling25").count() == 1
