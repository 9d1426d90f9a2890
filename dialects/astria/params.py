"""Parameters as Rails writes them: `prompt[text]`, `prompt[image_references][]`, `tune[prompts_attributes][][text]`.

`nest` turns flat names into a tree of dicts and lists; the coercers read its leaves. Everything here is a stranger's.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from common.errors import Invalid

DEPTH_MAX = 8
JSON_DEPTH_MAX = 32
PAIRS_MAX = 600
ITEMS_MAX = 100  # of one list
NAME_MAX = 256  # characters of one name
NUMBER_MAX = 2**63 - 1

Tree = dict[str, Any]


class NotJson(Invalid):
    """The body can't be read as the JSON that it says it is."""

    code = "malformed"

    def __init__(self) -> None:
        super().__init__({"base": ["is not valid JSON"]})
        self.args = ("The body is not valid JSON.",)


_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_INDEX = re.compile(r"[0-9]{1,4}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}(?:\.0{1,6})?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
NAN = "is not a number"  # Rails' own words, which clients match on
_TRUE = frozenset({"true", "t", "1", "on", "yes"})
_FALSE = frozenset({"false", "f", "0", "off", "no"})


class Torn:
    """What stands where a name came in two shapes that exclude each other."""


class _TwoShapes(Exception):
    """A step of a path meets another shape than it needs, `depth` steps from the root."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = depth


class _List(dict[int, Any]):
    """A list while it is being read: its items by number, which may come in any order."""


def nest(pairs: Iterable[tuple[str, Any]]) -> Tree:
    """Build the tree of names and values, in their order; values (texts and files) stay as they are.

    `[]` appends; under `[]`, a name that the last object has already starts the next one; `[0]` is that item, and
    items come in the order of their numbers. Of the same plain name the last value counts.

    A field that is used as two shapes is `Torn`: refused by whoever reads it, and by nobody if it is none of ours.

    :raises Invalid: too deep, or too many
    """
    root: Tree = {}
    for count, (name, value) in enumerate(pairs, start=1):
        if count > PAIRS_MAX:
            raise Invalid({"base": [f"has more than {PAIRS_MAX} parameters"]})
        if name:
            path = _path(name)
            try:
                _put(root, path, value)
            except _TwoShapes as error:
                _tear(root, path, error.depth)
    return {name: _settled(value) for name, value in root.items()}


def dealt(pairs: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The pairs of a form in an order in which `nest` reads them.

    Some clients send the fields of unnumbered objects name by name: where every name has as many values, the second
    value of each belongs to the second object. Where one has fewer, the order tells, as it does for Rails.
    """
    groups: dict[str, list[Any]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    counts: dict[str, set[int]] = {}
    for name, values in groups.items():
        objects, marker, _ = name.partition("[][")
        if marker:
            counts.setdefault(objects, set()).add(len(values))
    if any(len(each) > 1 for each in counts.values()):
        return list(pairs)
    rounds = max(map(len, groups.values()), default=0)
    return [(name, values[turn]) for turn in range(rounds) for name, values in groups.items() if turn < len(values)]


def json_object(body: bytes) -> Tree:
    """The tree of a JSON body, which has its shape already; an empty body is an empty object. A byte order mark is
    no part of it (RFC 8259 §8.1).

    :raises NotJson: it is none
    :raises Invalid: not an object, or too deep
    """
    try:
        tree = json.loads(body.decode("utf-8-sig") or "{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not isinstance(tree, dict):
        raise Invalid({"base": ["has to be a JSON object"]})
    _check_depth(tree)
    return tree


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_depth(tree: Tree) -> None:
    level: list[Any] = [tree]
    for _ in range(JSON_DEPTH_MAX):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
        if not level:
            return
    raise Invalid({"base": ["is nested too deeply"]})


def under(tree: Mapping[str, Any], resource: str) -> Tree:
    """What stands under the resource's name ("prompt"), over what stands beside it: clients send either, or both.

    :raises Invalid: the resource is no object
    """
    inner = tree.get(resource, {})
    check_whole(inner, field=resource)
    if not isinstance(inner, dict):
        raise Invalid({resource: ["has to be an object"]})
    return {**{name: value for name, value in tree.items() if name != resource}, **inner}


def items(value: Any, *, field: str) -> list[Any]:
    """A list's values without blank ones; one value alone is a list of it; None and "" are no list.

    :raises Invalid: too many, or an object
    """
    check_whole(value, field=field)
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        raise Invalid({field: ["is not a list"]})
    values = [each for each in (value if isinstance(value, list) else [value]) if each is not None and each != ""]
    if len(values) > ITEMS_MAX:
        raise Invalid({field: [f"is too long (maximum is {ITEMS_MAX} items)"]})
    return values


def as_int(value: Any, *, field: str) -> int | None:
    """A whole number; None and "" are unset. :raises Invalid: it is none"""
    check_whole(value, field=field)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value.strip().partition(".")[0])
    if isinstance(value, float) and value.is_integer() and abs(value) <= NUMBER_MAX:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid({field: ["must be an integer" if isinstance(value, float) or _is_decimal(value) else NAN]})
    if abs(value) > NUMBER_MAX:
        raise Invalid({field: ["is too large"]})
    return value


def as_float(value: Any, *, field: str) -> float | None:
    """A finite number; None and "" are unset. :raises Invalid: it is none"""
    check_whole(value, field=field)
    if value is None or value == "":
        return None
    if _is_decimal(value):
        value = float(value.strip())
    endless = isinstance(value, float) and not math.isfinite(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or endless:
        raise Invalid({field: [NAN]})
    if abs(value) > NUMBER_MAX:
        raise Invalid({field: ["is too large"]})
    return float(value)


def as_bool(value: Any, *, field: str) -> bool | None:
    """True or False in any of the ways clients write it; None and "" are unset. :raises Invalid: neither"""
    check_whole(value, field=field)
    if value is None or value == "":
        return None
    word = str(value).strip().lower() if isinstance(value, str | bool | int) else ""
    if word not in _TRUE | _FALSE:
        raise Invalid({field: ["must be true or false"]})
    return word in _TRUE


def as_text(value: Any, *, field: str, quoted: bool = False) -> str | None:
    """A text as it came; None stays None and "" stays "". `quoted`: wrapping double quotes of a multipart value go.

    :raises Invalid: an object, a list, a file, or a text that no database keeps
    """
    check_whole(value, field=field)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Invalid({field: ["is not text"]})
    if "\x00" in value or not _is_unicode(value):
        raise Invalid({field: ["contains characters that are not text"]})
    return _unwrapped(value) if quoted else value


def as_object(value: Any, *, field: str) -> Tree | None:
    """An object, or JSON of one in a form's field; None and "" are unset. :raises Invalid: it is none"""
    check_whole(value, field=field)
    if value is None or value == "":
        return None
    try:
        tree = json.loads(value, parse_constant=_refuse_constant) if isinstance(value, str) else value
    except (ValueError, RecursionError) as error:
        raise Invalid({field: ["has to be an object"]}) from error
    if not isinstance(tree, dict):
        raise Invalid({field: ["has to be an object"]})
    _check_depth(tree)
    return tree


def _unwrapped(value: str) -> str:
    inside = value.strip()
    return inside[1:-1] if len(inside) > 1 and inside[0] == inside[-1] == '"' else value


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and bool(_DECIMAL.fullmatch(value.strip()))


def _is_unicode(text: str) -> bool:
    """False for half a surrogate pair, which JSON can spell and UTF-8 can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _path(name: str) -> list[str]:
    """The steps of a name: "a[b][]" → ["a", "b", ""]. What is not of this form is one plain name.

    :raises Invalid: too long or too deep
    """
    if len(name) > NAME_MAX:
        raise Invalid({"base": [f"has a parameter name of more than {NAME_MAX} characters"]})
    found = _NAME.fullmatch(name)
    if not found:
        return [name]
    path = [found[1], *_PART.findall(found[2])]
    if len(path) > DEPTH_MAX:
        raise Invalid({found[1]: ["is nested too deeply"]})
    return path


def _put(node: dict[Any, Any], path: list[str], value: Any) -> None:
    """Walk down the path, making what is missing, and set the value.

    :raises _TwoShapes: a step meets another shape than it needs
    :raises Invalid: a list grows too long
    """
    for depth, step in enumerate(path):
        so_far, rest = path[: depth + 1], path[depth + 1 :]
        key = _key(node, step, rest, so_far)
        if not rest:
            if isinstance(node.get(key), dict):
                raise _TwoShapes(len(so_far))
            node[key] = value
            return
        child = node.setdefault(key, _List() if _is_item(rest[0]) else {})
        if not isinstance(child, dict):
            raise _TwoShapes(len(so_far))
        node = child


def _key(node: dict[Any, Any], step: str, rest: list[str], so_far: list[str]) -> str | int:
    """Where in this node the step leads: a name, or the number of an item."""
    if not isinstance(node, _List):
        if step == "":
            raise _TwoShapes(len(so_far))
        return step
    if not _is_item(step):
        raise _TwoShapes(len(so_far) - 1)
    key = int(step) if step else _open_item(node, rest)
    if key not in node and len(node) >= ITEMS_MAX:
        raise Invalid({_field(so_far): [f"is too long (maximum is {ITEMS_MAX} items)"]})
    return key


def _open_item(node: _List, rest: list[str]) -> int:
    """The number that `[]` means: the last item while it lacks what comes now, else a new one."""
    last = max(node, default=-1)
    if rest and isinstance(node.get(last), dict) and not _has(node[last], rest):
        return last
    return last + 1


def _has(node: Any, path: list[str]) -> bool:
    """Whether everything down the path is set already. A list always takes more."""
    for step in path:
        key = int(step) if isinstance(node, _List) and _INDEX.fullmatch(step) else step
        if step == "" or not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True


def _is_item(step: str) -> bool:
    return step == "" or bool(_INDEX.fullmatch(step))


def _settled(value: Any) -> Any:
    if isinstance(value, _List):
        return [_settled(value[index]) for index in sorted(value)]
    if isinstance(value, dict):
        return {name: _settled(each) for name, each in value.items()}
    return value


def _field(path: list[str]) -> str:
    """The innermost name of a path, by which an error is reported."""
    return next(step for step in reversed(path) if not _is_item(step) or step is path[0])


def _tear(root: Tree, path: list[str], depth: int) -> None:
    """Mark the field that the path leads to: that of its resource, unless the resource itself is torn."""
    resource = root.get(path[0])
    if depth > 1 and isinstance(resource, dict) and not isinstance(resource, _List):
        resource[path[1]] = Torn()
    else:
        root[path[0]] = Torn()


def check_whole(value: Any, *, field: str) -> None:
    """:raises Invalid: torn"""
    if isinstance(value, Torn):
        raise Invalid({field: ["comes in two shapes that exclude each other"]})
