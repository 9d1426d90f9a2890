"""The wallet, what is in the works, and pictures that a client has only as letters."""

import base64

import pytest

from tests.astria.http import nothing_moves

DATA_URL = "data:image/jpeg;base64,"


@pytest.mark.parametrize("path", ["/api/wallet_balance", "/api/wallet_balance/"])
def test_the_wallet_in_dollars(lab, path):
    lab.made()

    assert lab.send(path, {}).json() == {"status": "success", "data": {"balance": 9.94, "currency": "USD"}}


def test_what_is_in_the_works(lab):
    lab.made()

    answer = lab.send("/api/v6/processing/request_count", {})

    assert answer.json() == {"status": "success", "processing_count": 1, "message": "1 in the works"}


@pytest.mark.parametrize("field", ["init_obj", "base64_string"])
def test_letters_become_an_address_that_a_request_may_name(lab, picture, field):
    answer = lab.send("/api/v6/base64_to_url", {field: DATA_URL + base64.b64encode(picture).decode()})

    shown = answer.json()
    assert (shown["status"], type(shown["id"])) == ("success", int)
    (url,) = shown["output"]
    assert lab.read(url)[0] == 200
    assert lab.made(init_image=url)["meta"]["init_image"] == url


@pytest.mark.parametrize(
    ("letters", "message"),
    [
        (None, "init_obj is required"),
        (["x"], "init_obj is required"),
        (DATA_URL + "!!", "init_obj is not valid base64"),
    ],
)
def test_letters_that_are_no_picture(lab, letters, message):
    with nothing_moves():
        answer = lab.send("/api/v6/base64_to_url", {"init_obj": letters})

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_stranger_can_not_use_her_picture(lab, lab_of, bob, rich, picture):
    (url,) = lab.send("/api/v6/base64_to_url", {"init_obj": base64.b64encode(picture).decode()}).json()["output"]
    stranger = lab_of(rich(bob, 100_000))

    with nothing_moves():
        answer = stranger.animate(init_image=url)

    assert (answer.status_code, answer.json()["message"]) == (400, "init_image can't be fetched from that address")
