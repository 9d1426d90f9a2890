import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from dialects.astria import parsers

FORM = "application/x-www-form-urlencoded"


def _data(body, *, content_type="application/json", read_before=False):
    request = RequestFactory().generic("POST", "/prompts", body, content_type=content_type)
    if read_before:
        assert request.body == body
    return Request(request, parsers=[parsers.JsonParser(), parsers.FormParser()]).data


@pytest.mark.parametrize("read_before", [False, True])
def test_bodies_are_read_whether_or_not_somebody_was_first(read_before):
    assert _data(b'{"text": "a"}', read_before=read_before) == {"text": "a"}
    assert _data(b"a=1&a=2", content_type=FORM, read_before=read_before).getlist("a") == ["1", "2"]


def test_an_empty_body_is_an_empty_object():
    assert dict(_data(b"")) == {}


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": NaN}', b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(ParseError):
        _data(body)


@pytest.mark.parametrize("content_type", ["application/json", FORM])
def test_no_more_is_read_than_the_server_takes(settings, content_type):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    with pytest.raises(RequestDataTooBig):
        _data(b'"12345678 0"', content_type=content_type)
