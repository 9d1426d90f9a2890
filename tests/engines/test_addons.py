"""What is done to a finished clip, as the engine is asked for it; the work itself has tests of its own."""

import pytest

from engines.base import Rejected
from tests.engines.conftest import decoded

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("task", "made"), [("upscale", (480, 270, 48, 24)), ("faster", (320, 180, 96, 48))], ids=("upscale", "faster")
)
def test_the_result_tells_of_the_file_that_came_of_it(render, driving, task, made):
    width, height, frames, fps = made

    result = render(task, driving=driving, width=width, height=height, frames=frames, fps=fps)

    assert (result.width, result.height, result.frames, result.fps) == made
    shown = decoded(result.path)
    assert (len(shown), shown[0].shape) == (frames, (height, width, 3))
    assert (result.content_type, result.has_audio, result.preview) == ("video/mp4", False, True)


def test_a_rate_that_is_no_multiple_is_refused(render, driving):
    with pytest.raises(Rejected, match="no multiple"):
        render("faster", driving=driving, width=320, height=180, frames=60, fps=30)


@pytest.mark.parametrize("task", ["upscale", "faster"])
def test_there_has_to_be_a_clip(render, task):
    with pytest.raises(Rejected, match="needs driving"):
        render(task)
