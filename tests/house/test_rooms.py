"""Import contracts see only the rooms they know. A new room has to get its floor, its types and a place in DESIGN."""

import tomllib

from astria_clone.settings import BASE_DIR

CONFIG = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]
BESIDE_THE_HOUSE = {"tests", "bench", "tools"}


def packages():
    return {path.parent.name for path in BASE_DIR.glob("*/__init__.py")} - BESIDE_THE_HOUSE


def floors():
    layers = CONFIG["importlinter"]["contracts"][0]["layers"]
    return {room.strip() for layer in layers for room in layer.split("|")}


def test_every_package_at_the_top_is_a_room_with_a_floor():
    assert packages() == floors() == set(CONFIG["importlinter"]["root_packages"])


def test_every_room_is_checked_for_types():
    assert packages() <= set(CONFIG["mypy"]["files"])


def test_no_room_reads_the_environment_but_the_settings():
    readers = {
        str(path.relative_to(BASE_DIR))
        for room in packages()
        for path in (BASE_DIR / room).rglob("*.py")
        if "os.environ" in path.read_text() or "os.getenv" in path.read_text()
    }

    assert readers == {
        "astria_clone/env.py",
        "astria_clone/settings.py",
        "astria_clone/celery.py",  # names the settings
        "astria_clone/wsgi.py",  # names the settings
        "astria_clone/supervisor/processes.py",  # hands it on to its children
    }
