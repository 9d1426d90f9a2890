# ruff: noqa: E501  one line a kind reads as the table it is
"""What a text asks to be painted: the place, the things in it, and what nobody here can paint.

A place beats a thing ("a car in a desert" is a desert), a thing beats an adjective ("urban garden" is a garden), and a
manner of picture ("portrait", "close-up") comes last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engines.motion.painter import elements
from engines.motion.painter.plain import PLAIN

# These say more than a place that is named beside them: a waterfall in a jungle, a street of a city.
_FEATURES = (
    ("waterfall", r"waterfalls?|cascade"),
    ("market", r"market ?(?:place|stalls?)?s?|bazaar|souk|fair"),
    ("library", r"librar(?:y|ies)|bookshelf|bookshelves|bookstore|bookshop"),
    ("kitchen", r"kitchens?"),
    ("village", r"villages?|hamlet"),
    ("street", r"(?<!wall )streets?|alleys?|alleyway|boulevard|avenue|side ?walk|pavement|lane"),
    ("underwater", r"under ?water|coral(?: reef)?|reef|seabed|sea ?floor|aquarium"),
    ("island", r"islands?|atoll"),
)  # fmt: skip
_PLACES = (
    ("space", r"space|galax\w*|nebula\w*|universe|outer space|milky way"),
    ("garden", r"gardens?|courtyards?|orchards?|greenhouse|park"),
    ("stage", r"stage|theat(?:re|er)|opera|concert|nightclub|dance ?floor|ballroom|circus"),
    ("room", r"(?:bed|living|dining|class|bath)?rooms?|interior|office|sofa|couch|bed|museum|attic|apartment|house interior|hallway"),
    ("table", r"caf[eé]|restaurant|bakery|tables?|tabletop|breakfast|dinner|picnic"),
    ("workshop", r"laborator(?:y|ies)|lab|factory|spaceship interior|workshop|garage|hangar"),
    ("city", r"city|cities|skyline|downtown|skyscrapers?|tokyo|new york|paris|london|town|rooftops?|metropolis"),
    ("road", r"roads?|highways?|motorways?|freeway|route 66"),
    ("desert", r"desert|dunes?|sahara"),
    ("ice", r"arctic|antarctica?|ice ?bergs?|north pole|south pole|polar|tundra"),
    ("savanna", r"savann?ah?s?|safari|serengeti|africa"),
    ("sea", r"sea|ocean|beach(?:es)?|coast\w*|harbou?r|shores?|lagoon|lighthouse|seaside|bay"),
    ("forest", r"forests?|woods|woodland|jungle|rain ?forest|grove"),
    ("field", r"(?:corn|wheat|rice|lavender|sunflower|tulip|poppy)? ?fields?|farmland|vineyards?|plantation"),
    ("meadow", r"meadows?|farm|hills?|prairie|countryside|pasture|grassland"),
    ("lake", r"lakes?|ponds?|fjords?"),
    ("river", r"rivers?|streams?|creek|brook|canals?|venice"),
    ("heights", r"(?:above|over|in|through|among) the clouds|stratosphere|in the sky"),
    ("mountains", r"mountains?|alps?|peaks?|valley|cliffs?|glacier|himalayas?|canyon|landscape|volcano\w*"),
    ("abstract", r"abstract|geometric|fractal"),
    ("studio", r"studio|backdrop"),
)  # fmt: skip
_THINGS = (
    ("space", r"planets?|cosm\w*|astronauts?|orbiting|asteroids?|stars|moon|mars|saturn|jupiter|comet|black hole"),
    ("city", r"buildings?|cyberpunk|traffic"),
    ("desert", r"sand|oasis"),
    ("sea", r"waves?|surf\w*|tropical|water|tide"),
    ("underwater", r"fish(?:es)?|jellyfish|octopus|turtles?|mermaid|submarine"),
    ("forest", r"trees?|bamboo|woodpecker|squirrels?"),
    ("flowers", r"flowers?|(?<!sun )(?<!moon )roses?|sunflowers?|tulips?|daisies|daisy|lavender|orchids?|lotus|lil(?:y|ies)|blossoms?|poppies|petals|butterfl(?:y|ies)|bees?"),
    ("meadow", r"grass\w*"),
    ("heights", r"clouds?|sky"),
    ("mountains", r"dragons?|snow|hik(?:e|ing)|ski(?:ing)?|climb\w*"),
    ("stage", r"dancers?|ballerina|ballet|singer|band|musician|orchestra"),
    ("room", r"sleeping|bedtime|home"),
    ("abstract", r"pattern|fluid|liquid|gradient|colou?rs|paint|ink|music|dream\w*|shapes"),
)  # fmt: skip
_MANNERS = (
    ("city", r"urban"),
    ("studio", r"portrait|headshot|product|closeup|close-up|fashion|model|product shot"),
)

# Common subjects that no brush here can paint. Words that are often something else count only after an article.
_STRANGE = (
    r"volcano(?:es|s)?|dragons?|dinosaurs?|t-?rex|monsters?|aliens?|zombies?|mermaids?|submarines?|spiders?|octopus(?:es)?|turtles?|tortoises?|jellyfish|"
    r"frogs?|crocodiles?|alligators?|monkeys?|gorillas?|chimpanzees?|pigs?|piglets?|snakes?|squirrels?|hedgehogs?|koalas?|kangaroos?|sloths?|"
    r"butterfl(?:y|ies)|bees|ladybugs?|drums|drum kit|saxophones?|trumpets?|flutes?|handbags?|purses?|smartphones?|telephones?|"
    r"swords?|shields?|helmets?|chandeliers?|telescopes?|microscopes?|treasure chests?|ferris wheels?|carousels?|roller ?coasters?|"
    r"skateboards?|surfboards?|bab(?:y|ies)|toddlers?|skulls?|skeletons?|ghosts?|vampires?|angels?|fair(?:y|ies)|"
    r"teddy bears?|toys?|dolls?|lego|chess(?:board)?|ramen|noodles|pasta|spaghetti|ice cream|steak|salad|tacos?|donuts?|croissants?|"
    r"jewel(?:le)?ry|necklaces?|perfume|lipstick|sunglasses|backpacks?|hats?|dress(?:es)?|spacesuits?|satellites?|space station"
)
_AFTER_ARTICLE = r"bee|fly|mouse|drum|phone|crown|camera|kite|tank|key|ring|fan|watch|drone|ball|mask|flag|wheel|gun|knife|spoon|fork|bag|box|desk|window|door|mirror|ladder|boomerang|anchor|compass|map|globe"
_ARTICLES = r"(?:a|an|the|one|two|three|this|that|my|his|her|their|its|some|many)"
_NOT_THEN = r"(?! (?:tracks?|station|shot|move|moves|pans?|zooms?|tilts?|view|angle|lens|effect|movement|orbits?|glides?|drifts?|follows?|dolly|flies|rises|descends|circles|rolls|stays|does|is|shakes?|pulls?|pushes|slowly|quickly|gently|smoothly|driver|player|shop|store))"
_BARE = re.compile(rf"(?<![\w-])(?P<noun>{_STRANGE})(?![\w-]){_NOT_THEN}")
_ONE = re.compile(
    rf"\b{_ARTICLES}(?: (?!(?:in|on|at|of|and|with|over|is)\b)[\w-]+){{0,2}} (?P<noun>{_AFTER_ARTICLE})(?![\w-]){_NOT_THEN}"
)


@dataclass(frozen=True)
class Scene:
    """What a text asks for. `things`: element → the word it was named by; `unknown`: what no brush paints."""

    kind: str
    things: dict[str, str]
    placed: bool  # a place was named, not only things that belong to one
    unknown: tuple[str, ...]


def read(text: str, *, people: bool = False, known: Sequence[str] = ()) -> Scene:
    """From lower-case text without tags. `people`: somebody will be painted; `known`: names of tunes.

    Portraits stand in a studio, what is not known at all before mountains, and no words are an abstract.
    """
    things, place = elements.named(text), _first(_FEATURES, text) or _first(_PLACES, text)
    kind = (
        place
        or next((home for name in things if (home := elements.ELEMENTS[name].home)), None)
        or _first(_THINGS, text)
    )
    unknown = _strange(text, known)
    if kind is None and people and not _first(_MANNERS[:1], text):
        kind = "studio"
    if kind is None and (kind := _first(_MANNERS, text)) is None:
        kind = "mountains" if text.strip() else "abstract"
        unknown = unknown or _about(text, known)
    return Scene(kind, things, place is not None, unknown)


def pattern_of(kind: str) -> str | None:
    """All words by which a kind of scene is named, as one pattern."""
    tables = (*_FEATURES, *_PLACES, *_THINGS, *_MANNERS)
    return "|".join(pattern for name, pattern in tables if name == kind) or None


def _first(table: Sequence[tuple[str, str]], text: str) -> str | None:
    hits = [(match.start(), name) for name, words in table if (match := re.search(rf"\b(?:{words})\b", text))]
    return min(hits)[1] if hits else None


def _strange(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The subjects that are named and that no brush paints, by their own words."""
    text = re.sub(r"\b(at|into|towards?) the (?:camera|viewer)\b", r"\1 ", text)
    found = sorted((match.start("noun"), match["noun"]) for one in (_BARE, _ONE) for match in one.finditer(text))
    painted = set(elements.named(text).values())
    return tuple(
        noun for noun in dict.fromkeys(noun for _start, noun in found) if noun not in painted and not _is(noun, known)
    )


def _is(noun: str, known: Sequence[str]) -> bool:
    return noun.rstrip("s") in {name.lower().rstrip("s") for name in known}


def _about(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The subject of a text of up to three words that no table knows: the last of them that is not a plain one."""
    words = [word for word in re.findall(r"[a-z][a-z-]+", text) if word not in PLAIN] if text.count(" ") < 3 else []
    return tuple(word for word in words[-1:] if not _is(word, known))
