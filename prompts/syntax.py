"""The old way of asking: flags and `key=value` lines inside the prompt's text, and the tags that name references.

Reading never fails: what can't be understood is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

DEFAULT_VIDEO_MODEL = "720p"  # what `--video` alone asked for when flags were the only way

# How much a flag takes after it: nothing, one word, or words up to the next flag or the end of the line.
_Takes = Literal["nothing", "word", "words"]
_VIDEO_FLAGS: dict[str, tuple[_Takes, str]] = {
    "video": ("nothing", ""),
    "video_model": ("word", "video_model"),
    "video_prompt": ("words", "video_prompt"),
    "duration": ("word", "video_duration"),
}
_SWITCHES = (
    "mask_invert", "only_upscale", "tiled_upscale", "tiled_upscale_v2", "upscale_v4", "remove_background", "fix_bindi",
    "faceid_portrait", "multi", "use_regional", "disable_mask_crop_resize", "restore_mask", "vton_hires",
    "controlnet_txt2img",
)  # fmt: skip
_WITH_A_WORD = (
    "mask_dilate", "hires_denoising_strength", "hires_cfg_scale", "resemblance", "outpaint", "outpaint_width",
    "outpaint_height", "background_color", "control_guidance_start", "control_guidance_end", "improve_similarity",
    "gpt_quality", "mask_index", "mask_blur", "mask_inc_brightness", "face_inpaint_denoising", "upscale_factor",
    "vton_cfg_scale",
)  # fmt: skip
_WITH_WORDS = (
    "mask_prompt", "mask_negative", "outpaint_prompt", "controlnets", "controlnet_weights", "face_swap_indexes",
)  # fmt: skip
_IMAGE_FLAGS: dict[str, _Takes] = {
    **dict.fromkeys(_SWITCHES, "nothing"),
    **dict.fromkeys(_WITH_A_WORD, "word"),
    **dict.fromkeys(_WITH_WORDS, "words"),
}
_TAKES: dict[str, _Takes] = {**{name: takes for name, (takes, _) in _VIDEO_FLAGS.items()}, **_IMAGE_FLAGS}

BLOCK_KEYS = frozenset({
    "num_images", "negative_prompt", "seed", "steps", "cfg_scale", "controlnet", "input_image_url", "input_image",
    "mask_image_url", "denoising_strength", "controlnet_conditioning_scale", "controlnet_txt2img", "super_resolution",
    "inpaint_faces", "face_correct", "film_grain", "face_swap", "hires_fix", "backend_version", "prompt_expansion",
    "ar", "scheduler", "color_grading", "use_lpw", "w", "h", "style", "tune_id", "aspect_ratio", "resolution", "theme",
    "video_model", "video_prompt", "video_duration", "video_audio",
})  # fmt: skip
_FREE_TEXT_KEYS = frozenset({"negative_prompt", "style", "color_grading", "theme", "video_prompt"})
_BLOCK_KEYS_MIN = 3  # fewer may be prose: "a poster that says w=1"
READ_MAX = 50_000  # characters; what is longer is no prompt, and not worth the reading
_UNSET = frozenset({"", "undefined", "null"})
_OLD_KEYS = {"input_image": "input_image_url"}

_TOKEN = re.compile(r'(?P<quoted>"(?:[^"\\]|\\.)*"|“[^”]*”)|\S+', re.DOTALL)
_FLAG = re.compile(r"--([a-z][a-z0-9_]*)(=|(?=\s|$))")
_BLANKS = re.compile(r"[^\S\r\n]*")  # on the same line
_KEY = re.compile(r"(?<!\S)([a-z][a-z0-9_]*)=")
# In any letter case and spacing: a tag that was mistaken for words would be paid for and without effect.
_TAG = re.compile(r"<\s*(lora|faceid)\b[^<>]*>", re.IGNORECASE | re.ASCII)
_TAG_PARTS = re.compile(
    r"<\s*(?:lora|faceid)\s*:\s*([A-Z0-9_.]{1,80})\s*(?::\s*(-?(?:[0-9]{1,3}(?:\.[0-9]{0,6})?|\.[0-9]{1,6}))\s*)?>",
    re.IGNORECASE | re.ASCII,
)
_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Reference:
    """A tune that the text names by a tag; exactly one of `id` and `name` is set."""

    kind: Literal["lora", "faceid"]
    id: int | None
    name: str | None
    weight: float
    tag: str


@dataclass(frozen=True, kw_only=True)
class Legacy:
    """What a text says besides its words. Values are strings, as written; blank ones are left out."""

    text: str  # without block and video flags
    source_text: str  # as sent
    block: dict[str, str] = field(default_factory=dict)  # by field name
    video: dict[str, str] = field(default_factory=dict)  # from flags, by field name
    flags: dict[str, str | bool] = field(default_factory=dict)  # the image stage's, which stay in the text
    asks_for_video: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """What the text sets: the block wins over the flags."""
        return {**self.video, **self.block}

    @property
    def references(self) -> list[Reference]:
        return references(self.text)


class _Flag(NamedTuple):
    name: str
    value: str | None  # None: it takes none, or none followed
    start: int
    end: int


class _Pair(NamedTuple):
    key: str
    value: str
    start: int


class _Unparsable(Exception):
    """A quotation mark opens and never closes."""


def read(text: str) -> Legacy:
    """Take flags and block out of a text; reading the resulting `text` again finds nothing more.

    A text of more than READ_MAX characters is left as it is.
    """
    if len(text) > READ_MAX:
        return Legacy(text=text, source_text=text)
    video: dict[str, str] = {}
    block: dict[str, str] = {}
    left, before, asked = text, None, False
    # A block may stand before flags, or hide a quotation mark that kept them from being read: three rounds at most.
    while left != before:
        before = left
        left, found_video, asks = _take_video_flags(left)
        left, found_block = _take_block(left)
        video, block, asked = {**found_video, **video}, {**found_block, **block}, asked or asks
    asked = asked or not block.keys().isdisjoint({"video_model", "video_prompt"})
    return Legacy(text=left, source_text=text, block=block, video=video, flags=_image_flags(left), asks_for_video=asked)


def merge(*, fields: Mapping[str, Any], legacy: Legacy) -> dict[str, Any]:
    """Fill the fields that the caller left unset (None or ""): field > block > flag; `text` is what was left of it.

    A video that only the text asks for gets the model and the words that it does not name (D7).
    """
    given = {name: value for name, value in fields.items() if value is not None and value != ""}
    merged = {**fields, **legacy.fields, **given, "text": legacy.text}
    if legacy.asks_for_video:
        merged["video_model"] = merged.get("video_model") or DEFAULT_VIDEO_MODEL
        merged["video_prompt"] = merged.get("video_prompt") or clean(legacy.text)
    return merged


def references(text: str) -> list[Reference]:
    """The tunes that a text names, in order, each once: the first weight counts."""
    found: dict[tuple[str, str], Reference] = {}
    for tag in _TAG.finditer(text):
        reference = _reference(tag)
        if reference:
            found.setdefault((reference.kind, str(reference.id or reference.name)), reference)
    return list(found.values())


def malformed(text: str) -> list[str]:
    """Tags that name nothing: a weight that is no number, a FaceID by name."""
    return [tag[0] for tag in _TAG.finditer(text) if _reference(tag) is None]


def hides_flags(text: str) -> bool:
    """A quotation mark opens and never closes, so that flags of ours in this text are not read as flags."""
    if not any(flag[1] in _TAKES for flag in _FLAG.finditer(text)):
        return False
    try:
        list(_scan(text))
    except _Unparsable:
        return True
    return False


def clean(text: str) -> str:
    """The words for an engine: no tags, and no flags of ours."""
    without_flags = _cut(text, _flags(text))
    return re.sub(r"[^\S\n]{2,}", " ", _TAG.sub(" ", without_flags)).strip()


def without_tags(text: str) -> str:
    """The text without what names tunes; flags stay."""
    return re.sub(r"[^\S\n]{2,}", " ", _TAG.sub(" ", text)).strip()


_PLACE = re.compile(r"\{\{\s*([\w.-]{1,80})\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with each `{{key}}` replaced by its value; a key without one leaves nothing behind."""
    return _PLACE.sub(lambda place: values.get(place[1], ""), text)


def _reference(tag: re.Match[str]) -> Reference | None:
    kind: Literal["lora", "faceid"] = "lora" if tag[1].lower() == "lora" else "faceid"
    parts = _TAG_PARTS.fullmatch(tag[0])
    if not parts:
        return None
    weight = float(parts[2]) if parts[2] else 1.0
    if _ID.fullmatch(parts[1]):
        return Reference(kind=kind, id=int(parts[1]), name=None, weight=weight, tag=tag[0])
    if kind == "faceid":
        return None
    return Reference(kind=kind, id=None, name=parts[1], weight=weight, tag=tag[0])


def _take_video_flags(text: str) -> tuple[str, dict[str, str], bool]:
    """(text without them, fields they set, whether they ask for a video). Of the same flag the last one counts."""
    flags = [flag for flag in _flags(text) if flag.name in _VIDEO_FLAGS]
    fields = {_VIDEO_FLAGS[flag.name][1]: flag.value for flag in flags if flag.value}
    asks = any(flag.name != "duration" for flag in flags)
    return _cut(text, flags), fields, asks


def _image_flags(text: str) -> dict[str, str | bool]:
    return {flag.name: flag.value or True for flag in _flags(text) if flag.name in _IMAGE_FLAGS}


def _cut(text: str, flags: list[_Flag]) -> str:
    """The text without these flags; where one stood between words of a line, a single blank is left."""
    if not flags:
        return text
    pieces, position = [], 0
    for flag in flags:
        pieces.append(text[position : flag.start].rstrip(" \t"))
        position = _skip_blanks(text, flag.end)
    pieces.append(text[position:])
    left: list[str] = []
    for piece in filter(None, pieces):
        at_edge = not left or left[-1][-1] == "\n" or piece[0] in "\r\n"
        left.append(piece if at_edge else f" {piece}")
    return "".join(left).strip()


def _flags(text: str) -> list[_Flag]:
    try:
        return list(_scan(text))
    except _Unparsable:
        return []


def _scan(text: str) -> Iterator[_Flag]:
    """Known flags outside quotation marks, in order. Apostrophes are letters.

    :raises _Unparsable: a quotation mark opens and never closes
    """
    position = 0
    while (token := _next_token(text, position)) is not None:
        position = token.end()
        flag = _FLAG.match(text, token.start())
        if flag and flag[1] in _TAKES and not (flag[2] and _TAKES[flag[1]] == "nothing"):
            value, position = _value(text, flag.end(), _TAKES[flag[1]])
            yield _Flag(flag[1], value, token.start(), position)


def _next_token(text: str, position: int) -> re.Match[str] | None:
    """The next word, or quoted passage.

    :raises _Unparsable: it opens with a quotation mark that never closes
    """
    token = _TOKEN.search(text, position)
    if token and not token["quoted"] and token[0][0] in '"“':
        raise _Unparsable
    return token


def _value(text: str, position: int, takes: _Takes) -> tuple[str | None, int]:
    """(what the flag takes, where it ends)."""
    if takes == "nothing":
        return None, position
    words: list[str] = []
    while (token := _next_token(text, position)) and token.start() == _skip_blanks(text, position):
        if token[0].startswith("--") or (token["quoted"] and words):
            break
        position = token.end()
        if token["quoted"]:
            return _unquoted(token[0]) or None, position
        words.append(token[0])
        if takes == "word":
            break
    return " ".join(words) or None, position


def _skip_blanks(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position


def _unquoted(passage: str) -> str:
    inside = passage[1:-1].strip()
    return re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL) if passage[0] == '"' else inside


def _take_block(text: str) -> tuple[str, dict[str, str]]:
    """(text without the `key=value` pairs that end it, those pairs). On lines of their own, or all on one line."""
    pairs = [pair for pair in _trailing_pairs(text) if pair.key in BLOCK_KEYS]
    if len({pair.key for pair in pairs}) < _BLOCK_KEYS_MIN:
        return text, {}
    values = {_OLD_KEYS.get(key, key): value for key, value, _ in reversed(pairs) if value not in _UNSET}
    return text[: pairs[-1].start].rstrip(), values


def _trailing_pairs(text: str) -> Iterator[_Pair]:
    """From the end of the text backwards, until a value holds a blank where its key takes none."""
    end = len(text)
    for key in reversed(list(_KEY.finditer(text))):
        value = text[key.end() : end].strip()
        if key[1] not in _FREE_TEXT_KEYS and re.search(r"\s", value):
            return
        yield _Pair(key[1], value, key.start())
        end = key.start()
