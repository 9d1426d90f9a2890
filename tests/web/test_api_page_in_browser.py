"""The reference in Chromium: narrow and wide, light and dark, by keyboard, and with scripts switched off."""

import json

import pytest

from accounts import keys
from dialects.astria.openapi import examples
from dialects.astria.openapi.samples import javascript
from prompts.models import Prompt
from web.docs.reference import METHODS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEYOND_THE_EDGE = """
[...document.querySelectorAll("main *, header *, nav *")]
  .filter((each) => each.getClientRects().length && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.tagName} ${each.className}`)
"""


@pytest.fixture
def url(live_server):
    return f"{live_server.url}/docs/api"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_reaches_beyond_the_edge_and_nothing_is_complained_about(visit, url, live_server, width, dark):
    visited = visit(url, width=width, dark=dark)

    assert visited.page.evaluate("document.documentElement.scrollWidth") == width
    assert visited.page.evaluate(BEYOND_THE_EDGE) == []
    assert visited.console == []
    assert all(request.startswith(live_server.url) for request in visited.requests)


def test_its_own_styles_and_pictures_arrive(visit, url):
    page = visit(url).page

    assert page.evaluate("getComputedStyle(document.querySelector('.ticket')).display") == "flex"
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")


def test_light_and_dark_follow_the_system(visit, url):
    grounds = [
        visit(url, dark=dark).page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        for dark in (False, True)
    ]

    assert grounds == ["oklch(0.985 0.002 90)", "oklch(0.165 0.004 260)"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_method_has_a_colour_of_its_own(visit, url, dark):
    page = visit(url, dark=dark).page

    colours = {
        method: page.evaluate(f"getComputedStyle(document.querySelector('.rail .{method}')).color")
        for method in METHODS
    }

    assert len(set(colours.values())) == 4


@pytest.mark.parametrize("width", [360, 1440])
def test_what_an_object_is_made_of_hangs_from_its_name(visit, url, width):
    inner = visit(url, width=width).page.locator("#PackDetail .entries .entries").first

    assert inner.evaluate("each => getComputedStyle(each).borderInlineStartWidth") == "2px"
    assert inner.evaluate("each => getComputedStyle(each.firstElementChild).borderTopWidth") == "0px"
    assert inner.evaluate("each => each.firstElementChild.offsetLeft - each.parentElement.offsetLeft") >= 16


def test_the_language_of_all_examples_changes_without_a_script(visit, url):
    page = visit(url, scripts=False).page
    shown = page.locator("#createTunePrompt .sample:visible figcaption")

    assert shown.all_inner_texts() == ["curl"]
    page.get_by_label("Python").check()
    assert shown.all_inner_texts() == ["Python"]
    assert page.locator("#deletePrompt .sample:visible figcaption").all_inner_texts() == ["Python"]


def test_contents_open_without_a_script_where_there_is_no_room_for_a_rail(visit, url):
    page = visit(url, width=360, scripts=False).page
    link = page.locator(".drawer").get_by_role("link", name="Errors")

    assert not page.locator(".rail").is_visible()
    assert not link.is_visible()
    page.locator(".drawer summary").click()
    link.click()

    assert page.url == f"{url}#errors"


def test_the_first_tab_shows_the_way_past_the_contents(visit, url):
    page = visit(url).page

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_control_that_has_the_focus_shows_it(visit, url):
    page = visit(url).page

    page.locator("#in-curl").focus()
    page.keyboard.press("ArrowRight")

    assert page.evaluate("getComputedStyle(document.querySelector('#in-python + span')).outlineStyle") == "solid"


def test_javascript_examples_create_prompts_as_they_stand(visit, live_server, alice, rich):
    rich(alice, 10_000_000)
    _, key = keys.issue(user=alice, workspace=alice.personal_workspace, name="test")
    page = visit(f"{live_server.url}/healthz").page
    environment = json.dumps({"env": {"BASE_URL": live_server.url, "API_KEY": key}})

    for call in (examples.CLIP.call, examples.FLAT.call, examples.ONCE.call, examples.ONCE.call):
        said = page.evaluate(
            f"async () => {{ const said = []; const console = {{ log: (...words) => said.push(words) }};"
            f" const process = {environment}; {javascript(call)}; return said }}"
        )
        assert [status for status, _ in said] == [201]

    assert Prompt.objects.filter(video_model="seedance_v15_720p").count() == 3
