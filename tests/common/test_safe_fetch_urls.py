"""How a URL is taken apart, and what is refused before anything is resolved."""

import pytest

from common.safe_fetch import NotFetchable, parse


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://example.com", ("https", "example.com", 443, "/")),
        ("HTTP://EXAMPLE.com:8080/A?b=%2F&c={d}|e#f", ("http", "example.com", 8080, "/A?b=%2F&c={d}|e")),
        ("https://example.com.?q", ("https", "example.com", 443, "/?q")),
        ("https://bücher.example/ü b", ("https", "xn--bcher-kva.example", 443, "/%C3%BC%20b")),
        ("http://my_bucket.example/", ("http", "my_bucket.example", 80, "/")),
        ("http://93.184.216.34/", ("http", "93.184.216.34", 80, "/")),
        ("http://[2606:4700:0::1111]/", ("http", "2606:4700::1111", 80, "/")),
    ],
)
def test_a_plain_url_is_taken_apart(url, parts):
    target = parse(url)

    assert (target.scheme, target.host, target.port, target.path) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a.png",
        "//example.com/a.png",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "data:image/png;base64,AAAA",
        "http:/example.com",
        "http://",
        "http:///a",
        "http://user@example.com/",
        "http://user:secret@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com\\.evil.example/",
        "http://exam\tple.com/",
        "http://example.com/\r\nHost: internal",
        "http://example.com/\x00",
        " http://example.com/",
        "http://127.0.0.1 .example.com/",
        "http://127%2e0%2e0%2e1/",
        "http://%31%32%37.0.0.1/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:80:80/",
        "http://example.com:8o/",
        "http://exa..mple/",
        "http://-example.com/",
        "http://" + "a" * 64 + ".example/",
        "http://example.com/" + "a" * 9_000,
        "http://[::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[::1/",
        "http://[v1.x]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0x7f.0x0.0x0.0x1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://1.2.3.4.5/",
        "http://127.0.0.1.0x1/",
        "http://0x/",
    ],
)
def test_a_url_that_leaves_room_for_interpretation_is_refused(url):
    with pytest.raises(NotFetchable):
        parse(url)


@pytest.mark.parametrize("spelling", ["①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1"])
def test_digits_in_other_scripts_are_read_as_the_address_they_become(spelling):
    assert parse(f"http://{spelling}/").host == "127.0.0.1"


def test_the_refusal_never_tells_the_caller_what_was_wrong():
    with pytest.raises(NotFetchable) as malformed:
        parse("http://0x7f.1/")
    with pytest.raises(NotFetchable) as foreign:
        parse("ftp://example.com/")

    assert malformed.value.message == foreign.value.message == "The address could not be fetched."
    assert malformed.value.code == "url_not_fetchable"
    assert (malformed.value.reason, foreign.value.reason) == ("odd spelling of an address", "malformed url")
