"""Schemas of the OpenAPI document as lists of named things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
_PROMPT = "PromptFields"  # has a section of the page to itself
_SHARED_MIN = 3  # properties; below that, a likeness is chance
_MANY = ("string", "integer", "number", "boolean", "object", "file", "time", "URL")
_FORMATS = {"date-time": "time", "uri": "URL"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One named thing in a list: a parameter, a field, a property."""

    name: str
    kind: str
    about: str
    required: bool = False
    others: tuple[str, ...] = ()  # names it also goes by
    shows: str = ""  # where on the page its kind is explained
    inner: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What something consists of; what it shares with something that was listed before is not listed again."""

    entries: tuple[Entry, ...]
    like: str = ""  # name of that, or ""
    without: tuple[str, ...] = ()


def listed(every: Mapping[str, Mapping[str, Node]]) -> dict[str, Listing]:
    """Each of the named lists of properties, in their order."""
    names = list(every)
    return {name: _listing(every[name], {each: every[each] for each in names[:at]}) for at, name in enumerate(names)}


def _listing(own: Mapping[str, Node], before: Mapping[str, Mapping[str, Node]]) -> Listing:
    same = {name: sum(own.get(each) == schema for each, schema in other.items()) for name, other in before.items()}
    like = max(same, key=lambda name: same[name], default="")
    if not like or same[like] < _SHARED_MIN or 2 * same[like] < len(before[like]):
        return Listing(entries=entries(own))
    known = before[like]
    return Listing(
        like=like,
        without=tuple(name for name in known if name not in own),
        entries=entries({name: schema for name, schema in own.items() if known.get(name) != schema}),
    )


def entries(properties: Mapping[str, Node]) -> tuple[Entry, ...]:
    return tuple(entry(name, schema) for name, schema in properties.items())


def entry(name: str, schema: Node) -> Entry:
    part = _part(schema)
    ref = _last(part.get("$ref", ""))
    return Entry(
        name=name,
        kind=kind_of(schema),
        about=_about(schema),
        shows="fields" if ref == _PROMPT else ref,
        inner=entries(part.get("properties", {})),
    )


def _about(schema: Node) -> str:
    """Its words, with the choices it leaves where the kind does not tell them."""
    about: str = schema.get("description", "")
    if "type" in schema and "enum" in schema:
        return f"{about} One of {', '.join(schema['enum'])}.".strip()
    return about


def _part(schema: Node) -> Node:
    """What a list or a table by name is made of, at its innermost; anything else is itself."""
    more = schema.get("items", schema.get("additionalProperties"))
    return _part(more) if isinstance(more, Mapping) else schema


def kind_of(schema: Node) -> str:
    """A schema in a few words: "integer, 64 to 4096, multiple of 8"."""
    if "$ref" in schema:
        name = _last(schema["$ref"])
        return "fields of a prompt" if name == _PROMPT else name
    words = [_type(schema), *_range(schema)]
    words += [f"multiple of {schema['multipleOf']}"] if "multipleOf" in schema else []
    words += [f"up to {schema['maxLength']:,} characters"] if "maxLength" in schema else []
    words += [f"up to {schema['maxItems']}"] if schema.get("maxItems") else []
    return ", ".join(words + ([f"{schema['default']} if left out"] if "default" in schema else []))


def _type(schema: Node) -> str:
    if "type" not in schema:
        return " or ".join(schema["enum"]) if "enum" in schema else "anything"
    types = schema["type"]
    if types == "array":
        return f"list of {_many(schema['items'])}" if "items" in schema else "empty list"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_many(schema['additionalProperties'])}"
    if "contentMediaType" in schema:
        return "file"
    named: list[str] = types if isinstance(types, list) else [types]
    form: str = schema.get("format", "")
    return " or ".join([_FORMATS.get(form, named[0]), *named[1:]])


def _many(schema: Node) -> str:
    kind = kind_of(schema)
    return f"{kind}s" if kind in _MANY else kind.replace("list of", "lists of", 1)


def _range(schema: Node) -> list[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is None:
        return []
    return [f"{low:,g} to {high:,g}" if high < 10**6 else f"{low:,g} to {high:,}"]


def properties(document: Node, schema: Node) -> dict[str, Node]:
    """Every property of a schema, in whichever of its parts it stands; the first of a name wins."""
    schema = resolved(document, schema)
    found: dict[str, Node] = dict(schema.get("properties", {}))
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        for name, each in properties(document, part).items():
            found[name] = _both(document, found[name], each) if name in found else each
    return found


def _both(document: Node, first: Node, second: Node) -> Node:
    """Two objects of the same name, as one that holds what either does."""
    if first == second or "properties" not in first:
        return first
    return {"type": "object", "properties": properties(document, {"anyOf": [first, second]})}


def resolved(document: Node, node: Node) -> Node:
    """What a local reference points at; anything else is itself."""
    if "$ref" not in node:
        return node
    found: Any = document
    for step in str(node["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]


def names_of(schemas: Iterable[Node]) -> Iterator[str]:
    """The named objects that these schemas are, or are lists of, or may be."""
    for schema in schemas:
        if "$ref" in schema:
            yield _last(schema["$ref"])
        yield from names_of(schema.get("anyOf", [schema["items"]] if "items" in schema else []))


def _last(ref: str) -> str:
    return ref.rpartition("/")[2]
