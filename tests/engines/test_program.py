"""What the words of a prompt make the camera, the weather and the light do; and what they leave alone."""

import pytest

from engines.motion.program import read

# sentence → the moves in order, as (op, sign); −1 is left, down, counter-clockwise
MOVES = [
    ("pan left", [("pan", -1)]),
    ("pan right", [("pan", 1)]),
    ("slow pan to the left", [("pan", -1)]),
    ("the camera pans across the valley", [("pan", 1)]),
    ("camera pans from right to left", [("pan", -1)]),
    ("whip pan to the left", [("pan", -1), ("dolly_in", 1)]),
    ("camera sweeps left", [("pan", -1)]),
    ("zoom in", [("zoom_in", 1)]),
    ("slowly zoom in on her face", [("zoom_in", 1)]),
    ("crash zoom into the window", [("zoom_in", 1)]),
    ("a slow zoom", [("zoom_in", 1)]),
    ("zoom out", [("zoom_out", 1)]),
    ("zooming slowly out", [("zoom_out", 1)]),
    ("camera zooms away", [("zoom_out", 1)]),
    ("dolly zoom", [("dolly_zoom", 1)]),
    ("vertigo effect", [("dolly_zoom", 1)]),
    ("dolly in", [("dolly_in", 1)]),
    ("push in on the subject", [("dolly_in", 1)]),
    ("camera slowly moves forward through the forest", [("dolly_in", 1)]),
    ("fpv flight over the cliffs", [("dolly_in", 1)]),
    ("drone shot over the mountains", [("dolly_in", 1)]),
    ("the camera glides through the hall", [("dolly_in", 1)]),
    ("pull back to reveal the castle", [("dolly_out", 1)]),
    ("camera moves back", [("dolly_out", 1)]),
    ("dolly out slowly", [("dolly_out", 1)]),
    ("dolly left", [("truck", -1)]),
    ("tracking shot", [("truck", 1)]),
    ("camera drifts to the left", [("truck", -1)]),
    ("truck right", [("truck", 1)]),
    ("parallax effect", [("truck", 1)]),
    ("orbit left around the statue", [("orbit", -1)]),
    ("an orbital shot of the tower", [("orbit", 1)]),
    ("the camera circles the tower, orbiting right", [("orbit", 1)]),
    ("tilt up", [("tilt", 1)]),
    ("tilt down to the shoes", [("tilt", -1)]),
    ("pan up", [("tilt", 1)]),
    ("camera looks down", [("tilt", -1)]),
    ("crane up over the roofs", [("pedestal", 1)]),
    ("the camera descends", [("pedestal", -1)]),
    ("camera rolls clockwise", [("roll", 1)]),
    ("rotate counterclockwise", [("roll", -1)]),
    ("he walks slowly towards the camera", [("approach", 1)]),
    ("zoom in, then pan left", [("zoom_in", 1), ("pan", -1)]),
    ("tilt up followed by zoom out", [("tilt", 1), ("zoom_out", 1)]),
    ("pan left and zoom in", [("pan", -1), ("zoom_in", 1)]),
    ("zoom in and push in closer", [("zoom_in", 1)]),
    ("no zoom, pan right", [("pan", 1)]),
    ("<lora:123:1> zoom in --fps 24", [("zoom_in", 1)]),
]
# Not a word of these is for the camera.
CONTENT = [
    "",
    "a company dinner in japan",
    "a panda in red pants",
    "sunrise over the fields",
    "train tracks left of the barn",
    "a shaky bridge",
    "a tripod on the beach",
    "rolling hills",
    "close up shot of a rose",
    "a frying pan of eggs",
    "peter pan in the garden",
    "birds flying over the sea",
    "a harbour crane at dusk",
    "a truck on the road",
    "she pulls back her hair",
    "she tilts her head",
    "a zoom lens on the table",
    "a tilt-shift photograph of a town",
    "a dolly parton concert",
    "children roll in the grass",
    "a circle of stones",
    "static electricity in her hair",
    "a still lake",
    "an arc of light",
    "the sweep of the coast",
    "a push cart",
    "a pancake breakfast",
    "spandex and trumpets",
    "the company car park",
    "a tracksuit on a hanger",
    "a rolling pin",
    "a rising star of the opera",
    "she rises early",
    "an architect at her desk",
    "a moving letter",
    "a fly on the wall",
    "he looks left",
    "a tilted hat",
    "a boomerang on the grass",
    "a reveal party cake",
    "a drone delivering a parcel",
    "a shaker of salt",
    "a fixed gear bicycle",
    "a locked door",
    "a zoo in the rain",
    "zoom call with grandma",
    "orbital sander",
]


@pytest.mark.parametrize(("sentence", "moves"), MOVES)
def test_hears_the_moves(sentence, moves):
    program = read(sentence, duration=5, seed=1)

    assert [(move.op, move.sign) for move in program.camera] == moves
    assert not program.default


@pytest.mark.parametrize("sentence", CONTENT)
def test_leaves_content_alone(sentence):
    program = read(sentence, duration=5, seed=1)

    assert program.default
    assert not program.shake
    assert [move.op for move in program.camera] == ["dolly_in", "truck"]


@pytest.mark.parametrize(
    "sentence",
    [
        "static shot",
        "locked-off camera",
        "no camera movement",
        "the camera does not move",
        "fixed camera",
        "camera stays still",
    ],
)
def test_static_words_hold_the_camera_while_the_picture_breathes(sentence):
    program = read(sentence, duration=5, seed=1)

    assert program.static
    assert program.camera == ()
    assert program.local["breathe"] == 1.0


@pytest.mark.parametrize(
    ("sentence", "factor"),
    [
        ("pan left", 1.0),
        ("slow pan left", 0.65),
        ("very slow pan left", 0.4),
        ("subtle pan left", 0.5),
        ("quick pan left", 1.6),
    ],
)
def test_speed_words_scale_a_move(sentence, factor):
    program = read(sentence, duration=4, seed=1)

    assert program.camera[0].amount == pytest.approx(min(0.027 * 4 * factor, 0.17))


def test_a_speed_word_does_not_reach_across_a_comma():
    program = read("slow rain, pan left", duration=5, seed=1)

    assert program.camera[0].amount == pytest.approx(0.027 * 5)


def test_consecutive_moves_share_the_time():
    program = read("zoom in; pan left; tilt up", duration=6, seed=1)

    assert [(move.t0, move.t1) for move in program.camera] == [
        (0, pytest.approx(1 / 3)), (pytest.approx(1 / 3), pytest.approx(2 / 3)), (pytest.approx(2 / 3), 1),
    ]  # fmt: skip


def test_a_target_becomes_the_zooms_anchor():
    assert read("zoom in on the sky", duration=5, seed=1).camera[0].target == "sky"
    assert read("zoom in", duration=5, seed=1).camera[0].target == "subject"


@pytest.mark.parametrize(
    ("sentence", "group", "kinds"),
    [
        ("snow is falling, snowfall", "atmosphere", {"snow": 1.0}),
        ("a blizzard, heavy snow", "atmosphere", {"blizzard": 1.0}),
        ("a woman in a snow jacket", "atmosphere", {}),
        ("heavy rain", "atmosphere", {"rain": 1.6}),
        ("no rain", "atmosphere", {}),
        ("thick fog", "atmosphere", {"fog": 1.5}),
        ("cherry blossom petals", "atmosphere", {"petals": 1.0}),
        ("golden hour", "light", {"warm": 1.0}),
        ("night falls", "light", {"night": 1.0}),
        ("the day turns to night", "light", {"night": 1.0}),
        ("from day to night", "light", {"night": 1.0}),
        ("nightfall over the village", "light", {"night": 1.0}),
        ("it gets dark", "light", {"night": 1.0}),
        ("a city at night", "light", {}),
        ("a knight in armour", "light", {}),
        ("the night turns to day", "light", {"day": 1.0}),
        ("the sun breaks through", "light", {"day": 1.0}),
        ("light leaks", "light", {"leak": 1.0}),
        ("subtle lens flare", "light", {"flare": 0.5}),
        ("a flared skirt", "light", {}),
        ("a leaking tap", "light", {}),
        ("no lens flare", "light", {}),
        ("candlelight", "light", {"flicker": 1.0}),
        ("the fireplace flickers", "light", {"flicker": 1.0}),
        ("lightning over the sea", "light", {"lightning": 1.0}),
        ("flying sparks", "atmosphere", {"embers": 1.0}),
        ("a spark of hope", "atmosphere", {}),
        ("a fog lamp", "atmosphere", {"fog": 1.0}),
        ("dust motes in the light", "atmosphere", {"dust": 1.0}),
        ("a snowboard", "atmosphere", {}),
        ("a train of thought", "atmosphere", {}),
        ("brain scan", "atmosphere", {}),
        ("autumn leaves falling", "atmosphere", {"leaves": 1.0}),
        ("he leaves the house", "atmosphere", {}),
        ("without fog", "atmosphere", {}),
        ("drizzle", "atmosphere", {"rain": 1.0}),
        ("a timelapse of the clouds", "local", {"clouds": 1.0}),
        ("clouds drifting", "local", {"clouds": 1.0}),
        ("a window", "local", {}),
        ("a wavy haircut", "local", {}),
        ("waves on the sea", "local", {"ripple": 1.0}),
        ("hair blowing in the wind", "local", {"sway": 1.0}),
    ],
)
def test_hears_weather_light_and_wind(sentence, group, kinds):
    assert getattr(read(sentence, duration=5, seed=1), group) == kinds


def test_the_negative_text_only_takes_away():
    program = read("zoom in, snowfall", negative="zoom, snowfall, rain", duration=5, seed=1)

    assert program.atmosphere == {}
    assert not program.has("zoom_in", "dolly_in")


@pytest.mark.parametrize(
    ("sentence", "actions"),
    [
        ("she smiles and dances", ("smiles", "dances")),
        ("a man walking in the rain", ("walking",)),
        ("he turns his head", ("turns",)),
        ("they are talking", ("talking",)),
        ("she does not smile", ()),
        ("he walks towards the camera", ()),
        ("running water", ()),
        ("waves on the shore", ()),
        ("a stand of trees", ()),
    ],
)
def test_actions_of_bodies_are_named_as_unsupported(sentence, actions):
    assert read(sentence, duration=5, seed=1).unsupported == actions


def test_reading_the_same_twice_gives_the_same_program():
    assert read("orbit, fog", duration=5, seed=4) == read("orbit, fog", duration=5, seed=4)


def test_an_orbit_without_a_side_takes_its_seeds():
    assert [read("orbit", duration=5, seed=seed).camera[0].sign for seed in (2, 3)] == [-1, 1]


@pytest.mark.parametrize(
    ("sentence", "moves"),
    [
        ("whip pan left", [("pan", 2.2, 2.8), ("dolly_in", 0.0, 5.0)]),
        ("crash zoom in on her face", [("zoom_in", 2.2, 2.8)]),
        ("whip pan left, then dolly in", [("pan", 0.95, 1.55), ("dolly_in", 2.5, 5.0)]),
        ("fast pan left", [("pan", 0.0, 5.0)]),
    ],
)
def test_a_sudden_move_is_over_in_the_middle_of_its_time_and_nothing_stands_still_around_it(sentence, moves):
    known = read(sentence, duration=5.0, seed=1)

    assert [(move.op, round(5 * move.t0, 6), round(5 * move.t1, 6)) for move in known.camera] == moves
