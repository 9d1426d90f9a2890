import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from rest_framework.request import Request

from dialects.astria.parsers import FormParser


def _request(body):
    return RequestFactory().generic("POST", "/prompts", body, content_type="application/x-www-form-urlencoded")


def test_a_form_is_read():
    assert Request(_request(b"a=1&a=2"), parsers=[FormParser()]).data.getlist("a") == ["1", "2"]


def test_a_form_is_read_though_somebody_was_first():
    request = _request(b"a=1&a=2")
    assert request.body == b"a=1&a=2"

    assert Request(request, parsers=[FormParser()]).data.getlist("a") == ["1", "2"]


def test_no_more_is_read_than_the_server_takes(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    with pytest.raises(RequestDataTooBig):
        len(Request(_request(b"a=12345678 0"), parsers=[FormParser()]).data)
