import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from rest_framework.request import Request

from dialects.astria.parsers import FormParser, MultiPartParser


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


def _multipart(parts):
    lines = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{"; filename=a.txt" if is_file else ""}\r\n\r\n{value}\r\n'
        for name, value, is_file in parts
    )
    body = f"{lines}--x--\r\n".encode()
    return RequestFactory().generic("POST", "/tunes", body, content_type="multipart/form-data; boundary=x")


@pytest.mark.django_db
def test_fields_and_files_keep_the_order_in_which_they_came():
    parts = [("p[][text]", "a", False), ("p[][file]", "1", True), ("p[][text]", "b", False)]
    request = Request(_multipart(parts), parsers=[MultiPartParser()])

    assert len(request.data) == 2
    came = [(name, value if isinstance(value, str) else value.read()) for name, value in request.pairs]
    request._request.close()

    assert came == [("p[][text]", "a"), ("p[][file]", b"1"), ("p[][text]", "b")]
