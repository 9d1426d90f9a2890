import json
from contextlib import suppress
from urllib.parse import parse_qsl

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Invalid
from dialects.astria import params


def _errors(call):
    with pytest.raises(Invalid) as refused:
        call()
    return refused.value.errors


# --- nesting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([], {}),
        ([("text", "a")], {"text": "a"}),
        ([("prompt[text]", "a"), ("prompt[seed]", "5")], {"prompt": {"text": "a", "seed": "5"}}),
        ([("prompt[refs][]", "a"), ("prompt[refs][]", "b")], {"prompt": {"refs": ["a", "b"]}}),
        ([("prompt[refs][0]", "a"), ("prompt[refs][1]", "b")], {"prompt": {"refs": ["a", "b"]}}),
        ([("a[10]", "z"), ("a[2]", "y")], {"a": ["y", "z"]}),
        ([("a[]", "x"), ("a[5]", "y"), ("a[]", "z")], {"a": ["x", "y", "z"]}),
        (
            [("t[p][][text]", "a"), ("t[p][][cb]", "x"), ("t[p][][text]", "b"), ("t[p][][cb]", "y")],
            {"t": {"p": [{"text": "a", "cb": "x"}, {"text": "b", "cb": "y"}]}},
        ),
        (
            [("p[][text]", "a"), ("p[][text]", "b"), ("p[][cb]", "y")],
            {"p": [{"text": "a"}, {"text": "b", "cb": "y"}]},
        ),
        (
            [("p[][text]", "a"), ("p[][refs][]", "1"), ("p[][refs][]", "2"), ("p[][text]", "b")],
            {"p": [{"text": "a", "refs": ["1", "2"]}, {"text": "b"}]},
        ),
        (
            [("p[][c][eye]", "a"), ("p[][c][hair]", "b"), ("p[][c][eye]", "c")],
            {"p": [{"c": {"eye": "a", "hair": "b"}}, {"c": {"eye": "c"}}]},
        ),
        (
            [("p[1][text]", "b"), ("p[0][text]", "a"), ("p[0][cb]", "x")],
            {"p": [{"text": "a", "cb": "x"}, {"text": "b"}]},
        ),
        ([("tune[characteristics][eye_color]", "blue")], {"tune": {"characteristics": {"eye_color": "blue"}}}),
        ([("seed", "1"), ("seed", "2")], {"seed": "2"}),
        ([("a[x]", "1"), ("a[0]", "2")], {"a": {"x": "1", "0": "2"}}),
        ([("a[12345]", "1")], {"a": {"12345": "1"}}),
        ([("[text]", "a"), ("prompt[text", "b"), ("prompt]", "c"), ("p[a]b", "d"), ("", "e")],
         {"[text]": "a", "prompt[text": "b", "prompt]": "c", "p[a]b": "d"}),
    ],
)  # fmt: skip
def test_nests_as_rails_does(pairs, tree):
    assert params.nest(pairs) == tree


def test_files_stand_in_the_same_tree():
    file = SimpleUploadedFile("a.png", b"x")

    tree = params.nest(
        [("prompt[text]", "a"), ("prompt[video_first_frame]", file), ("prompt[image_references][]", file)]
    )

    assert tree == {"prompt": {"text": "a", "video_first_frame": file, "image_references": [file]}}


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (["prompt[text]", "prompt[text][x]"], "text"),
        (["prompt[text][x]", "prompt[text]"], "text"),
        (["prompt[text]", "prompt[text][]"], "text"),
        (["prompt[refs][]", "prompt[refs][x]"], "refs"),
        (["prompt[refs][x]", "prompt[refs][]"], "refs"),
        (["prompt[refs][][a]", "prompt[refs][x]", "prompt[refs][]"], "refs"),
        (["prompt", "prompt[text]"], "prompt"),
        (["prompt[text]", "prompt"], "prompt"),
        (["prompt[]", "prompt[0][text]"], "prompt"),
    ],
)
@pytest.mark.parametrize("read", [params.as_text, params.as_int, params.as_float, params.as_bool, params.items])
def test_one_name_in_two_shapes_is_refused_when_it_is_read(names, field, read):
    tree = params.nest((name, "v") for name in names)

    assert _errors(lambda: read(params.under(tree, "prompt")[field], field=field)) == {
        field: ["comes in two shapes that exclude each other"]
    }


@pytest.mark.parametrize("names", [["x", "x[y]"], ["prompt[x]", "prompt[x][y]"], ["prompt[x][]", "prompt[x][y]"]])
def test_one_name_in_two_shapes_leaves_the_others_alone(names):
    tree = params.nest((name, "v") for name in [*names, "prompt[text]"])

    assert params.under(tree, "prompt")["text"] == "v"


@pytest.mark.parametrize(
    ("pairs", "field", "message"),
    [
        ([("a" + "[b]" * 8, "v")], "a", "is nested too deeply"),
        ([("a" * 257, "v")], "base", "has a parameter name of more than 256 characters"),
        ([(f"a{number}", "v") for number in range(601)], "base", "has more than 600 parameters"),
        ([("a[]", "v")] * 101, "a", "is too long (maximum is 100 items)"),
        ([("a[][b]", "v")] * 101, "a", "is too long (maximum is 100 items)"),
    ],
)
def test_what_is_too_much_is_refused(pairs, field, message):
    assert _errors(lambda: params.nest(pairs)) == {field: [message]}


def test_the_most_that_is_allowed_is_taken():
    assert params.nest([("a" + "[b]" * 7, "v")]) == {"a": {"b": {"b": {"b": {"b": {"b": {"b": {"b": "v"}}}}}}}}
    assert params.nest([("a[]", "v")] * 100) == {"a": ["v"] * 100}


_NAMES = st.one_of(
    st.lists(st.sampled_from(["a", "b", "[a]", "[b]", "[]", "[0]", "[1]", "[", "]", "prompt"]), max_size=10).map(
        "".join
    ),
    st.text(max_size=8),
)


@given(st.lists(st.tuples(_NAMES, st.sampled_from(["1", "2", ""])), max_size=30))
def test_whatever_comes_is_nested_or_refused(pairs):
    with suppress(Invalid):
        assert _is_data(params.nest(pairs))


def _is_data(value) -> bool:
    """What JSON could spell, but for the marks of fields that came in two shapes."""
    if isinstance(value, dict):
        return type(value) is dict and all(isinstance(name, str) and _is_data(each) for name, each in value.items())
    if isinstance(value, list):
        return all(_is_data(each) for each in value)
    return isinstance(value, str | params.Torn)


# --- forms -----------------------------------------------------------------------------------------------------


def _read_form(text):
    return params.nest(params.dealt(parse_qsl(text, keep_blank_values=True)))


@pytest.mark.parametrize(
    "form",
    [
        "p[][text]=a&p[][cb]=x&p[][text]=b&p[][cb]=y&refs[]=1&refs[]=2&refs[]=3",
        "p[][text]=a&p[][text]=b&p[][cb]=x&p[][cb]=y&refs[]=1&refs[]=2&refs[]=3",
    ],
    ids=["object by object", "name by name"],
)
def test_a_form_gives_its_objects_back(form):
    assert _read_form(form) == {"p": [{"text": "a", "cb": "x"}, {"text": "b", "cb": "y"}], "refs": ["1", "2", "3"]}


@pytest.mark.parametrize(
    ("form", "objects"),
    [
        ("p[][text]=a&p[][cb]=x&p[][text]=b", [{"text": "a", "cb": "x"}, {"text": "b"}]),
        ("p[][text]=a&p[][text]=b&p[][cb]=y", [{"text": "a"}, {"text": "b", "cb": "y"}]),
        ("p[][text]=a&p[][text]=b&p[][cb]=y&p[][text]=c", [{"text": "a"}, {"text": "b", "cb": "y"}, {"text": "c"}]),
    ],
)
def test_objects_that_are_not_alike_are_told_apart_by_their_order(form, objects):
    assert _read_form(form) == {"p": objects}


def test_numbered_objects_need_not_be_alike():
    assert _read_form("p[0][text]=a&p[1][text]=b&p[1][cb]=y") == {"p": [{"text": "a"}, {"text": "b", "cb": "y"}]}


def test_an_empty_form_is_empty():
    assert _read_form("") == {}


# --- JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        (b"", {}),
        (b"{}", {}),
        (b'{"prompt": {"text": "a", "seed": 5, "image_references": ["u"]}}',
         {"prompt": {"text": "a", "seed": 5, "image_references": ["u"]}}),
        (b'{"a": ' * 31 + b"{}" + b"}" * 31, None),
    ],
)  # fmt: skip
def test_json_passes_through(body, tree):
    found = params.json_object(body)

    assert found == (tree if tree is not None else json.loads(body))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "is not valid JSON"),
        (b"\xff", "is not valid JSON"),
        (b'{"a": NaN}', "is not valid JSON"),
        (b'{"a": -Infinity}', "is not valid JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b"[]", "has to be a JSON object"),
        (b'"a"', "has to be a JSON object"),
        (b"null", "has to be a JSON object"),
        (b'{"a": ' * 32 + b"{}" + b"}" * 32, "is nested too deeply"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "is nested too deeply"),
    ],
)
def test_other_bodies_are_refused(body, message):
    assert _errors(lambda: params.json_object(body)) == {"base": [message]}


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_refused(body):
    with suppress(Invalid):
        tree = params.json_object(body)

        assert isinstance(tree, dict)


# --- the resource --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "fields"),
    [
        ({"prompt": {"text": "a"}}, {"text": "a"}),
        ({"text": "a"}, {"text": "a"}),
        ({"prompt": {"text": "a"}, "text": "b", "image_index": "1"}, {"text": "a", "image_index": "1"}),
        ({}, {}),
    ],
)
def test_fields_stand_under_the_resource_or_alone(tree, fields):
    assert params.under(tree, "prompt") == fields


@pytest.mark.parametrize("value", ["a", ["a"], 5, None])
def test_a_resource_that_is_no_object_is_refused(value):
    assert _errors(lambda: params.under({"prompt": value}, "prompt")) == {"prompt": ["has to be an object"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, []), ("", []), ("a", ["a"]), (["a", "", None, "b"], ["a", "b"]), ([], []), (["x"] * 100, ["x"] * 100)],
)
def test_items_of_a_list(value, expected):
    assert params.items(value, field="refs") == expected


@pytest.mark.parametrize(
    ("value", "message"), [({"x": "a"}, "is not a list"), (["x"] * 101, "is too long (maximum is 100 items)")]
)
def test_what_is_no_list_is_refused(value, message):
    assert _errors(lambda: params.items(value, field="refs")) == {"refs": [message]}


# --- coercion --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), ("2", 2), (" 2 ", 2), ("-3", -3), ("+4", 4), ("2.0", 2), (5, 5), (5.0, 5), ("0", 0),
     ("9223372036854775807", 2**63 - 1)],
)  # fmt: skip
def test_as_int(value, expected):
    found = params.as_int(value, field="seed")

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "message"),
    [("two", "is not a number"), ("5s", "is not a number"), ("٥", "is not a number"), ("0x10", "is not a number"),
     ("1_000", "is not a number"), ("nan", "is not a number"), (True, "is not a number"), ([], "is not a number"),
     ({}, "is not a number"), ("2.5", "must be an integer"), (2.5, "must be an integer"), (float("nan"), "must be an integer"),
     ("9223372036854775808", "is too large"), (2**63, "is too large"), ("9" * 40, "is too large"), (1e300, "must be an integer")],
)  # fmt: skip
def test_as_int_refuses(value, message):
    assert _errors(lambda: params.as_int(value, field="seed")) == {"seed": [message]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), ("2", 2.0), ("0.83", 0.83), (".5", 0.5), ("-1.", -1.0), ("1e-3", 0.001), (3, 3.0)],
)
def test_as_float(value, expected):
    found = params.as_float(value, field="cfg_scale")

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "message"),
    [("much", "is not a number"), ("nan", "is not a number"), ("inf", "is not a number"), (float("inf"), "is not a number"),
     (True, "is not a number"), ([1], "is not a number"), ("1e99", "is too large"), (10**30, "is too large"), (10**400, "is too large")],
)  # fmt: skip
def test_as_float_refuses(value, message):
    assert _errors(lambda: params.as_float(value, field="cfg_scale")) == {"cfg_scale": [message]}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((True, 1, "true", "True", "TRUE", "1", "on", "yes", "t", " true "), True),
        ((False, 0, "false", "False", "0", "off", "no", "f"), False),
        ((None, ""), None),
    ],
)
def test_as_bool(values, expected):
    assert [params.as_bool(value, field="film_grain") for value in values] == [expected] * len(values)


@pytest.mark.parametrize("value", ["maybe", 2, "2", [], {}, 1.0, object()])
def test_as_bool_refuses(value):
    assert _errors(lambda: params.as_bool(value, field="film_grain")) == {"film_grain": ["must be true or false"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", ""), (" a ", " a "), ('"a"', '"a"'), ("😀", "😀"), (5, "5"), (1.5, "1.5")],
)
def test_as_text(value, expected):
    assert params.as_text(value, field="text") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [('"pan left"', "pan left"), (' "pan left" ', "pan left"), ("pan left", "pan left"), ('"', '"'), ('""', ""),
     ('"a" and "b', '"a" and "b'), ('say "hi"', 'say "hi"'), (" a ", " a ")],
)  # fmt: skip
def test_wrapping_quotes_of_a_multipart_value_go(value, expected):
    assert params.as_text(value, field="video_prompt", quoted=True) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [([], "is not text"), ({}, "is not text"), (True, "is not text"), (SimpleUploadedFile("a", b""), "is not text"),
     ("a\x00b", "contains characters that are not text"), ("\ud800", "contains characters that are not text")],
)  # fmt: skip
def test_as_text_refuses(value, message):
    assert _errors(lambda: params.as_text(value, field="text")) == {"text": [message]}
