"""What an operation takes in its body, read from its schemas in all encodings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from web.docs.entries import Listing, Node, listed, properties, resolved

_IN_BRACKETS = re.compile(r"\w+\[(\w+)\](?:\[\])?")  # as forms spell fields


@dataclass(frozen=True, kw_only=True)
class Body:
    """`is_prompt`: the fields are those of a prompt, which have a section of their own."""

    under: str  # name of the object that the fields stand in, or ""
    required: bool
    is_prompt: bool
    names_tune: bool  # of a prompt: it says on which tune
    listing: Listing
    like: str  # what the operation is called whose fields these are too, or ""


def bodies(document: Node, operations: Mapping[str, Node]) -> dict[str, Body]:
    """The body of each operation that takes one, by the operation's id."""
    told = {id_: each["requestBody"] for id_, each in operations.items() if "requestBody" in each}
    fields = {id_: _fields(document, body) for id_, body in told.items()}
    of_prompts = set(document["components"]["schemas"]["PromptFields"]["properties"])
    prompts = {id_ for id_, (_, known) in fields.items() if of_prompts <= set(known)}
    listings = listed({id_: known for id_, (_, known) in fields.items() if id_ not in prompts})
    made = {}
    for id_, (under, known) in fields.items():
        listing = listings.get(id_, Listing(entries=()))
        made[id_] = Body(
            under=under,
            required=told[id_]["required"],
            is_prompt=id_ in prompts,
            names_tune="tune_id" in known,
            listing=listing,
            like=operations[listing.like]["summary"] if listing.like else "",
        )
    return made


def _fields(document: Node, body: Node) -> tuple[str, dict[str, Node]]:
    """The name that they stand under, and all fields: those that only forms can carry come last."""
    as_json, *as_forms = [each["schema"] for each in _json_first(body["content"])]
    found = properties(document, as_json)
    under = next(iter(found)) if len(found) == 1 else ""
    if under:
        found = properties(document, found[under])
    for schema in as_forms:
        for spelt, field in properties(document, schema).items():
            bare = _IN_BRACKETS.fullmatch(spelt)
            if spelt != under:
                found.setdefault(bare[1] if bare else spelt, resolved(document, field))
    return under, found


def _json_first(content: Node) -> list[Node]:
    return [content["application/json"], *(each for kind, each in content.items() if kind != "application/json")]
