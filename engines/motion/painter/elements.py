# ruff: noqa: E501  a table of things reads better unbroken
"""All things that can be painted: by which words, with which brush, how large, where, in which colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from engines.motion.painter import animals, buildings, objects, vehicles
from engines.motion.painter.pen import Pen

FIGURES = r"explorers?|hikers?|travell?ers?|wanderers?|nomads?|pilgrims?|figures?|dancers?|ballerinas?|runners?|child|children|kids?|people|crowd|soldiers?|knights?|monks?|singers?|farmers?|surfers?|skiers?|cyclists?|warriors?|wizards?|witch(?:es)?|samurai|ninjas?|shepherds?|pirates?|backpackers?"


class Element(NamedTuple):
    words: str
    brush: Callable[[Pen], None]
    size: float  # its height, of the canvas's
    reach: float  # half of its shadow's width, in units of its height
    colour: str
    home: str  # the kind of scene when no place is named
    stands: str = "ground"  # or sky, water, table


_GROUND = {
    "lighthouse": Element(r"lighthouses?", buildings.lighthouse, 0.42, 0.15, "244 240 232", "sea"),
    "castle": Element(r"castles?|fortress|citadel", buildings.castle, 0.36, 0.8, "186 176 164", "mountains"),
    "church": Element(r"church(?:es)?|cathedrals?|chapel|basilica|monastery|abbey", buildings.church, 0.40, 0.6, "206 194 174", "meadow"),
    "temple": Element(r"temples?|pagodas?|shrines?|mosques?|palaces?|taj mahal|ruins", buildings.temple, 0.36, 0.8, "206 120 90", "mountains"),
    "windmill": Element(r"windmills?", buildings.windmill, 0.38, 0.3, "226 214 190", "meadow"),
    "pyramid": Element(r"pyramids?|sphinx", buildings.pyramid, 0.26, 1.2, "222 184 120", "desert"),
    "house": Element(r"houses?|cottages?|cabins?|huts?|barns?|farm ?house|home|mansion|villa", buildings.house, 0.24, 0.9, "232 216 186", "meadow"),
    "bridge": Element(r"bridges?|viaduct|aqueduct|golden gate", buildings.bridge, 0.20, 0.1, "176 160 142", "river", "span"),
    "tower": Element(r"eiffel(?: tower)?|big ben|clock ?tower|towers?", buildings.tower, 0.46, 0.35, "120 104 92", "city"),
    "fountain": Element(r"fountains?", buildings.fountain, 0.20, 0.9, "176 172 164", "garden"),
    "statue": Element(r"statues?|monuments?|sculptures?", buildings.statue, 0.30, 0.3, "168 170 160", "garden"),
    "tent": Element(r"tents?|camping|campsite", buildings.tent, 0.15, 1.0, "226 130 60", "mountains"),
    "tree": Element(r"(?:oak|lone|lonely|old|big|single|giant|apple|maple) trees?|tree|oak|baobab", objects.tree, 0.46, 0.35, "78 138 66", "meadow"),
    "palm": Element(r"palm(?: tree)?s?|coconuts?", objects.palm, 0.42, 0.3, "66 130 70", "sea"),
    "cactus": Element(r"cactus|cacti|saguaros?", objects.cactus, 0.24, 0.3, "86 134 80", "desert"),
    "lamp": Element(r"lanterns?|street ?lamps?|lamp ?posts?", buildings.lamp, 0.36, 0.1, "40 44 46", "street"),
    "train": Element(r"trains?(?! (?:tracks?|station))|locomotives?|steam engine|railway|metro|tram", vehicles.train, 0.13, 2.6, "176 50 44", "field"),
    "bus": Element(r"bus(?:es)?|minibus|camper ?van|vans?", vehicles.bus, 0.17, 1.5, "214 60 50", "street"),
    "truck": Element(r"trucks?(?! (?:slowly |quickly |gently |smoothly )?(?:left|right|in\b|out\b|shot|move))|lorry|lorries|tractors?", vehicles.truck, 0.17, 1.4, "60 110 180", "road"),
    "car": Element(r"cars?|sports ?cars?|taxis?|cabs?|automobile|convertible|ferrari|porsche|race ?car", vehicles.car, 0.13, 1.9, "200 60 48", "road"),
    "motorcycle": Element(r"motor(?:cycle|bike)s?|scooters?|mopeds?|vespa", vehicles.motorcycle, 0.15, 1.0, "180 44 40", "road"),
    "bicycle": Element(r"bicycles?|bikes?", vehicles.bicycle, 0.15, 0.9, "44 120 150", "street"),
    "rocket": Element(r"rockets?|space ?shuttle", vehicles.rocket, 0.50, 0.25, "214 60 50", "desert"),
    "elephant": Element(r"elephants?|mammoths?", animals.elephant, 0.28, 0.7, "140 138 142", "savanna"),
    "giraffe": Element(r"giraffes?", animals.giraffe, 0.42, 0.3, "222 172 96", "savanna"),
    "lion": Element(r"lions?|lioness|tigers?|leopards?|cheetahs?|panthers?|jaguars?", animals.lion, 0.20, 0.8, "212 158 86", "savanna"),
    "camel": Element(r"camels?", animals.camel, 0.28, 0.5, "198 152 98", "desert"),
    "bear": Element(r"bears?|pandas?|grizzly", animals.bear, 0.22, 0.8, "104 74 54", "forest"),
    "deer": Element(r"deers?|stags?|elks?|moose|reindeers?|antelopes?|gazelles?", animals.deer, 0.26, 0.4, "158 112 74", "forest"),
    "cow": Element(r"cows?|cattle|bulls?|buffalos?|bison", animals.cow, 0.19, 0.8, "236 230 222", "meadow"),
    "sheep": Element(r"sheep|lambs?|goats?", animals.sheep, 0.15, 0.6, "232 226 212", "meadow"),
    "horse": Element(r"horses?|pony|ponies|stallion|mare|unicorns?|zebras?|donkeys?", animals.horse, 0.28, 0.5, "116 72 46", "meadow"),
    "dog": Element(r"dogs?|pupp(?:y|ies)|wolf|wolves|fox(?:es)?|husky|labrador|retriever|corgi", animals.dog, 0.18, 0.6, "150 104 66", "meadow"),
    "cat": Element(r"cats?|kittens?|kitty", animals.cat, 0.15, 0.5, "150 132 116", "room"),
    "rabbit": Element(r"rabbits?|bunn(?:y|ies)|hares?", animals.rabbit, 0.14, 0.5, "170 150 132", "meadow"),
    "penguin": Element(r"penguins?", animals.penguin, 0.19, 0.4, "30 32 40", "ice"),
    "bird": Element(r"parrots?|chickens?|hens?|roosters?|turkeys?|peacocks?|sparrows?|robins?|owls?|crows?|ravens?|flamingos?", animals.bird, 0.17, 0.4, "190 90 60", "garden"),
    "mushroom": Element(r"mushrooms?|toadstools?", objects.mushroom, 0.16, 0.7, "206 56 48", "forest"),
    "robot": Element(r"robots?|androids?|cyborgs?", objects.robot, 0.34, 0.4, "70 110 170", "workshop"),
    "snowman": Element(r"snowm[ae]n", objects.snowman, 0.26, 0.35, "200 60 56", "village"),
    "angler": Element(r"fisherm[ae]n|anglers?|fishing(?! (?:boat|net|village|harbou?r))", objects.angler, 0.16, 0.5, "70 110 100", "lake"),
    "figure": Element(FIGURES, objects.figure, 0.15, 0.3, "74 62 70", ""),
    "guitar": Element(r"guitars?|ukulele|violins?|cello|banjo", objects.guitar, 0.42, 0.3, "196 128 66", "stage"),
    "piano": Element(r"pianos?", objects.piano, 0.30, 1.0, "40 36 40", "stage"),
    "chair": Element(r"chairs?|armchairs?|stool|throne", objects.chair, 0.28, 0.4, "166 112 66", "room"),
    "umbrella": Element(r"umbrellas?|parasols?", objects.umbrella, 0.26, 0.4, "200 56 52", "street"),
}  # fmt: skip
_SKY = {
    "balloon": Element(r"(?:hot[ -]air )?balloons?|airships?|zeppelins?", vehicles.balloon, 0.30, 0, "206 64 54", "meadow", "sky"),
    "airplane": Element(r"(?:air|aero)?planes?|jets?|airliners?|aircraft", vehicles.airplane, 0.15, 0, "50 90 160", "heights", "sky"),
    "helicopter": Element(r"helicopters?", vehicles.helicopter, 0.13, 0, "200 60 50", "city", "sky"),
    "saucer": Element(r"ufos?|flying saucers?|space ?ships?|spacecraft|alien ship", vehicles.saucer, 0.12, 0, "168 172 178", "desert", "sky"),
    "flock": Element(r"birds?|seagulls?|gulls?|swallows?|geese|pigeons?|eagles?|hawks?|falcons?", animals.flock, 0.13, 0, "44 46 54", "sea", "sky"),
}  # fmt: skip
_WATER = {
    "boat": Element(r"boats?|sail(?:ing|boats?)?|row ?boats?|ships?|yachts?|canoes?|kayaks?|ferry|cruise|gondolas?", vehicles.boat, 0.22, 0, "150 70 50", "sea", "water"),
    "whale": Element(r"whales?|dolphins?|sharks?|orcas?", animals.whale, 0.14, 0, "66 84 104", "sea", "water"),
    "swan": Element(r"swans?|ducks?|ducklings?", animals.swan, 0.12, 0, "244 244 242", "lake", "water"),
}  # fmt: skip
_TABLE = {
    "cup": Element(r"coffee|espresso|cappuccino|latte|tea|teacups?|cups?|mugs?|matcha", objects.cup, 0.20, 0.6, "236 232 224", "table", "table"),
    "teapot": Element(r"teapots?|kettles?", objects.teapot, 0.22, 0.6, "70 110 140", "table", "table"),
    "bottle": Element(r"bottles?|wine|perfume|champagne|beer|whisky", objects.bottle, 0.34, 0.4, "46 84 62", "table", "table"),
    "cake": Element(r"cakes?|cupcakes?|birthday|pie|dessert", objects.cake, 0.24, 0.9, "236 140 160", "table", "table"),
    "pizza": Element(r"pizzas?", objects.pizza, 0.26, 1.1, "220 160 90", "table", "table"),
    "burger": Element(r"(?:ham|cheese)?burgers?|sandwich(?:es)?", objects.burger, 0.26, 0.9, "214 150 80", "table", "table"),
    "sushi": Element(r"sushi|sashimi|maki", objects.sushi, 0.24, 1.2, "244 120 80", "table", "table"),
    "fruit": Element(r"fruits?|apples?|oranges|lemons?|strawberr(?:y|ies)|pumpkins?|tomato(?:es)?|bananas?|grapes", objects.fruit, 0.22, 0.6, "206 56 48", "table", "table"),
    "vase": Element(r"vases?|bouquets?", objects.vase, 0.40, 0.4, "226 80 110", "table", "table"),
    "candle": Element(r"candles?|candlelight|candlelit", objects.candle, 0.26, 0.5, "244 236 216", "table", "table"),
    "book": Element(r"books?|novels?|diary|notebook", objects.book, 0.16, 0.9, "150 50 50", "table", "table"),
    "clock": Element(r"clocks?|(?:wrist|pocket ?)watch(?:es)?|alarm", objects.clock, 0.24, 0.4, "160 120 70", "table", "table"),
    "laptop": Element(r"laptops?|computers?", objects.laptop, 0.26, 0.7, "60 62 68", "table", "table"),
    "shoe": Element(r"shoes?|sneakers?|boots?", objects.shoe, 0.16, 0.9, "206 60 56", "table", "table"),
}  # fmt: skip
ELEMENTS: Mapping[str, Element] = {**_GROUND, **_SKY, **_WATER, **_TABLE}


def named(text: str) -> dict[str, str]:
    """The things that a text names, in its order, each once, and by which word; no word counts for two of them."""
    hits = sorted(
        (match.start(), -len(match[0]), name, match.end())
        for name, element in ELEMENTS.items()
        for match in re.finditer(rf"(?<![\w-])(?:{element.words})(?![\w-])", text)
    )
    found: dict[str, str] = {}
    end = -1
    for start, _length, name, stop in hits:
        if start >= end:
            found.setdefault(name, text[start:stop])
            end = stop
    return found
