"""A prompt's words → a motion program: what the camera, the weather and the light do, and what was not understood.

Everything later reads only the program, never the text. Quantities are in view widths (1 = the frame's width), angles
in degrees, times as shares of the clip (0…1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from engines.motion import vocabulary as words
from engines.motion.chance import generator

VERSION = 1
Span = tuple[int, int]
_AMBIENT_AMOUNT = {"heavy": 1.6, "strong": 1.5, "dense": 1.6, "thick": 1.5, "light": 0.6, "soft": 0.65, "gentle": 0.65}


@dataclass(frozen=True, kw_only=True)
class Move:
    """One camera move. `amount` in view widths (degrees for a roll), `sign` −1 left, down or counter-clockwise."""

    op: str
    sign: int
    amount: float
    t0: float
    t1: float
    target: str = "subject"


@dataclass(frozen=True, kw_only=True)
class Program:
    duration: float
    seed: int
    camera: tuple[Move, ...] = ()
    shake: float = 0.0
    static: bool = False
    default: bool = False
    atmosphere: dict[str, float] = field(default_factory=dict)  # kind → amount, 1 = as the word alone says
    light: dict[str, float] = field(default_factory=dict)
    local: dict[str, float] = field(default_factory=dict)
    understood: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()

    def has(self, *ops: str) -> bool:
        return any(move.op in ops for move in self.camera)

    def as_json(self) -> dict[str, Any]:
        return {"v": VERSION, **asdict(self)}


def read(text: str, *, duration: float, seed: int, negative: str = "") -> Program:
    """Translate; never fails. The negative text only takes away what the text asked for."""
    clean, unwanted = _clean(text), _kinds(_clean(negative))
    moves, heard, denied = _moves(clean, duration=duration, seed=seed, unwanted=unwanted)
    ambient = {group: _ambient(clean, table, unwanted) for group, table in _GROUPS.items()}
    static = any(op == "static" for op, _word in heard)
    moves += _around(moves, duration=duration, unwanted=denied | unwanted)
    shake = _shake(clean, heard)
    default = not (moves or static or shake)
    if default:
        moves = _default_moves(duration=duration, seed=seed, denied=denied | unwanted)
    if static or not moves:
        ambient["local"] = {"breathe": 1.0} | ambient["local"]
    return Program(
        duration=duration, seed=seed, camera=tuple(moves), shake=shake, static=static, default=default,
        atmosphere=ambient["atmosphere"], light=ambient["light"], local=ambient["local"],
        understood=tuple([word for _op, word in heard] + [kind for group in ambient.values() for kind in group]),
        unsupported=tuple(dict.fromkeys(_body_actions(clean))),
    )  # fmt: skip


_GROUPS = {"atmosphere": words.ATMOSPHERE, "light": words.LIGHT, "local": words.LOCAL}


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", words.TAGS.sub(" ", text.lower().replace("’", "'"))).strip()


# --- camera ---------------------------------------------------------------------------------------------------------


def _moves(
    text: str, *, duration: float, seed: int, unwanted: set[str]
) -> tuple[list[Move], list[tuple[str, str]], set[str]]:
    """The moves in order, each part between "then"s getting an equal share of the time."""
    parts = [found for part in words.THEN.split(text) if (found := _part(part))[0] or found[1]]
    spoken = [part for part in parts if part[0]] or parts
    moves: list[Move] = []
    heard: list[tuple[str, str]] = []
    denied = {op for part in parts for op in part[1]}
    for index, (matches, _denied, part) in enumerate(spoken):
        window = (index / len(spoken), (index + 1) / len(spoken))
        for op, match in matches:
            if op in unwanted:
                continue
            heard.append((op, match.group(0).strip()))
            if op not in ("static", "shake"):
                moves.append(_move(op, match, part, window=window, duration=duration, seed=seed))
    return moves, heard, denied


def _part(text: str) -> tuple[list[tuple[str, re.Match[str]]], set[str], str]:
    """The moves said in one part: each rule claims its characters, the zoom family counts once."""
    text = text.strip()
    claimed: list[Span] = []
    found: list[tuple[str, re.Match[str]]] = []
    denied: set[str] = set()
    for rule in words.RULES:
        for match in _free(rule.pattern, text, claimed):
            claimed.append(match.span())
            if words.NEGATION.search(text[: match.start()]):
                denied.add(rule.op)
            elif not _said(rule.op, found):
                found.append((rule.op, match))
    found.sort(key=lambda item: item[1].start())
    return found, denied, text


def _said(op: str, found: list[tuple[str, re.Match[str]]]) -> bool:
    ops = {known for known, _match in found}
    return op in ops or (op in words.ZOOMS and bool(ops & words.ZOOMS))


def _free(pattern: re.Pattern[str], text: str, claimed: list[Span]) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text):
        if all(match.end() <= start or match.start() >= end for start, end in claimed):
            yield match


def _move(
    op: str, match: re.Match[str], text: str, *, window: Span | tuple[float, float], duration: float, seed: int
) -> Move:
    rate, cap, _default = words.RATES[op]
    seconds = duration * (window[1] - window[0])
    amount = min(max(rate * seconds * _speed(text, match.span()), 0.3 * rate), cap)
    if words.SUDDEN.search(text[max(0, match.start() - 6) : match.end()]):
        amount, window = cap, _middle(window, words.SUDDEN_S / max(duration, words.SUDDEN_S))
    if op in words.ZOOMS:
        amount = max(amount, 0.07)  # less could not be told from standing still
    target = words.TARGETS.search(text, match.start())
    return Move(
        op=op, sign=_sign(op, match, text, seed), amount=amount, t0=window[0], t1=window[1],
        target=target.group("t") if target else "subject",
    )  # fmt: skip


def _middle(window: Span | tuple[float, float], share: float) -> tuple[float, float]:
    """The middle of a stretch of time, at most `share` of the whole clip long."""
    half = min(share, window[1] - window[0]) / 2
    return (window[0] + window[1]) / 2 - half, (window[0] + window[1]) / 2 + half


def _sign(op: str, match: re.Match[str], text: str, seed: int) -> int:
    """+1 right, up, clockwise; −1 left, down, counter-clockwise. Without a word: the table's, an orbit by seed."""
    said = match.group(0) + " " + re.split(r"[,.]", text[match.end() : match.end() + 26])[0]
    if "left to right" in said:
        return 1
    if "right to left" in said or "counter" in said or "anti" in said:
        return -1
    wanted = ("down", "descend", "lower", "sink", "drop") if op in ("tilt", "pedestal") else ("left",)
    against = ("up", "ris", "ascend", "lift", "climb") if op in ("tilt", "pedestal") else ("right", "clockwise")
    place = {word: said.find(word) for word in wanted + against if re.search(rf"\b{word}", said)}
    if place:
        return -1 if min(place, key=lambda word: place[word]) in wanted else 1
    return 1 if op != "orbit" or seed % 2 else -1


def _speed(text: str, span: Span) -> float:
    """The factor of the nearest speed word within 40 characters, never across a comma or a full stop."""
    before = re.split(r"[,.]", text[max(0, span[0] - 40) : span[0]])[-1]
    after = re.split(r"[,.]", text[span[1] : span[1] + 40])[0]
    window, start = before + text[span[0] : span[1]] + after, len(before)
    end = start + span[1] - span[0]
    found = [
        (max(start - match.end(), match.start() - end, 0), -len(match.group(0)), factor)
        for pattern, factor in words.SPEEDS
        for match in pattern.finditer(window)
    ]
    return min(found)[2] if found else 1.0


def _shake(text: str, heard: list[tuple[str, str]]) -> float:
    said = next((word for op, word in heard if op == "shake"), None)
    if said is None:
        return 0.0
    at = text.find(said)
    return _speed(text, (at, at + len(said)))


def _around(moves: list[Move], *, duration: float, unwanted: set[str]) -> list[Move]:
    """A gentle push through a clip whose only moves are sudden: nothing stands still before and after them."""
    sudden = moves and all((move.t1 - move.t0) * duration <= words.SUDDEN_S + 1e-6 for move in moves)
    if (
        not sudden
        or duration <= 2 * words.SUDDEN_S
        or unwanted & words.ZOOMS
        or any(m.op in words.ZOOMS for m in moves)
    ):
        return []
    return [Move(op="dolly_in", sign=1, amount=0.07, t0=0.0, t1=1.0)]


def _default_moves(*, duration: float, seed: int, denied: set[str]) -> list[Move]:
    """Without words: a slow push onto the subject and a little drift, less of what the text forbids."""
    moves = []
    rng = generator(seed, "default move")
    sign, share = (1 if seed % 2 else -1), float(rng.uniform(0.85, 1.2))
    if not denied & words.ZOOMS:
        amount = min(max(0.030 * duration, 0.07), 0.24) * share
        moves.append(Move(op="dolly_in", sign=1, amount=amount, t0=0.0, t1=1.0))
    if not denied & words.LATERAL:
        amount = min(max(0.018 * duration, 0.03), 0.12) * share
        moves.append(Move(op="truck", sign=sign, amount=amount, t0=0.0, t1=1.0))
    return moves


# --- weather, light, local motion -----------------------------------------------------------------------------------


def _ambient(text: str, table: tuple[tuple[str, re.Pattern[str]], ...], unwanted: set[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for kind, pattern in table:
        match = next((m for m in pattern.finditer(text) if not words.NEGATION.search(text[: m.start()])), None)
        if match and kind not in unwanted and not (kind == "snow" and "blizzard" in found):
            found[kind] = _amount(text, match)
    return found


def _amount(text: str, match: re.Match[str]) -> float:
    before = re.split(r"[,.]", text[max(0, match.start() - 16) : match.start()])[-1].split()
    if before and before[-1] in _AMBIENT_AMOUNT:
        return _AMBIENT_AMOUNT[before[-1]]
    speed = _speed(" ".join(before[-1:]), (0, 0))
    return min(max(speed, 0.4), 1.8)


def _kinds(negative: str) -> set[str]:
    """All ops and kinds that the negative text names; "no" is not needed there."""
    named = {rule.op for rule in words.RULES if rule.pattern.search(negative)}
    return named | {kind for table in _GROUPS.values() for kind, pattern in table if pattern.search(negative)}


def _body_actions(text: str) -> Iterator[str]:
    """Actions of bodies: shown to the person as not done, never faked by wobbling the picture."""
    for match in words.BODY.finditer(text):
        verb, rest = match.group("v"), match.group("rest") or ""
        if words.NEGATION.search(text[: match.start()]) or re.search(r"towards? (?:the )?(?:camera|viewer)", rest):
            continue
        if verb == "turn" and not re.search(r"\b(?:her|his|their|its|the) (?:head|face|body)|around", rest):
            continue
        if (verb, rest.strip().split(" ")[0] if rest.strip() else "") in {("run", "water"), ("stand", "still")}:
            continue
        if verb in {"run", "stand", "sit", "wav", "cry", "sing", "driv"} and not _is_verb(match):
            continue
        yield match.group(0)


def _is_verb(match: re.Match[str]) -> bool:
    """Short stems count only with an ending that a noun doesn't have: "waves" is the sea, "singing" an action."""
    ending = match.group("s") or ""
    return ending in {"ning", "ting", "ing"} or (ending == "s" and match.group("v") != "wav") or ending == "ies"
