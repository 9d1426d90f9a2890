# ruff: noqa: E501  a table of patterns reads better unbroken
"""The words of camera moves, weather and light, as whole-word patterns. Read by `program`; nothing else looks here.

Content is not a move: "train tracks", "rolling hills" and "a frying pan" stay what they are. Words that are always a
camera's (zoom, pan, dolly, orbit) count anywhere; ambiguous ones (track, roll, rise, fly) only beside a direction,
"camera", "shot" or "view".
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ADVERB = r"(?:(?:very|so|slowly|slow|gently|smoothly|softly|quickly|rapidly|fast|dramatically|steadily|gradually|slightly|subtly|a|little|bit) )*"
_CAMERA = r"(?:the )?(?:camera|shot|view|lens|drone|viewpoint)"
_SIDE = r"(?:to the |towards the |towards |toward the )?(?:left|right)"
_IN = r"(?:in|into|forwards?|closer|ahead|through|inwards?|towards?|to)"
_OUT = r"(?:out|back|backwards?|away|outwards?)"


class Rule(NamedTuple):
    """One way to say one move."""

    op: str
    pattern: re.Pattern[str]


def _rule(op: str, pattern: str) -> Rule:
    return Rule(op, re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'])"))


RULES: tuple[Rule, ...] = (
    _rule("dolly_zoom", r"(?:dolly[ -]zoom(?:s|ing)?|zolly|vertigo(?: (?:effect|shot|zoom))?)"),
    _rule("orbit", rf"(?:orbit(?:s|ing)?|orbital(?= (?:shot|move|movement|camera|view)))(?: (?:shot|around))?(?: {_SIDE})?"),
    _rule("orbit", rf"(?:arc(?:s|ing)? (?:{_SIDE}|around|shot)|{_CAMERA} {_ADVERB}(?:arcs|circles|revolves|rotates around))"),
    _rule("orbit", r"(?:circl(?:e|es|ing) around|bullet[ -]time|turntable (?:shot|view|spin|rotation)|360(?: ?°| ?degrees?)? (?:shot|view|spin|rotation|turn|camera|around))"),
    _rule("zoom_out", rf"zoom(?:s|ing|ed)?[ -]{_ADVERB}(?:out|away|back)|widen(?:s|ing)? (?:the )?(?:shot|view|frame|out)|{_CAMERA} widens"),
    _rule("zoom_in", rf"(?:crash |snap )?zoom(?:s|ing|ed)?(?! (?:lens|call|meeting|h\d))(?:[ -]{_ADVERB}(?:in|into|on|onto|to|towards?|closer))?|punch(?:es|ing)?[ -]in|magnif(?:y|ies|ying)"),
    _rule("approach", r"(?:walk|com|rid|driv|step|strid|runn?|mov|approach)(?:e|es|s|ing)? (?:\w+ ){0,2}?(?:towards? )?(?:the )?(?:camera|viewer|lens)"),
    _rule("dolly_out", rf"doll(?:y|ies|ying)[ -]{_ADVERB}{_OUT}|(?:slow )?pull(?:s|ing)?[ -]?{_ADVERB}(?:back|out|away)(?! (?:her|his|their|its|my|a) )|(?:slow|big|final|dramatic) reveal|reveal shot|{_CAMERA} reveals"),
    _rule("dolly_out", rf"{_CAMERA} {_ADVERB}(?:mov|retreat|back|track|travel|glid|drift|fli|fl|withdraw)(?:s|es|e|y|ing)? {_ADVERB}{_OUT}|^{_ADVERB}(?:move|track|travel) {_ADVERB}(?:back|backwards|out|away)|track(?:s|ing)? (?:back|out|away)"),
    _rule("truck", rf"(?:doll(?:y|ies|ying)|truck(?:s|ing)?|slid(?:e|es|ing)|crab(?:s|bing)?|straf(?:e|es|ing)|(?<!train )(?<!railway )(?<!rail )track(?:s|ing)?) {_ADVERB}{_SIDE}"),
    _rule("truck", rf"(?:tracking|trucking|lateral|slider|parallax|side) (?:shot|move|movement|dolly|effect|motion)|parallax|{_CAMERA} {_ADVERB}(?:moves|slides|drifts|glides|tracks|travels|floats|follows|moving|drifting|gliding) {_ADVERB}{_SIDE}"),
    _rule("dolly_in", rf"doll(?:y|ies|ying)(?! parton)(?:[ -]{_ADVERB}{_IN})?|push(?:es|ing)?[ -]{_ADVERB}(?:in|forwards?|closer)|fpv|first[ -]person (?:view|shot|pov|perspective)|drone (?:shot|view|footage|flight|flyover|camera)|fly[ -]?through|flyover"),
    _rule("dolly_in", rf"{_CAMERA} {_ADVERB}(?:mov|glid|travel|advanc|track|drift|fli|fl|push|creep|float|com|go|div|approach)(?:s|es|e|y|ing)? {_ADVERB}(?:{_IN}|over|across|along)|^{_ADVERB}(?:move|fly|flying|track|travel|glide) {_ADVERB}(?:forwards?|closer|in|through|over)|track(?:s|ing)? (?:in|forwards?)"),
    _rule("roll", rf"{_CAMERA} {_ADVERB}(?:rolls|rolling|rotates|spins)(?: {_SIDE}| (?:(?:counter|anti)-?clockwise|clockwise))?|(?:camera|barrel) roll(?: {_SIDE})?|dutch (?:angle|tilt|roll)|roll(?:s|ing)? (?:the camera )?{_SIDE}"),
    _rule("roll", r"(?:rotat(?:e|es|ing) |spin(?:s|ning)? |turn(?:s|ing)? |roll(?:s|ing)? )?(?:(?:counter|anti)-?clockwise|clockwise)"),
    _rule("tilt", rf"tilt(?:s|ing)?(?!-)(?! shift)(?! (?:her|his|their|its|the|my) (?:head|hat|chin|face|cap))(?: {_ADVERB}(?:up|down|upwards?|downwards?))?"),
    _rule("tilt", rf"(?:{_CAMERA} {_ADVERB}|^)(?:looks?|looking|pans?|panning) {_ADVERB}(?:up|down|upwards?|downwards?)|pan(?:s|ning)? {_ADVERB}(?:up|down)"),
    _rule("pedestal", rf"(?:crane|boom|pedestal|jib)(?:s|ing)? {_ADVERB}(?:up|down)|(?:crane|boom|jib|pedestal) (?:shot|move|movement|camera)|{_CAMERA} {_ADVERB}(?:rises|rising|ascends|lifts|climbs|descends|descending|lowers|sinks|drops|moves up|moves down|cranes)|(?:rising|descending) (?:shot|view|camera)"),
    _rule("pan", rf"(?:whip |swish |slow )?(?<!frying )(?<!baking )(?<!cooking )(?<!sauce )(?<!iron )(?<!hot )(?<!peter )pan(?:s|ning|ned)?(?! (?:of|flute|asian|lid|full|with))(?:[ -](?:shot )?{_ADVERB}{_SIDE})?"),
    _rule("pan", rf"sweep(?:s|ing)? (?:{_SIDE}|shot|view|pan)|{_CAMERA} {_ADVERB}(?:sweeps|sweeping|turns|swings|surveys)(?: {_SIDE})?|{_CAMERA} (?:\w+ ){{0,3}}from (?:left to right|right to left)"),
    _rule("shake", r"hand[ -]?held|camera shake|shak(?:y|ing) (?:cam|camera|footage|shot|video|hand)|documentary (?:style|footage|camera|shot)|found[ -]footage|earthquake|jittery camera"),
    _rule("static", rf"static(?: (?:camera|shot|frame|view|scene))?(?! (?:electricity|noise|caravan))|(?:locked|fixed|still|stationary|motionless)(?:[ -](?:off|down))? (?:camera|shot|frame|view)|locked[ -](?:off|down)|no camera (?:movement|motion|move|moves)|without (?:any )?camera (?:movement|motion)|{_CAMERA} (?:does not|doesn't|doesnt|never|must not|should not) moves?|{_CAMERA} (?:stays|remains|is|holds|keeps) (?:completely |perfectly |very )?(?:still|static|fixed|locked|stationary)|(?:camera|shot) on a tripod"),
)  # fmt: skip

# Views per second, the most a whole move may take, and what its direction is when no word says.
RATES: dict[str, tuple[float, float, str]] = {
    "dolly_zoom": (0.034, 0.30, "in"),
    "orbit": (0.018, 0.13, ""),
    "zoom_in": (0.034, 0.42, "in"),
    "zoom_out": (0.034, 0.40, "out"),
    "dolly_in": (0.036, 0.42, "in"),
    "dolly_out": (0.036, 0.40, "out"),
    "approach": (0.050, 0.35, "in"),
    "roll": (1.6, 10.0, "right"),  # degrees
    "tilt": (0.020, 0.12, "up"),
    "pedestal": (0.020, 0.13, "up"),
    "truck": (0.026, 0.17, "right"),
    "pan": (0.027, 0.17, "right"),
    "shake": (0.0, 0.0, ""),
    "static": (0.0, 0.0, ""),
}
ZOOMS = frozenset({"dolly_zoom", "zoom_in", "zoom_out", "dolly_in", "dolly_out", "approach"})
LATERAL = frozenset({"pan", "truck"})

SPEEDS: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b"), factor)
    for words, factor in (
        (r"very fast|whip|crash|snap", 2.4),
        (r"barely|very slow(?:ly)?|extremely slow(?:ly)?", 0.4),
        (r"subtl[ey]|slight(?:ly)?|a little|a bit|tiny|minimal(?:ly)?", 0.5),
        (r"slow(?:ly)?|gentl[ey]|smooth(?:ly)?|calm(?:ly)?|soft(?:ly)?|gradual(?:ly)?", 0.65),
        (r"dramatic(?:ally)?|strong(?:ly)?|intense(?:ly)?|extreme(?:ly)?|powerful(?:ly)?|epic", 1.5),
        (r"fast|quick(?:ly)?|rapid(?:ly)?|dynamic(?:ally)?|swift(?:ly)?|sudden(?:ly)?", 1.6),
    )
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])")


ATMOSPHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("blizzard", _words(r"blizzard|snow ?storm|heavy snow(?:fall)?")),
    ("snow", _words(r"snowing|snowfall|(?:snow ?)?flakes|falling snow|snow (?:falls|falling|drifts|drifting)|light snow")),
    ("rain", _words(r"rain(?:s|ing|fall)?|drizzl(?:e|es|ing)|downpour|rain ?storm|thunder ?storm")),
    ("dust", _words(r"dust(?: motes| particles)?|pollen|floating particles|motes")),
    ("bokeh", _words(r"bokeh|light orbs|defocused lights")),
    ("fireflies", _words(r"fireflies|glowing particles|fairy dust|sparkles|glitter|magic(?:al)? particles")),
    ("embers", _words(r"embers?|(?:flying |glowing )?sparks|ash(?:es)?|camp ?fire|bonfire|flames|lava|fire")),
    ("petals", _words(r"petals|cherry blossoms?|sakura")),
    ("leaves", _words(r"(?:falling|blowing|autumn|swirling) leaves|leaves (?:fall|falling|blow|blowing)")),
    ("confetti", _words(r"confetti|celebration")),
    ("bubbles", _words(r"bubbles|underwater")),
    ("fog", _words(r"fog(?:gy)?|mist(?:y)?|haz[ey]|smok[ey]|steam")),
)  # fmt: skip
LIGHT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("warm", _words(r"sunset|sunrise|golden hour|dawn|dusk|warm light")),
    (
        "night",
        _words(
            r"(?:turn(?:s|ing)? |fad(?:es|ing) |chang(?:es|ing) )?(?:in)?to night(?:time)?|night(?:fall| falls| is falling)|darkens|(?:gets|grows|falls|turns) dark|lights? fades?|dusk falls"
        ),
    ),
    (
        "flicker",
        _words(
            r"flicker(?:s|ing)?|candle(?: ?light|s)?|torch(?:light|es)?|lantern(?:s| light)?|fire ?(?:light|place)|hearth|neon|camp ?fire|bonfire"
        ),
    ),
    ("lightning", _words(r"lightning|thunder ?storm|thunder")),
    ("pulse", _words(r"puls(?:e|es|ing)|glow(?:s|ing)?")),
    (
        "day",
        _words(
            r"brightens|(?:the )?sun (?:comes|breaks) (?:out|through)|gets brighter|lights up|(?:night|turns|fades) (?:in)?to day(?:light)?|day ?break|day breaks|dawn breaks"
        ),
    ),
    ("leak", _words(r"light leaks?|film burns?|leaking light")),
    ("flare", _words(r"(?:lens|sun|anamorphic|optical) flares?|flares? of the (?:sun|lens)")),
)
LOCAL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sway", _words(r"wind(?:y)?|breeze|breezy|rustl(?:e|es|ing)|(?:hair|dress|cloth|fabric|flag) (?:blow|flow|wav|flutter)(?:s|ing)|grass|foliage|sway(?:s|ing)?")),
    ("ripple", _words(r"water|waves?|sea|ocean|river|lake|reflections?|rippl(?:e|es|ing)|pond|stream")),
    ("clouds", _words(r"time-?lapse|clouds? (?:drift|mov|roll|pass)(?:s|es|e|ing)?|drifting clouds|moving clouds")),
    ("breathe", _words(r"alive|subtle (?:natural )?motion|natural motion|living photo|cinemagraph|breath(?:e|es|ing)")),
)  # fmt: skip

SUDDEN = re.compile(r"\b(?:whip|swish|crash|snap)[ -]")  # moves over within SUDDEN_S, wherever they have more time
SUDDEN_S = 0.6
TARGETS = re.compile(
    r"\b(?:on|to|at|into|onto|towards?)(?: (?:the|her|his|their|its))? (?P<t>face|eyes?|head|sky|horizon|subject|cent(?:er|re)|ground|floor|window|door|background)\b"
)
THEN = re.compile(r"\b(?:and then|then|followed by|after that|finally|next,)\b|;")
NEGATION = re.compile(
    r"\b(?:no|not|without|don't|dont|never|avoid|zero|stop|doesn't|does not|do not)(?: [\w'-]+){0,2} ?$"
)
BODY = re.compile(
    r"\b(?P<v>walk|run|danc|smil|talk|speak|blink|laugh|cry|wink|nod|jump|eat|drink|kiss|hug|driv|climb|swim|sing|wav|clap|sit|stand|kneel|fight|turn)"
    r"(?P<s>s|e|es|ing|ning|ming|ting|ed|ies)?\b(?=(?P<rest>(?: [\w'-]+){0,3}))"
)
TAGS = re.compile(r"<[^>]*>|--[a-z][\w-]*(?:[ =](?:\"[^\"]*\"|'[^']*'|[^\s-][^\s]*))?")
