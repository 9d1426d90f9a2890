"""What a setting takes from the environment, and what it refuses."""

import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from astria_clone import env


@pytest.fixture
def setting(monkeypatch):
    def put(value, name="NAME"):
        monkeypatch.setenv(name, str(value))

    return put


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("true", True), ("TRUE", True), ("0", False), ("False", False)]
)
def test_a_flag_is_one_or_zero_true_or_false(setting, value, meant):
    setting(value)

    assert env.flag("NAME", default=not meant) is meant


@pytest.mark.parametrize("default", [True, False])
def test_an_unset_or_empty_value_leaves_the_default(setting, default):
    assert env.flag("NAME", default=default) is default

    setting("")

    assert env.flag("NAME", default=default) is default
    assert env.integer("NAME", 7) == 7
    assert env.text("NAME", "x") == "x"
    assert env.words("NAME", "a, b") == ["a", "b"]


def test_words_are_parted_by_commas_and_trimmed(setting):
    setting(" a.example ,b.example,, ")

    assert env.words("NAME") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("value", "meant"),
    [("https://studio.example", "https://studio.example"), ("http://localhost:8000/", "http://localhost:8000")],
)
def test_an_origin_is_a_scheme_and_a_host(setting, value, meant):
    setting(value)

    assert env.origin("NAME", "http://unused") == meant


REFUSED = [
    (lambda: env.flag("NAME", default=True), "yes", "NAME='yes': say 1 or 0, true or false."),
    (lambda: env.flag("NAME", default=True), "on", "NAME='on': say 1 or 0, true or false."),
    (lambda: env.flag("NAME", default=True), " 1", "NAME=' 1': say 1 or 0, true or false."),
    (lambda: env.integer("NAME", 1), "many", "NAME='many': not a whole number."),
    (lambda: env.integer("NAME", 1), "1.5", "NAME='1.5': not a whole number."),
    (lambda: env.integer("NAME", 1), "-1", "NAME=-1: outside 0…."),
    (lambda: env.integer("NAME", 1, low=1, high=9), "10", "NAME=10: outside 1…9."),
    (lambda: env.choice("NAME", "a", among=("a", "b")), "c", "NAME='c': one of a, b."),
    (lambda: env.origin("NAME", "http://x"), "studio.example", "NAME='studio.example': a scheme and host are wanted"),
    (lambda: env.origin("NAME", "http://x"), "ftp://studio.example", "a scheme and host are wanted"),
    (lambda: env.origin("NAME", "http://x"), "https://", "a scheme and host are wanted"),
    (lambda: env.origin("NAME", "http://x"), "https://studio.example/app", "a scheme and host are wanted"),
    (lambda: env.origin("NAME", "http://x"), "https://studio.example?a=1", "a scheme and host are wanted"),
]


@pytest.mark.parametrize(("parse", "value", "told"), REFUSED, ids=[told for *_, told in REFUSED])
def test_what_is_not_understood_is_refused_by_name(setting, parse, value, told):
    setting(value)

    with pytest.raises(ImproperlyConfigured) as refusal:
        parse()

    assert told in str(refusal.value)


def test_a_value_without_a_default_has_to_be_set():
    with pytest.raises(ImproperlyConfigured, match=r"NAME is not set, and there is no default for it."):
        env.text("NAME")


def test_a_value_may_come_from_a_file(setting, tmp_path):
    (tmp_path / "value").write_text("from the file\n")
    setting(tmp_path / "value", name="NAME_FILE")

    assert env.text("NAME") == "from the file"


def test_a_value_and_a_file_for_it_are_one_too_many(setting, tmp_path):
    setting("here")
    setting(tmp_path / "value", name="NAME_FILE")

    with pytest.raises(ImproperlyConfigured, match=r"NAME and NAME_FILE are both set; keep one."):
        env.text("NAME")


def test_a_file_that_cannot_be_read_is_refused(setting, tmp_path):
    setting(tmp_path / "absent", name="NAME_FILE")

    with pytest.raises(ImproperlyConfigured, match=r"NAME_FILE: .*No such file"):
        env.text("NAME", "default")


def test_a_given_secret_is_used_and_none_is_kept(setting, tmp_path):
    setting("given")

    assert env.secret("NAME", kept_in=tmp_path / "secrets") == "given"
    assert not (tmp_path / "secrets").exists()


def test_a_secret_that_has_to_be_given_is_never_made():
    with pytest.raises(ImproperlyConfigured, match=r"NAME has to be set: this server is not on loopback."):
        env.secret("NAME", kept_in=None)


def test_a_made_secret_stays_the_same_and_only_its_owner_can_read_it(tmp_path):
    folder = tmp_path / "secrets"

    made = env.secret("NAME", kept_in=folder)

    assert len(made) == 64
    assert env.secret("NAME", kept_in=folder) == made
    assert env.secret("OTHER", kept_in=folder) != made
    assert stat.S_IMODE((folder / "name").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"name", "other"}


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    made = []
    gate = threading.Barrier(8)

    def start():
        gate.wait()
        made.append(env.secret("NAME", kept_in=tmp_path / "secrets"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 8
    assert len(set(made)) == 1
