"""Engines are found by name, and asking what they can do loads nothing heavy."""

import subprocess
import sys

import pytest

from engines import registry

TABLE = {"motion": "engines.motion.engine.MotionEngine"}


@pytest.fixture(autouse=True)
def _put_back():
    before = dict(registry._table)
    registry.configure(TABLE)
    yield
    registry.configure(before)


def test_gives_the_same_engine_each_time():
    assert registry.get("motion") is registry.get("motion")
    assert registry.get("motion").name == "motion"


def test_knows_only_what_was_configured():
    assert registry.names() == ("motion",)
    with pytest.raises(KeyError):
        registry.get("diffusion")


def test_a_new_table_forgets_the_old_engines():
    old = registry.get("motion")

    registry.configure(TABLE)

    assert registry.get("motion") is not old


def test_capabilities_load_neither_opencv_nor_pyav_nor_numpy():
    code = (
        "import sys; from engines import registry; registry.configure({'motion': 'engines.motion.engine.MotionEngine'});"
        "known = registry.get('motion').capabilities(); assert known.preview and len(known.tasks) == 9;"
        "print(sorted({'cv2', 'av', 'numpy', 'PIL', 'django'} & set(sys.modules)))"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
