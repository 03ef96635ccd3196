"""A call's arguments, by name."""

from typing import Any

import pytest

from everyrun.domain.payloads import Capturer, Secret


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    ("names", "args", "kwargs", "expected"),
    [
        ((), (), {}, {}),
        (("a", "b"), (), {}, {}),
        (("a", "b"), (1, "x"), {}, {"a": 1, "b": "x"}),
        (("a", "b"), (1,), {"b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}),
        (("a",), (1, 2, 3), {}, {"a": 1, "*args": [2, 3]}),
        ((), (1,), {}, {"*args": [1]}),
        (("a",), (1,), {"a": 2}, {"a": 1, "**a": 2}),
        (("password", "user"), ("hunter2", "bob"), {}, {"password": "***", "user": "bob"}),
        (("password",), (None,), {}, {"password": None}),
        ((), (), {"api_key": "x", "b": {"c": [1.5]}}, {"api_key": "***", "b": {"c": [1.5]}}),
        (("key",), (Secret("s"),), {}, {"key": "***"}),
        (("a",), ((1, 2),), {}, {"a": {"$type": "tuple", "value": [1, 2]}}),
        (
            ("$type",),
            (1,),
            {},
            {"$type": "dict", "value": [["$type", 1]]},
        ),
    ],
)
def test_arguments_stand_under_their_names(
    names: tuple[str, ...], args: tuple[Any, ...], kwargs: Any, expected: Any, times: int
) -> None:
    capturer = Capturer()
    for _ in range(times):
        captured = capturer.arguments(names, args, kwargs)

    assert expected == captured


def test_a_callers_own_keywords_are_not_kept() -> None:
    kwargs = {"a": [1]}
    captured = Capturer().arguments((), (), kwargs)
    kwargs["a"].append(2)
    kwargs["b"] = [3]

    assert {"a": [1]} == captured


def test_arguments_are_cut_as_one_payload() -> None:
    captured = Capturer(1_000).arguments(("a", "b"), ("x" * 5_000, "y" * 100), {"c": 1})

    assert captured["a"].endswith("more characters]")
    assert {"$type": "cut", "items": 1} == captured["…"]
