"""Programs that make tunes, and the engine that trains them in tests."""

from __future__ import annotations

from tests.astria.http import FLUX, upload


def tune_fields(picture, *, pictures=2, **fields):
    """`tune[…]` of a LoRA from so many pictures, as multipart."""
    given = {"title": "order-77", "name": "woman", "base_tune_id": FLUX, "model_type": "lora"} | fields
    form = {f"tune[{name}]": value for name, value in given.items() if value is not None}
    return form | {"tune[images][]": [upload(picture, f"{n}.jpg") for n in range(pictures)]}
