"""One hook decides; what goes wrong in it counts as a no."""

from pathlib import Path

import pytest

from media import moderation
from media.moderation import Blocked

asked = []


def refuse_dragons(subject):
    asked.append(subject)
    if any("dragon" in text for text in subject.texts):
        raise Blocked("No dragons here.")


def break_down(subject):
    raise ConnectionError("the judge is away")


def check(*texts):
    moderation.check_input(workspace_id=1, texts=texts, assets=[])


def test_everything_is_allowed_until_an_operator_names_a_judge():
    check("a dragon")
    moderation.check_output(workspace_id=1, path=Path("a.mp4"), content_type="video/mp4")


def test_the_named_hook_decides_with_its_own_words(settings):
    settings.MODERATION_HOOK = f"{__name__}.refuse_dragons"

    check("a fox")
    with pytest.raises(Blocked) as blocked:
        check("a fox", "a dragon")

    assert (blocked.value.code, blocked.value.message) == ("blocked", "No dragons here.")


def test_the_hook_is_asked_about_results_too(settings):
    settings.MODERATION_HOOK = f"{__name__}.refuse_dragons"
    asked.clear()

    moderation.check_output(workspace_id=5, path=Path("a.mp4"), content_type="video/mp4")

    (subject,) = asked
    assert (subject.stage, subject.workspace_id, subject.path) == ("output", 5, Path("a.mp4"))


def test_a_hook_that_breaks_down_refuses(settings, caplog):
    settings.MODERATION_HOOK = f"{__name__}.break_down"

    with pytest.raises(Blocked) as blocked:
        check("a fox")

    assert blocked.value.message == "This content is not allowed here."
    assert "the moderation hook failed" in caplog.text
