import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prompts import syntax
from prompts.syntax import Reference

ALPS = "<lora:1533312:1.0> ohwx woman hiking in the alps"
GARDEN = (
    "<lora:1533312:1.0> A highly detailed image of thoughtful ohwx woman exploring a hidden urban garden, her J. Crew "
    "khaki midi skirt and linen blouse complementing the peaceful surroundings"
)
GARDEN_FLAGS = '--video --video_prompt "Woman looking at the camera, smiling, puts hands on her hips, confident"'
GARDEN_BLOCK = """num_images=1
negative_prompt=
seed=
steps=
cfg_scale=
controlnet=
input_image_url=
mask_image_url=
denoising_strength=
controlnet_conditioning_scale=
controlnet_txt2img=false
super_resolution=true
inpaint_faces=true
face_correct=false
film_grain=false
face_swap=false
hires_fix=false
backend_version=0
ar=1:1
scheduler=euler_a
color_grading=
use_lpw=false
w=1280
h=720
style=
tune_id=1504944"""
GARDEN_FIELDS = {
    "num_images": "1", "controlnet_txt2img": "false", "super_resolution": "true", "inpaint_faces": "true",
    "face_correct": "false", "film_grain": "false", "face_swap": "false", "hires_fix": "false", "backend_version": "0",
    "ar": "1:1", "scheduler": "euler_a", "use_lpw": "false", "w": "1280", "h": "720", "tune_id": "1504944",
}  # fmt: skip
SMILING = "Woman looking at the camera, smiling, puts hands on her hips, confident"


# --- the documents' own examples -------------------------------------------------------------------------------


def test_video_alone():
    legacy = syntax.read(f"{ALPS} --video")

    assert (legacy.text, legacy.asks_for_video, legacy.fields) == (ALPS, True, {})
    assert legacy.source_text == f"{ALPS} --video"


def test_a_video_prompt_alone_also_asks_for_a_video():
    legacy = syntax.read(f'<lora:1533312:1.0>  ohwx woman hiking in the alps --video_prompt "{SMILING}"')

    assert legacy.text == "<lora:1533312:1.0>  ohwx woman hiking in the alps"
    assert (legacy.asks_for_video, legacy.fields) == (True, {"video_prompt": SMILING})


def test_the_example_prompt():
    legacy = syntax.read(f"{GARDEN} {GARDEN_FLAGS}")

    assert (legacy.text, legacy.asks_for_video, legacy.fields) == (GARDEN, True, {"video_prompt": SMILING})
    assert legacy.references == [Reference("lora", 1533312, None, 1.0, "<lora:1533312:1.0>")]


def test_the_copied_prompt_with_its_block():
    legacy = syntax.read(f"{GARDEN} {GARDEN_FLAGS}\n{GARDEN_BLOCK}")

    assert (legacy.text, legacy.asks_for_video) == (GARDEN, True)
    assert legacy.block == GARDEN_FIELDS
    assert legacy.video == {"video_prompt": SMILING}


def test_the_flags_of_before_2026():
    legacy = syntax.read(
        f'{ALPS} --video --video_model seedance_v15_720p --duration 5 --video_prompt "Woman looking at the camera, smiling, confident"'
    )

    assert legacy.text == ALPS
    assert legacy.fields == {
        "video_model": "seedance_v15_720p",
        "video_duration": "5",
        "video_prompt": "Woman looking at the camera, smiling, confident",
    }


# --- flags -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left", "video"),
    [
        ("a fox --video_model 480p", "a fox", {"video_model": "480p"}),
        ("a fox --video_model=480p --duration=10", "a fox", {"video_model": "480p", "video_duration": "10"}),
        ("--video a fox", "a fox", {}),
        ("a --video fox", "a fox", {}),
        ("a fox\n--video\nin the snow", "a fox\n\nin the snow", {}),
        ("a fox --video\r\nin the snow", "a fox\r\nin the snow", {}),
        ("a fox --video\n\n  in the snow", "a fox\n\n  in the snow", {}),
        ("a fox --video --video", "a fox", {}),
        ("a fox --duration 5 --duration 10 --video", "a fox", {"video_duration": "10"}),
        ("it's a fox's tail --video", "it's a fox's tail", {}),
        ("""a fox --video_prompt "she's \\"quick\\", isn't she" now""", "a fox now", {"video_prompt": """she's "quick", isn't she"""}),
        ('a fox --video_prompt "runs"jumps', "a fox jumps", {"video_prompt": "runs"}),
        ('a fox --video_prompt="runs far" --video', "a fox", {"video_prompt": "runs far"}),
        ("a fox --video_prompt “runs far”", "a fox", {"video_prompt": "runs far"}),
        ("a fox --video_prompt runs far --video", "a fox", {"video_prompt": "runs far"}),
        ("a fox --video_prompt runs far\nin the snow", "a fox\nin the snow", {"video_prompt": "runs far"}),
        ('a fox --video_prompt "runs --duration 5"', "a fox", {"video_prompt": "runs --duration 5"}),
        ('a fox --video_prompt "  "', "a fox", {}),
        ("a fox --video_model --duration 5", "a fox", {"video_duration": "5"}),
        ("a fox --video --duration soon", "a fox", {"video_duration": "soon"}),
        ('a 5" screen --video', 'a 5" screen', {}),
        ('a sign "--duration 5" --video', 'a sign "--duration 5"', {}),
    ],
)  # fmt: skip
def test_video_flags_leave_the_text(text, left, video):
    legacy = syntax.read(text)

    assert (legacy.text, legacy.video, legacy.source_text) == (left, video, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a fox in the snow",
        "  a fox,\n\n\tindented  ",
        "a fox --ar 9:16 --v 6.0 --stylize 250",
        "a fox --videos",
        "a fox --video-model 480p",
        "a fox --VIDEO",
        "a fox—--video",
        "a fox x--video",
        "a fox --video=no",
        "the {{eye_color}} eyes of a <lora:12:1> fox",
        'a sign that says "--video"',
        'an open "quotation --video',
        'a fox --video_prompt "runs',
        "a fox --video_prompt “runs",
        'ends in a backslash "\\',
    ],
)
def test_everything_else_is_text_and_stays_as_it_is(text):
    legacy = syntax.read(text)

    assert (legacy.text, legacy.fields, legacy.asks_for_video) == (text, {}, False)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("a --video", True), ("a --video_model 480p", True), ("a --video_prompt b", True), ("a --duration 5", False)],
)
def test_which_flags_ask_for_a_video(text, asks):
    assert syntax.read(text).asks_for_video is asks


def test_flags_of_the_image_stage_are_recorded_and_stay_in_the_text():
    text = 'a room --mask_prompt windows door --mask_invert --mask_dilate -10% --outpaint_prompt "wide --video hall" --ar 9:16'

    legacy = syntax.read(text)

    assert legacy.text == text
    assert legacy.flags == {
        "mask_prompt": "windows door",
        "mask_invert": True,
        "mask_dilate": "-10%",
        "outpaint_prompt": "wide --video hall",
    }


# --- block -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left", "block"),
    [
        ("a fox\nw=512\nh=768\nseed=3", "a fox", {"w": "512", "h": "768", "seed": "3"}),
        ("a fox\r\nw=512\r\nh=768\r\nseed=3\r\n", "a fox", {"w": "512", "h": "768", "seed": "3"}),
        ("a fox\n\nw=512\n\nh=768\nseed=3\n\n", "a fox", {"w": "512", "h": "768", "seed": "3"}),
        ("a fox w=512 h=768 seed=3", "a fox", {"w": "512", "h": "768", "seed": "3"}),
        ("w=512\nh=768\nseed=3", "", {"w": "512", "h": "768", "seed": "3"}),
        ("a fox\nw=\nh=\nseed=", "a fox", {}),
        ("a fox\nw=512\nh=768\nprompt_expansion=undefined", "a fox", {"w": "512", "h": "768"}),
        ("a fox\nw=512\nmade_with=love\nh=768\nseed=3", "a fox", {"w": "512", "h": "768", "seed": "3"}),
        ("a fox num_images=4 negative_prompt=ugly, bad hands seed= style=Digital Art", "a fox",
         {"num_images": "4", "negative_prompt": "ugly, bad hands", "style": "Digital Art"}),
        ("a fox input_image=https://x.example/a.jpg?x=1 w=512 h=512", "a fox",
         {"input_image_url": "https://x.example/a.jpg?x=1", "w": "512", "h": "512"}),
        ("a fox\nw=1\nh=2\nseed=3\nseed=4", "a fox", {"w": "1", "h": "2", "seed": "4"}),
        ("x=1 y=2\nw=512\nh=768\nseed=3", "x=1 y=2", {"w": "512", "h": "768", "seed": "3"}),
    ],
)  # fmt: skip
def test_a_block_of_three_known_keys_leaves_the_text(text, left, block):
    legacy = syntax.read(text)

    assert (legacy.text, legacy.block) == (left, block)


@pytest.mark.parametrize(
    "text",
    [
        "a fox\nw=512\nh=768",
        "a poster that says w=1",
        "w=512\nh=768\nseed=3\nand then some words",
        "a fox\nw=512\nw=513\nw=514",
        "a fox\nx=1\ny=2\nz=3",
        "a fox w=512 h=768 seed=3 of the forest",
        "a fox\nW=512\nH=768\nSEED=3",
    ],
)
def test_fewer_than_three_known_keys_at_the_end_are_words(text):
    legacy = syntax.read(text)

    assert (legacy.text, legacy.block) == (text, {})


@pytest.mark.parametrize(
    "text",
    [
        "a fox --video_model 480p\nw=512\nh=768\nseed=3",
        "a fox\nw=512\nh=768\nseed=3\n--video_model 480p",
        "a fox w=512 h=768 seed=3 --video_model 480p",
    ],
)
def test_flags_and_block_are_found_in_either_order(text):
    legacy = syntax.read(text)

    assert legacy.text == "a fox"
    assert legacy.fields == {"video_model": "480p", "w": "512", "h": "768", "seed": "3"}


def test_a_block_is_found_though_a_quotation_mark_in_it_never_closes():
    legacy = syntax.read('a fox --video\nw=512\nh=768\nnegative_prompt=very "ugly')

    assert (legacy.text, legacy.asks_for_video) == ("a fox", True)
    assert legacy.block == {"w": "512", "h": "768", "negative_prompt": 'very "ugly'}


def test_a_model_in_the_block_asks_for_a_video():
    assert syntax.read("a fox\nw=512\nh=768\nvideo_model=kling25").asks_for_video


# --- fields before block before flags -----------------------------------------------------------------------------


def test_a_field_wins_over_the_block_and_the_block_over_a_flag():
    legacy = syntax.read("a fox --duration 5 --video_model 480p\nvideo_duration=10\nw=512\nh=768")

    merged = syntax.merge(fields={"w": 640, "h": None, "steps": "", "seed": None}, legacy=legacy)

    assert merged == {
        "text": "a fox",
        "video_model": "480p",
        "video_duration": "10",
        "video_prompt": "a fox",
        "w": 640,
        "h": "768",
        "steps": "",
        "seed": None,
    }


def test_a_video_by_flags_gets_the_model_of_old_and_the_words_of_the_text():
    legacy = syntax.read(f"{ALPS} --mask_prompt face --video")

    merged = syntax.merge(fields={}, legacy=legacy)

    assert (merged["video_model"], merged["video_prompt"]) == ("720p", "ohwx woman hiking in the alps")


def test_a_video_by_fields_gets_no_words_from_the_text():
    merged = syntax.merge(fields={"video_model": "kling25", "video_prompt": None}, legacy=syntax.read("a fox"))

    assert merged == {"text": "a fox", "video_model": "kling25", "video_prompt": None}


def test_zero_and_false_are_values():
    legacy = syntax.read("a fox\nseed=3\nsuper_resolution=true\nw=512")

    merged = syntax.merge(fields={"seed": 0, "super_resolution": False}, legacy=legacy)

    assert (merged["seed"], merged["super_resolution"]) == (0, False)


# --- tags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "kind", "id_", "name", "weight"),
    [
        ("<lora:1533312:1.0>", "lora", 1533312, None, 1.0),
        ("<lora:12:0.83>", "lora", 12, None, 0.83),
        ("<lora:12:.5>", "lora", 12, None, 0.5),
        ("<lora:12:-1>", "lora", 12, None, -1.0),
        ("<lora:12>", "lora", 12, None, 1.0),
        ("<LORA:12:0.5>", "lora", 12, None, 0.5),
        ("< Lora : 12 : 0.5 >", "lora", 12, None, 0.5),
        ("<FaceID: 7>", "faceid", 7, None, 1.0),
        ("<lora:film_noir.v2:0.4>", "lora", None, "film_noir.v2", 0.4),
        ("<faceid:123>", "faceid", 123, None, 1.0),
        ("<faceid:123:1>", "faceid", 123, None, 1.0),
        ("<faceid:123:0.7>", "faceid", 123, None, 0.7),
    ],
)
def test_a_tag_names_a_reference(tag, kind, id_, name, weight):
    assert syntax.references(f"a {tag} b") == [Reference(kind, id_, name, weight, tag)]
    assert syntax.malformed(tag) == []


@pytest.mark.parametrize(
    "tag",
    ["<lora:>", "<lora:12:heavy>", "<lora:12:1:2>", "<lora:a b:1>", "<faceid:bob:1>", "<faceid:>", "<lora:12:1e9>",
     "<lora:12:99999>", "<lora:１２:1>", "<lora:12:nan>",
     "<lora 12>", "<LORA>", "<FaceID:bob>"],
)  # fmt: skip
def test_a_tag_that_names_nothing_is_malformed(tag):
    assert syntax.references(tag) == []
    assert syntax.malformed(f"a {tag} b") == [tag]


@pytest.mark.parametrize("text", ["", "a < b", "<lorax 12>", "<b>bold</b>", "lora:12:1"])
def test_other_angles_are_text(text):
    assert syntax.references(text) == []
    assert syntax.malformed(text) == []
    assert syntax.clean(text) == text


def test_references_come_in_order_and_each_once():
    text = "<faceid:7> man <lora:12:0.5> and <lora:12:0.9> with <lora:noir:1>"

    assert [(r.kind, r.id, r.name, r.weight) for r in syntax.references(text)] == [
        ("faceid", 7, None, 1.0),
        ("lora", 12, None, 0.5),
        ("lora", None, "noir", 1.0),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ALPS, "ohwx woman hiking in the alps"),
        ("a <lora:1:1> b", "a b"),
        ("a fox --mask_prompt face background --only_upscale", "a fox"),
        ("a fox --ar 9:16 {{eye_color}}", "a fox --ar 9:16 {{eye_color}}"),
        ("one\n<lora:1:1> two", "one\n two"),
    ],
)
def test_engines_get_the_words_without_tags_and_known_flags(text, words):
    assert syntax.clean(text) == words


# --- whatever comes ----------------------------------------------------------------------------------------------

_PIECES = st.one_of(
    st.sampled_from([
        "--video", "--video ", "--video_model", "--video_prompt", "--duration", "--duration 5", '"', "“", "”", "\\", "'",
        "=", "w=1", "h=2", "seed=3", "x=1", "negative_prompt=", "style=a b", "\n", "\r\n", " ", "\t", "\x0b", "\u2028",
        "<lora:1:1>", "<faceid:", ">", "--mask_prompt", "--", "fox",
    ]),
    st.text(max_size=4),
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
@example('--video_prompt "a"--video b')
@example("w=1\nh=2\nseed=3 --video\nw=1\nh=2\nseed=3")
@example("w=1 h=2 seed=3 --video " * 12)
@example("a fox" + ' --video w=1 h=2 negative_prompt=very "ugly seed=3' * 41)
def test_reading_never_fails_and_reading_what_is_left_finds_nothing_more(text):
    legacy = syntax.read(text)

    again = syntax.read(legacy.text)

    assert legacy.source_text == text
    assert (again.text, again.flags) == (legacy.text, legacy.flags)
    assert (again.fields, again.asks_for_video) == ({}, False)
    assert len(syntax.clean(legacy.text)) <= len(legacy.text)
    syntax.merge(fields={"text": text}, legacy=legacy)


def test_what_is_too_long_for_a_prompt_is_left_as_it_is():
    text = "a fox --video " + "x" * syntax.READ_MAX

    legacy = syntax.read(text)

    assert (legacy.text, legacy.asks_for_video) == (text, False)
