"""The request's fields as JSON Schema: names and kinds from `schema.FIELDS`, limits from the rules that check them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from catalogue import sizes
from catalogue.offers import Offer
from dialects.astria.schema import FIELDS, Field
from prompts.submission import addons, images, videos
from prompts.submission.quote import TEXT_MAX

Encoding = Literal["json", "form", "multipart"]
Schema = dict[str, Any]

_TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "quoted": {"type": "string"},
    "url": {"type": "string", "format": "uri", "maxLength": 2_000},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}
_SIDE: Schema = {"minimum": sizes.IMAGE_SIDE_MIN, "maximum": sizes.IMAGE_SIDE_MAX, "multipleOf": 8}
_LIMITS: dict[str, Schema] = {
    "text": {"maxLength": TEXT_MAX},
    "negative_prompt": {"maxLength": TEXT_MAX},
    "video_prompt": {"maxLength": TEXT_MAX},
    "num_images": {"minimum": 1, "maximum": images.IMAGES_MAX, "default": 1},
    "seed": {"minimum": 0, "maximum": images.SEED_MAX},
    "w": _SIDE,
    "h": _SIDE,
    "aspect_ratio": {"enum": [*sizes.ASPECT_RATIOS, "adaptive"]},
    "ar": {"enum": [*sizes.ASPECT_RATIOS, *sizes.LEGACY_SHAPES]},
    "resolution": {"enum": list(sizes.IMAGE_PIXELS)},
    **{name: {"minimum": low, "maximum": high} for name, (low, high) in images.RANGES.items()},
    **{name: {"enum": list(choices)} for name, choices in images.CHOICES.items()},
}
_MEDIA_TYPES = {
    "picture": "image/jpeg, image/png, image/webp, image/heic, image/avif",
    "pictures": "image/jpeg, image/png, image/webp, image/heic, image/avif",
    "video": "video/mp4, video/quicktime, video/webm, video/x-matroska",
}
URLS_OF_PICTURES = "image_reference_urls"


def properties(encoding: Encoding, *, offers: Sequence[Offer]) -> dict[str, Schema]:
    """Every field and every other name that it goes by, as the encoding spells it."""
    spelled = (lambda name: name) if encoding == "json" else _in_brackets
    return {spelled(name): schema for field in FIELDS for name, schema in _named(field, encoding, offers)}


def media_types() -> dict[str, Schema]:
    """What each file part of a multipart body may hold (OpenAPI's Encoding Objects)."""
    return {
        _in_brackets(name): {"contentType": _MEDIA_TYPES[f.kind]} for f in FIELDS if f.is_file for name in _plain(f)
    }


def _in_brackets(name: str) -> str:
    many = name in (URLS_OF_PICTURES, *(field.name for field in FIELDS if field.kind == "pictures"))
    return f"prompt[{name}]" + ("[]" if many else "")


def _plain(field: Field) -> tuple[str, ...]:
    return (field.name, *field.aliases)


def _named(field: Field, encoding: Encoding, offers: Sequence[Offer]) -> Iterator[tuple[str, Schema]]:
    for name in _plain(field):
        about = field.about if name == field.name else f"Another name of `{field.name}`."
        if field.kind == "pictures":
            yield from _many(name, about, encoding)
        elif field.is_file:
            yield from _one_file(name, about, encoding, coded=name == field.name)
        else:
            yield (
                name,
                {**_TYPES[field.kind], **_LIMITS.get(field.name, {}), **_of_offers(field, offers)}
                | {"description": about},
            )


def _one_file(name: str, about: str, encoding: Encoding, *, coded: bool) -> Iterator[tuple[str, Schema]]:
    yield name, {**_file(encoding), "description": about}
    yield f"{name}_url", {"type": "string", "format": "uri", "description": f"`{name}` by its URL."}
    if coded:
        yield (
            f"{name}_base64",
            {"type": "string", "contentEncoding": "base64", "description": f"`{name}` as base64, or as a data URL."},
        )


def _many(name: str, about: str, encoding: Encoding) -> Iterator[tuple[str, Schema]]:
    many: Schema = {"type": "array", "maxItems": videos.REFERENCES_MAX}
    yield name, {**many, "items": _file(encoding), "description": about}
    url = {"type": "string", "format": "uri"}
    yield URLS_OF_PICTURES, {**many, "items": url, "description": f"`{name}` by their URLs."}


def _file(encoding: Encoding) -> Schema:
    """The file itself; where no file can travel, and there too, a URL or a data URL stands for it."""
    if encoding == "multipart":
        return {"type": "string", "contentMediaType": "application/octet-stream"}
    return {"type": "string", "format": "uri"}


def _of_offers(field: Field, offers: Sequence[Offer]) -> Schema:
    """What depends on the catalogue of the moment."""
    videos = [offer for offer in offers if offer.kind == "video"]
    if field.name == "video_model":
        return {"enum": [offer.name for offer in videos]}
    if field.name == "video_duration" and videos:
        every = [seconds for offer in videos for seconds in offer.durations]
        return {"minimum": min(every), "maximum": max(every)}
    if field.name == addons.TARGET:
        return _choice(dict.fromkeys(target for offer in offers for target in offer.targets))
    return _choice(offer.name for offer in offers if offer.field == field.name)


def _choice(names: Iterable[str]) -> Schema:
    listed = list(names)
    return {"enum": listed} if listed else {}
