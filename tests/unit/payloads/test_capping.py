"""What is too large is cut, visibly, and costs no more than what is kept of it."""

import tracemalloc
from collections import deque
from typing import Any

import pytest

from everyrun.domain.payloads import Capturer, register_secret, restore
from everyrun.domain.payloads.walking import DEEPEST


def test_long_text_ends_with_how_much_is_missing() -> None:
    plain = Capturer(1_000).plain("x" * 1_234_567)
    kept = plain.index("…")

    assert "x" * kept + f"… [cut: {1_234_567 - kept:,} more characters]" == plain
    assert 900 <= len(plain) <= 1_000


def test_text_that_fits_is_whole() -> None:
    text = "é" * 30_000

    assert text == Capturer().plain(text)
    assert {"a": text} == Capturer().plain({"a": text})


def test_a_cut_list_ends_with_how_many_items_are_missing() -> None:
    plain = Capturer(1_000).plain([7] * 5_000)

    assert {"$type": "cut", "items": 5_000 - len(plain) + 1} == plain[-1]
    assert [7] * (len(plain) - 1) == plain[:-1]


def test_a_cut_dict_says_how_many_entries_are_missing() -> None:
    plain = Capturer(1_000).plain({f"key {n}": n for n in range(5_000)})

    assert {"$type": "cut", "items": 5_000 - len(plain) + 1} == plain["…"]


def test_the_mark_of_a_cut_dict_takes_no_key_of_its_own() -> None:
    value = {"…": "mine", **{f"key {n}": n for n in range(5_000)}}
    plain = Capturer(1_000).plain(value)

    assert "mine" == plain["…"]
    assert "cut" == plain["……"]["$type"]


@pytest.mark.parametrize(
    "value",
    [set(range(5_000)), frozenset(range(5_000)), (7,) * 5_000, deque(range(5_000))],
    ids=lambda value: type(value).__name__,
)
def test_a_cut_collection_says_how_many_items_are_missing(value: Any) -> None:
    items = Capturer(1_000).plain(value)["value"]

    assert {"$type": "cut", "items": 5_000 - len(items) + 1} == items[-1]


def test_a_cut_dict_with_other_keys_says_how_many_entries_are_missing() -> None:
    plain = Capturer(1_000).plain(dict.fromkeys(range(5_000)))

    assert {"$type": "cut", "items": 5_000 - len(plain["value"]) + 1} == plain["value"][-1]
    assert plain == restore(plain)


@pytest.mark.parametrize("octets", [b"text" * 5_000, b"\xff\x00" * 5_000, "é".encode() * 5_000])
def test_cut_bytes_say_how_many_are_missing(octets: bytes) -> None:
    plain = Capturer(1_001).plain(octets)
    kept = restore({key: value for key, value in plain.items() if key != "cut"})

    assert octets == kept + octets[len(kept) :]
    assert len(octets) - len(kept) == plain["cut"]
    assert plain == restore(plain)


def test_what_is_too_deep_is_labelled() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    plain = Capturer().plain(value)
    for _ in range(DEEPEST):
        (plain,) = plain

    assert {"$type": "cut", "class": "list", "deeper_than": DEEPEST} == plain


def test_the_last_level_is_written() -> None:
    value: Any = 5
    for _ in range(DEEPEST):
        value = [value]

    assert value == Capturer().plain(value)


def test_an_enormous_repr_is_cut() -> None:
    class Enormous:
        def __repr__(self) -> str:
            return "r" * 10_000_000

    plain = Capturer(1_000).plain(Enormous())

    assert plain["repr"].endswith("more characters]")
    assert len(plain["repr"]) <= 1_000


@pytest.mark.parametrize(
    "value",
    [
        "x y " * 5_000_000,
        b"x" * 20_000_000,
        bytearray(20_000_000),
        memoryview(bytes(20_000_000)),
        [None] * 5_000_000,
        (None,) * 5_000_000,
        dict.fromkeys(range(1_000_000)),
        set(range(1_000_000)),
        deque([None]) * 5_000_000,
        range(10**15),
        {"deep": [["x" * 20_000_000]]},
    ],
    ids=lambda value: type(value).__name__,
)
def test_capturing_something_large_takes_memory_for_what_is_kept_only(value: Any) -> None:
    capturer = Capturer()
    tracemalloc.start()
    try:
        capturer.plain(value)
        capturer.arguments(("a",), (value,), {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4_000_000


def test_items_after_the_cut_are_not_touched() -> None:
    shown: list[int] = []

    class Counts:
        def __repr__(self) -> str:
            shown.append(1)
            return "x" * 100

    Capturer(1_000).plain([Counts() for _ in range(1_000)])

    assert len(shown) < 15


@pytest.mark.parametrize("position", range(880, 1_010, 3))
def test_a_cut_through_a_secret_does_not_show_its_beginning(position: int) -> None:
    register_secret("hunter2-hunter2-hunter2")
    value = "x" * position + "hunter2-hunter2-hunter2" + "y" * 10_000
    capturer = Capturer(1_000)

    assert "hunter" not in capturer.plain(value)
    assert "hunter" not in capturer.text(value)
    assert "hunter" not in capturer.plain(value.encode())["value"]


def test_text_for_people_is_cut_to_the_size_asked_for() -> None:
    text = Capturer().text("line\n" * 100_000, max_bytes=500)

    assert len(text.encode()) <= 500
    assert text.endswith("more characters]")


def test_text_for_people_that_needs_nothing_is_the_same_object() -> None:
    text = "processed 15 rows"

    assert text is Capturer().text(text)
