"""`docs/api/modelslab.md`: its table of bounds is the code's."""

import re

import pytest

from astria_clone.settings import BASE_DIR
from dialects.modelslab import schema
from dialects.modelslab.urls import urlpatterns

GUIDE = (BASE_DIR / "docs" / "api" / "modelslab.md").read_text()
TABLE = GUIDE.partition("## What is clamped")[2].partition("## What differs")[0]
# Field → (what it is if left out, its bounds), as the guide has them.
ROWS = {
    name: (cells[1], cells[2])
    for cells in (line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| `"))
    for name in re.findall(r"`(\w+)`(?! \w)", cells[0].replace("`img2video`", ""))
}
NUMBERS = [
    (name, number)
    for endpoint in (schema.IMG2VIDEO, schema.TEXT2VIDEO, schema.IMG2VIDEO_ULTRA, schema.TEXT2VIDEO_ULTRA)
    for name, number in endpoint.numbers.items()
    if name != "seed"
]


@pytest.mark.parametrize(("name", "number"), NUMBERS)
def test_bounds_and_defaults_are_as_it_says(name, number):
    left_out, bounds = ROWS[name]

    told = [float(found) for found in re.findall(r"[\d.]*\d", bounds)]
    assert number.low in told
    assert number.high in told
    assert number.default is None or f"{number.default:g}" in re.findall(r"\d+", left_out)


def test_it_names_every_path():
    named = {
        path.removeprefix("/api/").partition(":")[0].rstrip("/") for path in re.findall(r"\| `(/api/[^`]+)`", GUIDE)
    }

    paths = {
        str(route.pattern).removeprefix("^api/").removesuffix("/?$").partition("(")[0].rstrip("/")
        for route in urlpatterns
        if route.name != "modelslab-nothing"
    }
    assert named == paths
