import threading
from contextlib import suppress

from callbacks.turns import Turns


def test_gives_as_many_turns_as_the_limit_and_no_more():
    turns = Turns(limit=2)

    with turns.turn("a") as first, turns.turn("a") as second, turns.turn("a") as third:
        assert (first, second, third) == (True, True, False)


def test_names_do_not_stand_in_each_others_way():
    turns = Turns(limit=1)

    with turns.turn("a") as first, turns.turn("b") as other:
        assert (first, other) == (True, True)


def test_a_turn_is_given_back_also_after_an_error():
    turns = Turns(limit=1)

    with suppress(ZeroDivisionError), turns.turn("a"):
        1 / 0  # noqa: B018  any error will do

    with turns.turn("a") as again:
        assert again


def test_a_refused_turn_gives_nothing_back():
    turns = Turns(limit=1)

    with turns.turn("a"):
        with turns.turn("a") as refused:
            assert not refused
        with turns.turn("a") as still_refused:
            assert not still_refused


def test_names_that_are_done_are_forgotten():
    turns = Turns(limit=1)

    for number in range(1_000):
        with turns.turn(f"host-{number}"):
            pass

    assert not turns._taken


def test_threads_that_come_at_once_share_the_limit():
    turns, all_in = Turns(limit=3), threading.Barrier(20)
    got = []

    def come():
        with turns.turn("a") as mine:
            got.append(mine)
            all_in.wait(timeout=10)

    threads = [threading.Thread(target=come) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got.count(True) == 3
