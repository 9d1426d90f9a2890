# ruff: noqa: E501  lists of words
"""What is left of a text when all that acts on a picture or a clip is taken out of it: the rest was asked for in vain.

It is told, word for word, instead of being passed over: a person who asks for glasses and gets none has to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engines.motion import vocabulary
from engines.motion.painter import elements, palettes, words
from engines.motion.painter.plain import PLAIN

MOST = 12
Span = tuple[int, int]
# What brushes tell apart within an element or a place (`says` in the brushes).
_TOLD_APART = (
    r"sleep\w*|lying|lies|nap\w*|curled|resting|greek|roman|ancient|ruins?|columns|dome|suspension|golden gate|steel|big ben|clock ?tower|"
    r"rice|tulips?|lavender|wheat|corn|sunflowers?|explor\w*|hik\w*|travel\w*|wander\w*|nomad|pilgrim|fishing|party|birthday|hot[ -]air|"
    r"beach|coast|shore|sand|tropical|palm|cliffs?|taxi|cab|cruise"
)
_CAMERA_TALK = (
    r"(?:the |a )?camera (?:moves?|glides?|movement|work|rises|follows|drifts|floats)|"
    r"look(?:s|ing)? (?:straight |directly )?(?:at|into|in|towards?) (?:the )?(?:camera|lens|viewer)|(?:at|towards?|to) the (?:camera|viewer)"
)
_IDIOMS = r"train tracks|sun rose"  # no train, and no rose
# What a kind of scene shows besides what it is named by.
_BESIDE = {
    "mountains": r"clouds?|mirror\w*|lakes?|water|rivers?|reflections?|reflected|fjords?|waterfalls?|hills?|snow\w*|peaks?|firs?|conifers?",
    "sea": r"waves?|crash\w*|foam\w*|water|horizon|sky|sun|clouds?", "lake": r"water|trees?|reflections?|mirror\w*|reflect\w*|mountains?|peaks?|hills?|clouds?", "river": r"water|trees?|banks?",
    "meadow": r"clouds?|grass\w*|flowers?|hills?|sky|wild ?flowers", "garden": r"flowers?|trees?|plants?|leaves", "forest": r"trees?|trunks?|leaves|path",
    "city": r"windows?|towers?|buildings?|streets?|lights?", "street": r"lamps?|shop ?fronts?|windows?|houses?|city|cities|lights?",
    "space": r"stars?|planets?|galax\w*|nebula\w*", "desert": r"sand\w*|sky|sun", "road": r"sky|horizon", "heights": r"sky|clouds?",
    "kitchen": r"windows?|cupboards?|stove|oven|sink|pots?", "room": r"windows?|floor|walls?", "library": r"books?|shelf|shelves", "market": r"stalls?|awnings?",
    "field": r"sky|horizon|flowers?|poppies|poppy", "village": r"church|houses?|roofs?|snow\w*", "underwater": r"fish(?:es)?|corals?|water|reef",
    "table": r"wood(?:en)?|wall", "island": r"palms?|sea|water|sand|beach", "waterfall": r"water|rocks?|river|jungle|forest|trees?", "ice": r"snow|water",
    "savanna": r"grass|acacias?|trees?", "stage": r"curtains?|spot ?lights?|floor", "studio": r"backdrop|background", "flowers": r"petals?|leaves|garden",
    "abstract": r"shapes?|colou?rs?|waves?",
}  # fmt: skip


def unheard(text: str, *, kind: str, person: Iterable[Span], known: Sequence[str]) -> list[str]:
    """The words of a lower-case text that nothing here acts on, in their order, each once.

    `kind`: of the scene that is painted for it; `person`: where the painted person is named; `known`: names of tunes.
    """
    taken = bytearray(len(text))
    for start, end in [*_heard(text, kind), *person]:
        taken[start:end] = b"\1" * (end - start)
    own = {part.rstrip("s") for name in known for part in name.lower().split()}
    rest = (word for word in re.finditer(r"[a-z][a-z'-]+", text) if not all(taken[word.start() : word.end()]))
    names = (word[0].strip("'-") for word in rest)
    told = (name for name in names if not (name in PLAIN or name.rstrip("s") in own))
    aged = re.search(r"\b(?:old(?:er)?|elderly|aged)\b", text) if person else None
    return list(dict.fromkeys([*([aged[0]] if aged else []), *told]))[:MOST]


def _heard(text: str, kind: str) -> Iterator[Span]:
    """Where the words stand that choose scene, things, colours, weather, light, sound-less motion and camera."""
    patterns = [
        words.pattern_of(kind),
        _BESIDE.get(kind),
        _TOLD_APART,
        _CAMERA_TALK,
        _IDIOMS,
        *(pattern for _name, pattern in palettes.WORDS),
    ]
    patterns += [element.words for element in elements.ELEMENTS.values()]
    for pattern in filter(None, patterns):
        yield from (match.span() for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w])", text))
    compiled = [rule.pattern for rule in vocabulary.RULES] + [pattern for pattern, _factor in vocabulary.SPEEDS]
    compiled += [vocabulary.TARGETS, vocabulary.THEN, vocabulary.BODY]  # of bodies' actions the program tells
    # Ripples move water that is there; they don't paint any.
    ambient = (*vocabulary.ATMOSPHERE, *vocabulary.LIGHT, *vocabulary.LOCAL)
    compiled += [pattern for kind, pattern in ambient if kind != "ripple"]
    for known in compiled:
        yield from (match.span() for match in known.finditer(text))
