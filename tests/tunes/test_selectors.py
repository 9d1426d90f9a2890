"""Who may see and use which tune."""

from __future__ import annotations

import pytest
from django.utils import timezone

from common.errors import NotFound
from tests.astria.http import FLUX, MAN, WOMAN
from tests.astria.test_references import own_tune
from tunes import selectors
from tunes.models import TuneImage


def find(user, **wanted):
    fields = {"kind": "lora", "tune_id": None, "token": None} | wanted
    return selectors.find_reference(workspace_id=user.personal_workspace.pk, **fields)


def test_the_house_s_and_ones_own_are_visible(alice, bob):
    mine = own_tune(alice)

    seen = [selectors.get_visible(workspace_id=alice.personal_workspace.pk, tune_id=pk).pk for pk in (FLUX, mine.pk)]

    assert seen == [FLUX, mine.pk]
    with pytest.raises(NotFound):
        selectors.get_visible(workspace_id=bob.personal_workspace.pk, tune_id=mine.pk)


def test_a_reference_comes_with_its_base(alice, django_assert_num_queries):
    tune = selectors.get_visible(workspace_id=alice.personal_workspace.pk, tune_id=WOMAN)

    with django_assert_num_queries(0):
        assert tune.base_tune.title == "Flux1.dev"


def test_a_reference_is_found_by_id_and_kind(alice):
    assert find(alice, tune_id=WOMAN).pk == WOMAN
    assert find(alice, tune_id=MAN, kind="faceid").pk == MAN
    assert find(alice, tune_id=MAN) is None
    assert find(alice, tune_id=FLUX) is None


def test_of_one_token_the_workspaces_newest_counts_then_the_houses(alice, bob):
    own_tune(bob, token="ohwx")
    assert find(alice, token="ohwx").pk == WOMAN

    own_tune(alice, token="ohwx")
    newest = own_tune(alice, token="ohwx")
    own_tune(alice, token="ohwx", deleted_at=timezone.now())

    assert find(alice, token="ohwx").pk == newest.pk
    assert find(alice, token="other") is None


def test_a_tune_is_usable_until_it_failed_or_expired(alice):
    now = timezone.now()
    later = now + timezone.timedelta(seconds=1)

    assert selectors.unusable(own_tune(alice, trained_at=None), now=now) is None
    assert selectors.unusable(own_tune(alice, expires_at=later), now=now) is None
    assert selectors.unusable(own_tune(alice, expires_at=now), now=now) == "has expired"
    assert selectors.unusable(own_tune(alice, failed_at=now), now=now) == "could not be trained"


def test_pictures_come_in_their_order(alice, stored_picture):
    tune = own_tune(alice)
    for position in (2, 0, 1):
        TuneImage.objects.create(tune=tune, asset=stored_picture(), position=position)

    assert [image.position for image in selectors.pictures([tune.pk, FLUX])[tune.pk]] == [0, 1, 2]
    assert FLUX not in selectors.pictures([tune.pk, FLUX])
