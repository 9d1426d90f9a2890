"""The catalogs of clients."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import Operation, answer, operation
from dialects.astria.openapi.samples import Call


def paths() -> dict[str, dict[str, Operation]]:
    plugin = "For editor plugins: the models that pictures are made with."
    return {
        "/cli/models": {
            "get": _catalog("cliModels", "/cli/models", "For the command line: models and what they can do.")
        },
        "/plugin/models": {"get": _catalog("pluginModels", "/plugin/models", plugin)},
        "/plugin/tunes": {"get": _catalog("pluginTunes", "/plugin/tunes", f"{plugin} An old name.")},
    }


def schemas() -> dict[str, Any]:
    return {"Catalog": {"type": "object", "required": ["models"], "properties": {"models": {"type": "object"}}}}


def _catalog(id_: str, path: str, about: str) -> Operation:
    return operation(
        id_=id_,
        tag="Service",
        summary="Catalog",
        about=f"{about} Takes no key.",
        security=[],
        responses={"200": answer("The catalog.", "Catalog")} | refusals.named("Busy"),
        call=Call(method="GET", path=path, open=True),
    )
