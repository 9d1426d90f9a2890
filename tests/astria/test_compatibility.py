"""`docs/compatibility.md`: the tests that it names are there."""

import re

from astria_clone.settings import BASE_DIR

TABLE = (BASE_DIR / "docs" / "compatibility.md").read_text(encoding="utf-8").split("## ")[0]


def test_every_line_says_what_differs_and_names_a_test_that_exists():
    lines = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith("| endpoint")]

    assert len(lines) >= 35
    for line in lines:
        _, _, verdict, tests, _ = (cell.strip() for cell in line.split("|"))
        assert verdict.startswith(("yes", "differs: ", "no: ")), line
        folder = "astria"
        for name in re.findall(r"`([\w/]+\.py)`", tests):
            folder, _, file = name.rpartition("/") if "/" in name else (folder, "", name)
            assert (BASE_DIR / "tests" / folder / file).exists(), name
