"""The fields of `tune[…]`: one table that reads requests and documents them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile

from common.errors import Invalid
from dialects.astria import params
from dialects.astria.schema import Field, check_callback, read_prompt, source, value_of
from media.intake import Source
from prompts.request import PromptRequest
from prompts.submission.with_tune import named
from tunes.request import TuneRequest

CAPTION_BYTES_MAX = 10_000
NEW_TUNE = 0  # of prompts that come with it
T = TypeVar("T")
NO_PICTURES: tuple[tuple[Source, ...], tuple[str, ...]] = ((), ())
NO_PROMPTS: Sequence[Mapping[str, Any]] = ()

FIELDS = (
    Field("title", "text", "What you call it. With the duplicates switch on, an existing title gives that tune."),
    Field("name", "text", "The class: man, woman, cat, dog, style, shoes, … English letters, numbers and spaces."),
    Field("branch", "text", "flux1, sd15, sdxl1, or fast for a free mock. The base's own if left out, else sd15."),
    Field("base_tune_id", "integer", "The base model. That of the branch if left out."),
    Field("model_type", "text", "lora, pti or faceid. Left out: lora on Flux, pti on SDXL, else a checkpoint."),
    Field("preset", "text", "flux-lora-portrait, flux-lora-fast or flux-lora-focus; decides on steps."),
    Field("steps", "integer", "Training steps; from the preset and the number of pictures if left out."),
    Field("token", "text", "The word that will stand for it; ohwx on Flux and SDXL, else sks."),
    Field("face_crop", "boolean", "Also learn from the faces alone."),
    Field("training_face_correct", "boolean", "Repair faces before learning."),
    Field("auto_extend", "boolean", "Pay for further storage when it ends, instead of losing the tune."),
    Field("callback", "url", 'Called with `{"tune": {…}}` when training has ended. Signed and retried.'),
    Field("prompts_callback", "url", 'Called once with `{"prompts": […]}` when all its prompts have ended.'),
    Field("base_pack_id", "integer", "The pack that it is made for; recorded only."),
)


def read_tune(given: Mapping[str, Any], *, origin: str) -> tuple[TuneRequest, list[PromptRequest]]:
    """`tune[…]` as a request, and the prompts that come with it.

    :raises Invalid: every field that can't be read, at once
    """
    errors: dict[str, list[str]] = {}
    values = {field.name: value_of(field, given, errors) for field in FIELDS}
    for name in ("callback", "prompts_callback"):
        check_callback(values[name], errors, field=name)
    images, captions = _attempt(lambda: _pictures(given, origin), errors, NO_PICTURES)
    characteristics = _attempt(lambda: _characteristics(given.get("characteristics")), errors, None)
    prompts = _prompts(given, errors, origin)
    if errors:
        raise Invalid(errors)
    given_values = {name: value for name, value in values.items() if value is not None}
    request = TuneRequest(
        **({"title": "", "name": ""} | given_values), images=images, captions=captions, characteristics=characteristics
    )
    return request, prompts


def read_changes(given: Mapping[str, Any]) -> dict[str, Any]:
    """What PATCH may change, and only what was sent.

    :raises Invalid: every field that can't be read, at once
    """
    errors: dict[str, list[str]] = {}
    names = ("title", "name", "auto_extend")
    changes = {
        field.name: value_of(field, given, errors) for field in FIELDS if field.name in names and field.name in given
    }
    if "characteristics" in given:
        changes["characteristics"] = _attempt(lambda: _characteristics(given["characteristics"]), errors, None)
    if errors:
        raise Invalid(errors)
    return changes


def _attempt(read: Callable[[], T], errors: dict[str, list[str]], otherwise: T) -> T:
    """What `read` gives; what it refuses is added to the errors."""
    try:
        return read()
    except Invalid as error:
        errors.update(error.errors)
        return otherwise


def _pictures(given: Mapping[str, Any], origin: str) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The pictures, and a caption for each: from `image_captions`, or from a .txt file of the same name.

    :raises Invalid: a file that is none
    """
    files = params.items(given.get("images"), field="images")
    texts = {_stem(file): _caption(file) for file in files if _is_text(file)}
    shown = [file for file in files if not _is_text(file)]
    urls = params.items(given.get("image_urls"), field="image_urls")
    sources = tuple(source(value, field="images", origin=origin) for value in [*shown, *urls])
    told = params.items(given.get("image_captions"), field="image_captions")
    captions = [params.as_text(text, field="image_captions") or "" for text in told]
    return sources, tuple(captions or [texts.get(_stem(file), "") for file in shown])


def _is_text(file: Any) -> bool:
    return isinstance(file, UploadedFile) and str(file.name).lower().endswith(".txt")


def _stem(file: Any) -> str:
    return PurePath(str(file.name)).stem if isinstance(file, UploadedFile) else ""


def _caption(file: UploadedFile) -> str:
    """
    :raises Invalid: no text, or too much of it
    """
    try:
        text = bytes(file.read(CAPTION_BYTES_MAX + 1)).decode()
    except UnicodeDecodeError as error:
        raise Invalid({"images": [f"holds {file.name}, which is not text"]}) from error
    if len(text) > CAPTION_BYTES_MAX or "\x00" in text:
        raise Invalid({"images": [f"holds {file.name}, which is too long for a caption, or not text"]})
    return text.strip()


def _characteristics(value: Any) -> dict[str, str] | None:
    """An object, or JSON of one in a form's field; its values as texts.

    :raises Invalid: it is none
    """
    tree = params.as_object(value, field="characteristics")
    if tree is None:
        return None
    if nested := [key for key, each in tree.items() if isinstance(each, dict | list)]:
        raise Invalid({"characteristics": [f"{nested[0][:40]} has to be a text"]})
    return {str(key): params.as_text(_word(each), field="characteristics") or "" for key, each in tree.items()}


def _word(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _prompts(given: Mapping[str, Any], errors: dict[str, list[str]], origin: str) -> list[PromptRequest]:
    found: list[PromptRequest] = []
    for number, fields in enumerate(_attempt(lambda: _objects(given), errors, NO_PROMPTS)):
        try:
            found.append(read_prompt(fields, tune_id=NEW_TUNE, origin=origin))
        except Invalid as error:
            errors.update(named(number, error.errors))
    return found


def _objects(given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """
    :raises Invalid: not a list of objects
    """
    value = given.get("prompts_attributes")
    if isinstance(value, dict):  # Rails takes {"0": {…}, "1": {…}} for a list too
        value = list(value.values())
    objects = params.items(value, field="prompts_attributes")
    if not all(isinstance(each, dict) for each in objects):
        raise Invalid({"prompts_attributes": ["has to be a list of objects"]})
    return objects
