"""Objects that do their worst are labelled, left alone, and do not hurt the host."""

import contextlib
import dataclasses
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock, Mock

import pytest

from everyrun.domain.payloads import Capturer

HERE = __name__


class Touched(Exception):
    pass


class Untouchable:
    """Says when anything of it but its type and its repr is asked for."""

    def __getattribute__(self, name: str) -> Any:
        raise Touched(name)

    def __iter__(self) -> Iterator[Any]:
        raise Touched("iter")

    def __len__(self) -> int:
        raise Touched("len")

    def __bool__(self) -> bool:
        raise Touched("bool")

    def __eq__(self, other: object) -> bool:
        raise Touched("eq")

    def __hash__(self) -> int:
        raise Touched("hash")

    def __str__(self) -> str:
        raise Touched("str")

    def __repr__(self) -> str:
        return "left alone"


class LyingClass:
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise Touched("__class__")


class Endless:
    def __iter__(self) -> Iterator[int]:
        while True:
            yield 1


class RaisesInRepr:
    def __repr__(self) -> str:
        raise ZeroDivisionError("repr")


class NoTextRepr:
    def __repr__(self) -> str:
        return 5  # type: ignore[return-value]


class EndlessRepr:
    def __repr__(self) -> str:
        return repr(self)


class Unhashable(type):
    def __hash__(cls) -> int:
        raise Touched("hash of a class")


class OfUnhashableClass(metaclass=Unhashable):
    pass


class EvasiveClass(type):
    def __getattribute__(cls, name: str) -> Any:
        raise Touched(name)


class OfEvasiveClass(metaclass=EvasiveClass):
    def __repr__(self) -> str:
        return "evasive"


class OverridingText(str):
    __slots__ = ()

    def __len__(self) -> int:
        raise Touched("len")

    def __getitem__(self, key: Any) -> str:
        raise Touched("item")

    def __str__(self) -> str:
        raise Touched("str")

    def isprintable(self) -> bool:
        raise Touched("isprintable")


class OverridingDict(dict[Any, Any]):
    def items(self) -> Any:
        raise Touched("items")

    def __iter__(self) -> Iterator[Any]:
        raise Touched("iter")

    def __len__(self) -> int:
        raise Touched("len")


class OverridingList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise Touched("iter")

    def __len__(self) -> int:
        raise Touched("len")

    def __getitem__(self, key: Any) -> Any:
        raise Touched("item")


class OverridingNumber(int):
    def __int__(self) -> int:
        raise Touched("int")

    def __str__(self) -> str:
        raise Touched("str")

    def bit_length(self) -> int:
        raise Touched("bits")


@dataclasses.dataclass
class LazyModel:
    """As ORM classes do it: the attribute is computed when asked for, unless it is loaded."""

    loaded: int = 1

    @property
    def lazy(self) -> int:
        raise Touched("lazy")


LazyModel.__dataclass_fields__["lazy"] = LazyModel.__dataclass_fields__["loaded"]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Untouchable(), {"class": "Untouchable", "repr": "left alone"}),
        (LyingClass(), {"class": "LyingClass"}),
        (Endless(), {"class": "Endless"}),
        (RaisesInRepr(), {"class": "RaisesInRepr", "raised": "ZeroDivisionError"}),
        (NoTextRepr(), {"class": "NoTextRepr", "raised": "TypeError"}),
        (EndlessRepr(), {"class": "EndlessRepr", "raised": "RecursionError"}),
        (OfUnhashableClass(), {"class": "OfUnhashableClass"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_unknown_object_is_asked_for_its_type_and_repr_only(
    value: Any, plain: dict[str, Any]
) -> None:
    plain = {"$type": "object", **plain, "class": f"{HERE}.{plain['class']}"}

    assert plain == Capturer().plain(value)
    assert [plain] == Capturer().plain([value])
    assert {"a": plain} == Capturer().arguments(("a",), (value,), {})


def test_a_class_that_answers_nothing_is_labelled() -> None:
    plain = Capturer().plain(OfEvasiveClass())

    assert "object" == plain["$type"]
    assert f"{HERE}.OfEvasiveClass" == plain["class"]


def test_the_methods_of_derived_containers_are_not_called() -> None:
    values = [
        OverridingText("a"),
        OverridingDict(a=1),
        OverridingList([1]),
        OverridingNumber(5),
    ]
    plain = Capturer().plain(values)

    assert ["a", [["a", 1]], [1], 5] == [label["value"] for label in plain]


def test_a_key_of_derived_text_is_the_text() -> None:
    assert {"a": 1} == Capturer().plain({OverridingText("a"): 1})


def test_lazy_attributes_are_not_loaded() -> None:
    plain = Capturer().plain(LazyModel())

    assert {"loaded": 1} == plain["value"]


@pytest.mark.parametrize("mock", [Mock(), MagicMock(), Mock(spec=dict), MagicMock(spec=list)])
def test_a_mock_is_an_object_with_a_repr(mock: Any) -> None:
    plain = Capturer().plain(mock)

    assert "object" == plain["$type"]
    assert plain["repr"].startswith("<")
    assert [] == mock.mock_calls


def test_a_proxy_whose_object_is_gone_is_labelled() -> None:
    target = Endless()
    proxy = weakref.proxy(target)
    del target
    plain = Capturer().plain(proxy)

    assert "object" == plain["$type"]
    assert "weakref.ProxyType" == plain["class"] or plain["class"].startswith("weak")


def test_a_dict_that_another_thread_changes_is_captured() -> None:
    shared: dict[Any, Any] = {(n,): [n] for n in range(2_000)}
    stop = threading.Event()

    def churn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            shared[f"new {number % 100}"] = number
            shared.pop(f"new {(number - 50) % 100}", None)

    thread = threading.Thread(target=churn)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread.start()
    try:
        labels = {Capturer().plain(shared)["$type"] for _ in range(50)}
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)

    assert {"dict"} == labels


def test_a_dict_that_its_own_values_change_is_captured() -> None:
    shared: dict[str, Any] = {}

    class Grows:
        def __repr__(self) -> str:
            shared[f"grown {len(shared)}"] = 1
            return "grown"

    shared["first"] = Grows()
    shared["second"] = Grows()
    plain = Capturer().plain(shared)

    assert ["first", "second"] == list(plain)


def test_a_list_that_its_own_values_empty_is_captured() -> None:
    shared: list[Any] = []

    class Empties:
        def __repr__(self) -> str:
            shared.clear()
            return "emptied"

    shared += [Empties(), 1, 2]

    assert [1, 2] == Capturer().plain(shared)[1:]


def test_interrupts_pass_through() -> None:
    class Interrupts:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Capturer().plain([Interrupts()])


def test_a_snapshot_does_not_change_with_the_program() -> None:
    inner, array = [1], bytearray(b"a")
    value: dict[str, Any] = {"inner": inner, "array": array, "deep": [{"set": {1}}]}
    quick: dict[str, Any] = {"inner": inner, "other": {"a": inner}}
    plain, plain_quick = Capturer().plain(value), Capturer().plain(quick)
    again = Capturer()
    again.plain({"inner": 1, "other": 2, "a": 3})
    plain_known = again.plain(quick)
    arguments = again.arguments(("inner", "other"), (inner,), {"other": {"a": inner}})
    inner.append(2)
    array += b"b"
    value["deep"][0]["set"].add(2)
    quick["other"]["b"] = 1

    assert [1] == plain["inner"]
    assert "a" == plain["array"]["value"]
    assert [1] == plain["deep"][0]["set"]["value"]
    assert {"inner": [1], "other": {"a": [1]}} == plain_quick == plain_known == arguments


def test_capturing_near_the_end_of_the_stack_does_not_raise() -> None:
    captured: list[Any] = []

    def descend() -> None:
        with contextlib.suppress(RecursionError):
            descend()
        captured.append(Capturer().plain({"a": [Untouchable(), (1, {2: 3})]}))

    descend()

    assert {"object", None} >= {plain.get("$type") for plain in captured}
    assert captured[-1]["a"][0]["repr"] == "left alone"
