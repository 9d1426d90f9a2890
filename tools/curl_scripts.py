"""`python -m tools.curl_scripts`: writes `docs/api/curl`, a script for every operation, from the API's own document."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "api" / "curl"


def scripts() -> dict[str, str]:
    """File name → content. Each reads BASE_URL, API_KEY and files beside it, and prints the answer and its code."""
    from dialects.astria.openapi import operations_by_id  # noqa: PLC0415  needs Django
    from tunes import house  # noqa: PLC0415  needs Django

    everywhere = {str(tune.id) for tune in (*house.BASES, *house.REFERENCES)}
    return {f"{name}.sh": _script(operation, everywhere) for name, operation in operations_by_id().items()}


def _script(operation: dict, everywhere: set[str]) -> str:
    """`everywhere`: ids that are the same on every installation."""
    source = next(sample["source"] for sample in operation["x-codeSamples"] if sample["lang"] == "Shell")
    command = source.replace("curl ", "curl -sS -w '\\n%{http_code}\\n' ", 1)
    needs = "# Run it in docs/samples, or where files of yours have these names.\n" if "=@" in command else ""
    if set(re.findall(r"/([0-9]+)\b", command)) - everywhere:
        needs += "# Ids in its address are those of a fresh installation: put yours in their place.\n"
    return f"#!/bin/sh\n# {operation['summary']}.\n{needs}{command}\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = scripts()
    for path in FOLDER.glob("*.sh"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_text(content)
    sys.stdout.write(f"{len(wanted)} scripts in {FOLDER}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astria_clone.settings")
    import django

    django.setup()
    main()
