# ruff: noqa: E501  one line a kind reads as the table it is
"""What a text asks to be painted: the place, the things in it, and what nobody here can paint.

A place beats a thing ("a car in a desert" is a desert), a thing beats an adjective ("urban garden" is a garden), and a
manner of picture ("portrait", "close-up") comes last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLACES = (
    ("space", r"space|galax\w*|nebula\w*|universe|outer space"),
    ("garden", r"gardens?|courtyards?|orchards?|greenhouse|park"),
    ("stage", r"stage|theat(?:re|er)|opera|concert|nightclub|dance ?floor|ballroom"),
    ("room", r"(?:bed|living|dining|class|bath)?rooms?|interior|kitchen|office|caf[eé]|sofa|couch|bed|library|restaurant|museum|attic|apartment|house interior|hallway"),
    ("city", r"city|cities|streets?|skyline|downtown|skyscrapers?|tokyo|new york|paris|london|alley|town|rooftops?|boulevard|avenue|highway"),
    ("desert", r"desert|dunes?|sahara"),
    ("sea", r"sea|ocean|beach|coast\w*|island|harbou?r|underwater|shores?|lagoon|lighthouse|seaside"),
    ("forest", r"forests?|woods|woodland|jungle|rain ?forest"),
    ("meadow", r"meadows?|fields?|farm|hills?|prairie|countryside|village|pasture"),
    ("mountains", r"mountains?|alps?|peaks?|valley|cliffs?|glacier|himalaya|lakes?|canyon|landscape"),
    ("abstract", r"abstract|geometric|fractal"),
    ("studio", r"studio|backdrop"),
)  # fmt: skip
_THINGS = (
    ("space", r"planets?|cosm\w*|astronauts?|orbiting|asteroids?|spaceships?|stars"),
    ("city", r"buildings?|cyberpunk|cars?|taxi|traffic|bus"),
    ("desert", r"camels?|pyramids?|cactus|cacti|sand"),
    ("sea", r"waves?|boats?|ships?|sail\w*|surf\w*|tropical|water|palms?|dolphins?|whales?|seagulls?"),
    ("forest", r"trees?|fox|deer|bears?|mushrooms?|bamboo"),
    ("meadow", r"grass\w*|flowers?|horses?|sheep|cows?|picnic|dogs?|butterfl\w*"),
    ("mountains", r"castle|dragon|snow|river|waterfall"),
    ("room", r"cats?|kitten|piano|armchair"),
    ("stage", r"dancers?|ballerina|singer|band"),
    ("abstract", r"pattern|fluid|liquid|gradient|colou?rs|paint|ink|music|dream"),
)  # fmt: skip
_MANNERS = (
    ("city", r"urban"),
    ("studio", r"portrait|headshot|product|closeup|close-up|fashion|model|perfume|bottle|watch|shoes?"),
)

FIGURES = r"explorers?|hikers?|travell?ers?|wanderers?|nomads?|pilgrims?|figures?|dancers?|ballerinas?|runners?|child|children|kids?|people|crowd|soldiers?|knights?|monks?|singers?|farmers?|fisherm[ae]n|surfers?|skiers?|cyclists?|warriors?|wizards?|samurai|ninjas?"
_PAINTED: tuple[tuple[str, str], ...] = (
    ("lighthouse", r"lighthouse"),
    ("car", r"cars?|sports ?car|taxi|automobile|convertible"),
    ("sofa", r"sofa|couch"),
    ("horse", r"horses?|pony|stallion|mare"),
    ("dog", r"dogs?|pupp(?:y|ies)|wolf|wolves|fox(?:es)?|husky|labrador"),
    ("cat", r"cats?|kittens?"),
    ("figure", FIGURES),
)  # fmt: skip

# Common subjects that no brush here can paint. One of many is named with an article, several by their plural.
_STRANGE = (
    r"robot|android|dragon|unicorn|dinosaur|monster|alien|zombie|mermaid|bicycle|bike|motorcycle|motorbike|scooter|train|"
    r"airplane|aeroplane|plane|jet|helicopter|rocket|spaceship|spacecraft|ufo|submarine|tank|bus|tram|tractor|bird|eagle|owl|"
    r"parrot|crow|swan|duck|penguin|seagull|chicken|rooster|butterfly|bee|spider|fish|shark|whale|dolphin|octopus|turtle|"
    r"jellyfish|frog|elephant|lion|tiger|leopard|giraffe|zebra|bear|panda|monkey|gorilla|rabbit|bunny|deer|cow|bull|pig|goat|"
    r"camel|snake|crocodile|squirrel|mouse|castle|palace|temple|church|cathedral|bridge|windmill|pyramid|statue|fountain|"
    r"waterfall|piano|guitar|violin|drum|saxophone|pizza|burger|cake|sandwich|apple|strawberry|coffee|teacup|teapot|cup|mug|"
    r"bottle|wristwatch|shoe|sneaker|handbag|phone|smartphone|laptop|computer|book|chair|table|umbrella|balloon|kite|sword|"
    r"shield|helmet|crown|clock|candle|chandelier|telescope|camera|mushroom|cactus|rose|pumpkin|snowman|treasure chest|"
    r"hot air balloon|ferris wheel|carousel|skateboard|surfboard|baby"
)  # fmt: skip
_ONE = re.compile(
    rf"\b(?:a|an|the|one|this|that|my|his|her|their|its)(?: (?!(?:in|on|at|of|and|with|over|is)\b)[\w-]+){{0,2}} (?P<noun>{_STRANGE})\b"
    r"(?! (?:tracks?|station|shot|move|moves|pans?|zooms?|tilts?|view|angle|lens|effect|movement|orbits?|glides?|drifts?|follows?|dolly|flies|rises|descends|circles|rolls|stays|does|is|shakes?|pulls?|pushes|slowly|quickly|gently|smoothly|driver|player|garden|shop|store))"
)
_MANY = re.compile(
    r"\b(?P<noun>robots|dragons|unicorns|dinosaurs|monsters|aliens|zombies|bicycles|bikes|motorcycles|trains|airplanes|planes|"
    r"helicopters|rockets|spaceships|birds|eagles|owls|parrots|swans|ducks|penguins|seagulls|chickens|butterflies|bees|fishes|"
    r"sharks|whales|dolphins|turtles|jellyfish|elephants|lions|tigers|giraffes|zebras|bears|pandas|monkeys|rabbits|cows|sheep|"
    r"goats|camels|snakes|castles|temples|bridges|windmills|pyramids|statues|fountains|waterfalls|guitars|balloons|kites|"
    r"lanterns|umbrellas|candles|books|bottles|cakes|sneakers|mushrooms|cacti|roses|snowmen)\b"
)


def kind(text: str, *, people: bool) -> str:
    """The scene's kind: by the first place that is named, else the first thing, else the manner.

    Portraits stand in a studio, what is not known at all before mountains, and no words are an abstract.
    """
    for table in (_PLACES, _THINGS):
        if found := _first(table, text):
            return found
    if people and not _first(_MANNERS[:1], text):
        return "studio"
    return _first(_MANNERS, text) or ("mountains" if text.strip() else "abstract")


def _first(table: Sequence[tuple[str, str]], text: str) -> str | None:
    hits = [(match.start(), name) for name, words in table if (match := re.search(rf"\b(?:{words})\b", text))]
    return min(hits)[1] if hits else None


def things(text: str) -> list[str]:
    """The things of the text that can be painted, each once."""
    return [name for name, words in _PAINTED if re.search(rf"\b(?:{words})\b", text)]


def unpainted(text: str, *, known: Sequence[str] = ()) -> list[str]:
    """The subjects that are named and can't be painted, by their own words; `known` are the names of tunes."""
    found = sorted((match.start("noun"), match["noun"]) for one in (_ONE, _MANY) for match in one.finditer(text))
    names = dict.fromkeys(noun for _start, noun in found)
    return [
        noun for noun in names if noun not in known and noun.rstrip("s") not in {name.rstrip("s") for name in known}
    ]
