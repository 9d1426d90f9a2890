"""The OpenAPI document, turned into what the page shows. Nothing on the page is known by any other way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dialects.astria.schema import FIELDS, FLAGS, Field
from web.docs.bodies import Body, bodies
from web.docs.entries import Entry, Listing, Node, kind_of, listed, names_of, resolved

METHODS = ("post", "get", "patch", "delete")  # in the order in which a reader needs them
_FIRST = ("Prompt", "Tune", "Quote", "Pack")
_STAGES = (
    ("prompt", "Of every prompt"),
    ("video", "Of clips"),
    ("image", "Of pictures, and of first frames that are painted"),
)
_TAKES = {
    "video_first_frame": "first frame",
    "video_last_frame": "last frame",
    "input_video": "motion clip",
    "image_references": "references",
    "text_to_video": "words alone",
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: str
    about: str
    shows: tuple[str, ...]  # names of the objects in its body
    refusal: str  # name of the refusal that it is, or ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Entry, ...]
    body: Body | None
    charges: str  # what for, or ""
    least_mc: int | None  # that it charges; None where that can't be told in general, or nothing is to be had
    answers: tuple[Answer, ...]
    samples: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    title: str
    about: str
    operations: tuple[Operation, ...]

    @property
    def anchor(self) -> str:
        return self.title.lower()


@dataclass(frozen=True, kw_only=True)
class Object:
    """One of the objects that answers show."""

    name: str
    about: str
    listing: Listing


@dataclass(frozen=True, kw_only=True)
class Fields:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A refusal with the bodies that it comes with."""

    name: str
    status: str
    about: str
    bodies: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Model:
    """A row of the table of models."""

    row: Node
    lengths: str
    takes: tuple[str, ...]
    sound: str


def groups(document: Node) -> tuple[Group, ...]:
    """The operations by tag, in the document's order."""
    by_tag = {tag["name"]: [found for found in _operations(document) if found[2]["tags"][0] == tag["name"]]
              for tag in document["tags"]}  # fmt: skip
    every = {told["operationId"]: told for found in by_tag.values() for _, _, told in found}
    taken = bodies(document, every)
    return tuple(
        Group(
            title=tag["name"],
            about=tag["description"],
            operations=tuple(_operation(document, taken, *found) for found in by_tag[tag["name"]]),
        )
        for tag in document["tags"]
    )


def fields(document: Node) -> tuple[Fields, ...]:
    """The fields of `prompt[…]` by what they are for, each with the other names that it goes by."""
    known = document["components"]["schemas"]["PromptFields"]["properties"]
    return tuple(
        Fields(title=title, entries=tuple(_field(field, known) for field in FIELDS if field.stage == stage))
        for stage, title in _STAGES
    )


def flags() -> tuple[Entry, ...]:
    """What may stand in a text, and edits the picture."""
    return tuple(Entry(name=f"--{flag.name}", kind=flag.takes or "switch", about=flag.about) for flag in FLAGS)


def objects(document: Node, groups: Iterable[Group]) -> tuple[Object, ...]:
    """Every object that an answer shows: those that readers need most, and the others as they come."""
    answers = [answer for group in groups for operation in group.operations for answer in operation.answers]
    names = dict.fromkeys((*_FIRST, *(name for answer in answers for name in answer.shows)))
    schemas = {name: document["components"]["schemas"][name] for name in names}
    listings = listed({name: schema["properties"] for name, schema in schemas.items()})
    return tuple(
        Object(name=name, about=schema.get("description", ""), listing=listings[name])
        for name, schema in schemas.items()
    )


def refusals(document: Node) -> tuple[Refusal, ...]:
    """Every refusal that an operation lists, and the two that any path may answer, by status."""
    statuses = {"MethodNotAllowed": "405", "Defect": "500"}
    for *_, operation in _operations(document):
        listed = {status: response.get("$ref", "") for status, response in operation["responses"].items()}
        statuses |= {_last(ref): status for status, ref in listed.items() if ref}
    every = document["components"]["responses"]
    found = [_refusal(name, status, every[name]) for name, status in statuses.items()]
    return tuple(sorted(found, key=lambda refusal: refusal.status))


def videos(document: Node) -> tuple[Model, ...]:
    return tuple(
        Model(
            row=row,
            lengths=_lengths(row["durations"]),
            takes=tuple(_TAKES[name] for name in row["takes"]),
            sound={"none": "no", "on": "yes", "optional": "if asked"}[row["audio"]],
        )
        for row in document["x-models"]
        if row["kind"] == "video"
    )


def images(document: Node) -> tuple[Node, ...]:
    return tuple(row for row in document["x-models"] if row["kind"] == "image")


def addons(document: Node) -> tuple[Node, ...]:
    return tuple(row for row in document["x-models"] if row["kind"] == "addon")


def trainings(document: Node) -> tuple[Node, ...]:
    return tuple(document["x-trainings"])


def _least_mc(document: Node, charges: str) -> int | None:
    """The cheapest of what is to be had; where nothing is trained, a tune costs nothing."""
    least = {
        "prompt": [row["base_cost_mc"] for row in document["x-models"] if row["kind"] != "addon"],
        "training": [row["least_cost_mc"] for row in document["x-trainings"] if row["steps_min"]],
    }
    return min(least.get(charges, ()), default=None)


def _operations(document: Node) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def _operation(document: Node, taken: dict[str, Body], method: str, path: str, told: Node) -> Operation:
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        about=told["description"],
        parameters=tuple(_parameter(resolved(document, each)) for each in told.get("parameters", ())),
        body=taken.get(told["operationId"]),
        charges=told.get("x-charges", ""),
        least_mc=_least_mc(document, told.get("x-charges", "")),
        answers=tuple(_answer(document, status, each) for status, each in told["responses"].items()),
        samples=tuple(told["x-codeSamples"]),
    )


def _parameter(told: Node) -> Entry:
    kind = f"{told['in']}, {kind_of(told['schema'])}"
    return Entry(name=told["name"], kind=kind, about=told.get("description", ""), required=told.get("required", False))


def _answer(document: Node, status: str, told: Node) -> Answer:
    refusal = _last(told["$ref"]) if "$ref" in told else ""
    own = told.get("description")  # wins over that of what is referred to
    told = resolved(document, told)
    schema: Node = next((body["schema"] for body in told.get("content", {}).values()), {})
    shows = () if refusal else tuple(names_of([schema]))
    return Answer(status=status, about=own or told["description"], shows=shows, refusal=refusal)


def _field(field: Field, known: Node) -> Entry:
    schema = known[field.name]
    return Entry(
        name=field.name,
        kind=_kind_of_field(field, schema),
        about=_about(field, schema.get("enum", [])),
        others=_others(field, known),
    )


def _about(field: Field, choices: list[str]) -> str:
    """Its words, with the choices it leaves; the models have a table, and need no list here."""
    if field.name == "video_model" or all(choice in field.about for choice in choices):
        return field.about
    listed = f"One of {', '.join(choices)}."
    return listed if field.about.startswith(choices[0]) else f"{field.about} {listed}"


def _kind_of_field(field: Field, schema: Node) -> str:
    if field.kind == "pictures":
        return f"files or URLs, up to {schema['maxItems']}"
    return {"picture": "picture file", "video": "video file"}.get(field.kind, kind_of(schema))


def _others(field: Field, known: Node) -> tuple[str, ...]:
    if field.kind == "pictures":
        return ("image_reference_urls",)
    own = (field.name, *field.aliases)
    return tuple(each + ending for each in own for ending in ("", "_url", "_base64") if each + ending in known)[1:]


def _refusal(name: str, status: str, told: Node) -> Refusal:
    [(_, content)] = told["content"].items()
    bodies = tuple(each["value"] for each in content.get("examples", {}).values())
    return Refusal(name=name, status=status, about=told["description"], bodies=bodies or (content["example"],))


def _last(ref: str) -> str:
    return ref.rpartition("/")[2]


def _lengths(durations: list[int]) -> str:
    """[4, 5, 6, 7] → "4–7", [5, 10] → "5, 10"."""
    if len(durations) > 2 and durations == list(range(durations[0], durations[-1] + 1)):
        return f"{durations[0]}–{durations[-1]}"
    return ", ".join(str(seconds) for seconds in durations)
