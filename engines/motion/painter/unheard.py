# ruff: noqa: E501, SIM905  lists of words
"""What is left of a text when all that acts on a picture or a clip is taken out of it: the rest was asked for in vain.

It is told, word for word, instead of being passed over: a person who asks for glasses and gets none has to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engines.motion import vocabulary
from engines.motion.painter import elements, palettes, words

MOST = 12
Span = tuple[int, int]
# What brushes tell apart within an element or a place (`says` in the brushes).
_TOLD_APART = (
    r"sleep\w*|lying|lies|nap\w*|curled|resting|greek|roman|ancient|ruins?|columns|dome|suspension|golden gate|steel|big ben|clock ?tower|"
    r"rice|tulips?|lavender|wheat|corn|sunflowers?|explor\w*|hik\w*|travel\w*|wander\w*|nomad|pilgrim|fishing|party|birthday|hot[ -]air|"
    r"beach|coast|shore|sand|tropical|palm|cliffs?|taxi|cab|cruise"
)
_LOOKS = r"(?:the |a )?camera (?:moves?|move|glides?|movement|work|rises|follows|drifts|floats)|(?:train )tracks|sun rose|look(?:s|ing)? (?:straight |directly )?(?:at|into|in|towards?) (?:the )?(?:camera|lens|viewer)|(?:at|towards?|to) the (?:camera|viewer)"
# What a kind of scene shows besides what it is named by.
_BESIDE = {
    "mountains": r"clouds?|mirror\w*|lakes?|water|rivers?|reflections?|reflected|fjords?|waterfalls?|hills?|snow\w*|peaks?|firs?|conifers?",
    "sea": r"waves?|crash\w*|foam\w*|water|horizon|sky|sun|clouds?", "lake": r"water|trees?|reflections?|mirror\w*|reflect\w*|mountains?|peaks?|hills?|clouds?", "river": r"water|trees?|banks?",
    "meadow": r"clouds?|grass\w*|flowers?|hills?|sky|wild ?flowers", "garden": r"flowers?|trees?|plants?|leaves", "forest": r"trees?|trunks?|leaves|path",
    "city": r"windows?|towers?|buildings?|streets?|lights?", "street": r"lamps?|shop ?fronts?|windows?|houses?|city|cities|lights?",
    "space": r"stars?|planets?|galax\w*|nebula\w*", "desert": r"sand\w*|sky|sun", "road": r"sky|horizon", "heights": r"sky|clouds?",
    "kitchen": r"tables?|windows?", "room": r"windows?|floor|walls?", "library": r"books?|shelf|shelves", "market": r"stalls?|awnings?",
    "field": r"sky|horizon|flowers?|poppies|poppy", "village": r"houses?|roofs?|snow\w*", "underwater": r"fish(?:es)?|corals?|water|reef",
    "table": r"wood(?:en)?|wall", "island": r"palms?|sea|water|sand|beach", "waterfall": r"water|rocks?|river|jungle|forest|trees?", "ice": r"snow|water",
    "savanna": r"grass|acacias?|trees?", "stage": r"curtains?|spot ?lights?|floor", "studio": r"backdrop|background", "flowers": r"petals?|leaves|garden",
    "workshop": r"tools|bench", "abstract": r"shapes?|colou?rs?|waves?",
}  # fmt: skip
_COLOURS = r"red|orange|yellow|green|blue|purple|violet|pink|white|black|gr[ae]y|brown|golden|silver|turquoise|teal|beige|crimson"
# Judgements, techniques and moods: nothing that could be seen to be missing.
_SAYS_NOTHING = frozenset(
    """
    glides glide mint wooden glow     about above absolutely across against all along amazing among around artistic artstation atmosphere atmospheric
    award away awe back background beautiful beautifully been being below beneath best between big both bright
    brilliant calm camera can candid cinematic clean clear close close-up closeup colorful colourful composition
    confident cool cosy could cozy dark day daylight deep depth detail detailed details digital distance distant do
    does doing done down dramatic dreamlike dslr each eight elegant empty endless enormous epic ethereal every
    exquisite extremely fantastic far fast field-of-view film fine five focus footage foreground forward four front
    full gentle gently get gets getting giant gigantic good gorgeous graceful great had half hand-held has have
    having hd hdr here hidden high highly hq huge hyperrealistic image incredible inside intricate it's just large
    late left lens lifelike light lighting lit little lone lonely long looking lovely low lush made magical
    magnificent majestic make makes making many masterpiece medium middle mighty mm modern mood moody more most much
    mysterious natural naturally nature next nice nine octane off ohwx old-fashioned one only onto out outdoor
    outdoors outside own peaceful perfect perspective photograph photographic photography photorealistic pretty
    professional quality quiet quietly real realism realistic relaxed render rendering resolution rich right
    romantic same scenic sense serene seven several sharp shining shoot shooting should silent simple single six
    slight slightly slow slowly small smooth smoothly so soft softly solitary spectacular splendid standing still
    stunning subject subtle such sunlight sunlit sunny super surreal tall ten texture textured than that then there
    there's thoughtful three through tiny together tones toward towards towering tranquil trending two uhd ultra
    unreal up upon vast velvety vibrant vivid volumetric warm where which while who whose wide wild will within
    wonderful world would young
    """.split()
)


def unheard(text: str, *, kind: str, person: Iterable[Span], known: Sequence[str]) -> list[str]:
    """The words of a lower-case text that nothing here acts on, in their order, each once.

    `kind`: of the scene that is painted for it; `person`: where the painted person is named; `known`: names of tunes.
    """
    taken = bytearray(len(text))
    for start, end in [*_heard(text, kind), *person]:
        taken[start:end] = b"\1" * (end - start)
    if elements.named(text) or person:
        _take(taken, _COLOURS, text)
    own = {part.rstrip("s") for name in known for part in name.lower().split()}
    rest = (word for word in re.finditer(r"[a-z][a-z'-]+", text) if not all(taken[word.start() : word.end()]))
    names = (word[0].strip("'-") for word in rest)
    told = (name for name in names if not (name in words.PLAIN or name in _SAYS_NOTHING or name.rstrip("s") in own))
    aged = re.search(r"\b(?:old(?:er)?|elderly|aged)\b", text) if person else None
    return list(dict.fromkeys([*([aged[0]] if aged else []), *told]))[:MOST]


def _heard(text: str, kind: str) -> Iterator[Span]:
    """Where the words stand that choose scene, things, colours, weather, light, sound-less motion and camera."""
    patterns = [
        words.pattern_of(kind),
        _BESIDE.get(kind),
        _TOLD_APART,
        _LOOKS,
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


def _take(taken: bytearray, pattern: str, text: str) -> None:
    for match in re.finditer(rf"\b(?:{pattern})\b", text):
        taken[match.start() : match.end()] = b"\1" * len(match[0])
