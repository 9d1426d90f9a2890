"""The tunes that every installation has."""

from __future__ import annotations

import pytest

from media.models import Asset
from tests import template
from tests.astria.http import FLUX, MAN, REALISTIC, SDXL, WOMAN
from tests.astria.test_references import own_tune
from tunes import house, selectors
from tunes.models import Tune, TuneImage


@pytest.fixture
def nothing(db):
    """An installation without tunes."""
    template.empty(Tune)


IDS = {FLUX, REALISTIC, SDXL, WOMAN, MAN}


def test_there_are_three_bases_and_two_references(nothing):
    house.load()

    assert set(Tune.objects.values_list("pk", flat=True)) == IDS
    assert set(Tune.objects.filter(base_tune=FLUX).values_list("pk", flat=True)) == {WOMAN, MAN}
    assert not Tune.objects.exclude(workspace=None).exists()
    assert not Tune.objects.filter(trained_at=None).exists()


def test_every_reference_has_pictures_that_stay(nothing):
    house.load()

    assert set(TuneImage.objects.values_list("tune_id", flat=True)) == {WOMAN, MAN}
    assert set(Asset.objects.values_list("kind", "workspace", "expires_at")) == {("sample", None, None)}


def test_loading_again_changes_nothing(db):
    house.load()
    Tune.objects.filter(pk=FLUX).update(title="the operator's words")
    before = (list(Tune.objects.order_by("pk").values()), list(TuneImage.objects.order_by("pk").values()))

    house.load()

    assert (list(Tune.objects.order_by("pk").values()), list(TuneImage.objects.order_by("pk").values())) == before


def test_ids_of_users_own_tunes_start_far_above(alice):
    first = own_tune(alice)
    house.load()
    second = own_tune(alice)

    assert first.pk >= selectors.FIRST_OWN_ID == 5_000_001
    assert second.pk == first.pk + 1
