"""Each kind of Python object, and the label that it gets."""

import asyncio
import collections
import dataclasses
import decimal
import enum
import functools
import math
import os
import sys
import types
import uuid
from array import array
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pydantic
import pytest

from everyrun.domain.payloads import Capturer, restore

HERE = __name__


@dataclasses.dataclass
class Point:
    x: int
    y: Any = None


@dataclasses.dataclass(slots=True)
class Slotted:
    x: int
    unset: int = dataclasses.field(init=False)


class Pair(NamedTuple):
    left: int
    right: Any


class Colour(enum.Enum):
    RED = ("r", 1)


class Level(enum.StrEnum):
    HIGH = "high"


class Number(enum.IntEnum):
    ONE = 1


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Struct(msgspec.Struct):
    name: str
    secret: str = "s3cr3t"


class Model(pydantic.BaseModel):
    name: str
    api_key: str = "k3y"


class AttrsField:
    def __init__(self, name: str) -> None:
        self.name = name


class Attrs:
    __attrs_attrs__ = (AttrsField("name"), AttrsField("token"))

    def __init__(self) -> None:
        self.name = "n"
        self.token = "t0k3n"
        self.cache = "not a field"


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


class Real(float):
    pass


class Items(list[Any]):
    pass


class Tuple(tuple[Any, ...]):
    __slots__ = ()


class Moment(datetime):
    pass


class Octets(bytes):
    pass


class Plain:
    pass


class Shown:
    def __repr__(self) -> str:
        return "<shown>"

    def method(self) -> None: ...


def function(*args: Any, **kwargs: Any) -> None: ...


def generator() -> Any:
    yield 1


async def coroutine() -> None: ...


async def stream() -> Any:
    yield 1


def label(name: str, /, **content: Any) -> dict[str, Any]:
    content = {"class" if key == "of" else key: value for key, value in content.items()}
    return {"$type": name, **content}


FAITHFUL: list[tuple[Any, Any]] = [
    ("a\x00b\\c", label("str", value="a\\x00b\\\\c")),
    ("\udc80", label("str", value="\\udc80")),
    (2**63, label("int", value="9223372036854775808")),
    (-(2**63) - 1, label("int", value="-9223372036854775809")),
    (1 << 4096, label("int", value=hex(1 << 4096))),
    (math.inf, label("float", value="inf")),
    (-math.inf, label("float", value="-inf")),
    (-0.0, label("float", value="-0.0")),
    (1e22, label("float", value="1e+22")),
    (decimal.Decimal("1.10"), label("decimal", value="1.10")),
    (complex(1, -0.0), label("complex", value=[1.0, label("float", value="-0.0")])),
    (
        datetime(2026, 1, 2, 3, 4, 5, 6),  # noqa: DTZ001 - a naive one is meant
        label("datetime", value="2026-01-02T03:04:05.000006"),
    ),
    (datetime(2026, 1, 2, tzinfo=UTC), label("datetime", value="2026-01-02T00:00:00+00:00")),
    (
        datetime(2026, 1, 2, tzinfo=timezone(timedelta(microseconds=-5))),
        label("datetime", value="2026-01-02T00:00:00-00:00:00.000005"),
    ),
    (
        datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1),
        label("datetime", value="2026-10-25T02:30:00+01:00", zone="Europe/Paris", fold=1),
    ),
    (date(2026, 1, 2), label("date", value="2026-01-02")),
    (time(3, 4, fold=1), label("time", value="03:04:00", fold=1)),
    (timedelta(days=-1, microseconds=1), label("timedelta", value="-PT86399.999999S")),
    (
        uuid.UUID("12345678123456781234567812345678"),
        label("uuid", value="12345678-1234-5678-1234-567812345678"),
    ),
    (Path("/tmp/x"), label("path", kind=type(Path()).__name__, value="/tmp/x")),
    (PurePosixPath("a"), label("path", kind="PurePosixPath", value="a")),
    (PureWindowsPath("c:/a"), label("path", kind="PureWindowsPath", value="c:\\a")),
    (b"text\n", label("bytes", encoding="utf-8", value="text\n")),
    (b"\xff\x00", label("bytes", encoding="base64", value="/wA=")),
    (bytearray(b"a"), label("bytearray", encoding="utf-8", value="a")),
    (memoryview(b"a"), label("memoryview", encoding="utf-8", value="a")),
    ({3, 1, 2}, label("set", value=[1, 2, 3])),
    (frozenset(["b", "a"]), label("frozenset", value=["a", "b"])),
    ((1, (2,)), label("tuple", value=[1, label("tuple", value=[2])])),
    (collections.deque([1], 5), label("deque", value=[1], maxlen=5)),
    (range(1, 9, 2), label("range", value=[1, 9, 2])),
    ({1: "a", None: "b"}, label("dict", value=[[1, "a"], [None, "b"]])),
    ({"$type": "set"}, label("dict", value=[["$type", "set"]])),
    ({"a\x00": 1}, label("dict", value=[[label("str", value="a\\x00"), 1]])),
    (..., label("ellipsis")),
    ({Level.HIGH: 1}, {"high": 1}),
]


@pytest.mark.parametrize(("value", "plain"), FAITHFUL)
def test_a_faithful_label_says_what_it_was_and_comes_back(value: Any, plain: Any) -> None:
    written = Capturer().plain(value)

    assert plain == written
    assert value == restore(written)


DESCRIBED: list[tuple[Any, Any]] = [
    (Point(1, "a"), label("dataclass", of=f"{HERE}.Point", value={"x": 1, "y": "a"})),
    (Slotted(1), label("dataclass", of=f"{HERE}.Slotted", value={"x": 1})),
    (Pair(1, {2}), label("namedtuple", of=f"{HERE}.Pair", value={"left": 1, "right": None})),
    (
        Colour.RED,
        label("enum", of=f"{HERE}.Colour", name="RED", value=label("tuple", value=["r", 1])),
    ),
    (Level.HIGH, label("enum", of=f"{HERE}.Level", name="HIGH", value="high")),
    (Number.ONE, label("enum", of=f"{HERE}.Number", name="ONE", value=1)),
    (
        Permission.READ | Permission.WRITE,
        label("enum", of=f"{HERE}.Permission", name="READ|WRITE", value=3),
    ),
    (Struct("n"), label("struct", of=f"{HERE}.Struct", value={"name": "n", "secret": "***"})),
    (
        Model(name="n"),
        label("pydantic", of=f"{HERE}.Model", value={"name": "n", "api_key": "***"}),
    ),
    (Attrs(), label("attrs", of=f"{HERE}.Attrs", value={"name": "n", "token": "***"})),
    (Text("a\x00"), label("str", of=f"{HERE}.Text", value=label("str", value="a\\x00"))),
    (Whole(5), label("int", of=f"{HERE}.Whole", value=5)),
    (Real(1.5), label("float", of=f"{HERE}.Real", value=1.5)),
    (Items([1]), label("list", of=f"{HERE}.Items", value=[1])),
    (Tuple([1]), label("tuple", of=f"{HERE}.Tuple", value=[1])),
    (Octets(b"a"), label("bytes", of=f"{HERE}.Octets", encoding="utf-8", value="a")),
    (
        Moment(2026, 1, 2, tzinfo=UTC),
        label("datetime", of=f"{HERE}.Moment", value="2026-01-02T00:00:00+00:00"),
    ),
    (
        collections.OrderedDict(a=1),
        label("dict", of="collections.OrderedDict", value=[["a", 1]]),
    ),
    (
        collections.Counter("aab"),
        label("dict", of="collections.Counter", value=[["a", 2], ["b", 1]]),
    ),
    (
        ValueError("bad", 5),
        label("exception", of="ValueError", message="('bad', 5)", args=["bad", 5]),
    ),
    (array("i", [1, 2]), label("array", typecode="i", value=[1, 2])),
    ({"a": 1}.keys(), label("dict_keys", value=["a"])),
    ({"a": 1}.items(), label("dict_items", value=[label("tuple", value=["a", 1])])),
    (function, label("function", name=f"{HERE}.function")),
    (print, label("function", name="print")),
    (Shown().method, label("method", name=f"{HERE}.Shown.method")),
    (Shown, label("class", name=f"{HERE}.Shown")),
    (int, label("class", name="int")),
    (os, label("module", name="os")),
    (generator(), label("generator", name="generator")),
    (stream(), label("async_generator", name="stream")),
    (
        functools.partial(function, 1, a=2),
        label(
            "partial",
            function=label("function", name=f"{HERE}.function"),
            args=[1],
            keywords={"a": 2},
        ),
    ),
    (Plain(), label("object", of=f"{HERE}.Plain")),
    (Shown(), label("object", of=f"{HERE}.Shown", repr="<shown>")),
    (Fraction(1, 3), label("object", of="fractions.Fraction", repr="Fraction(1, 3)")),
    (NotImplemented, label("object", of="NotImplementedType", repr="NotImplemented")),
    (
        memoryview(array("i", [1, 2])),
        label(
            "memoryview",
            encoding="base64",
            value="AQAAAAIAAAA=",
            format="i",
            shape=[2],
        ),
    ),
]


@pytest.mark.parametrize(("value", "plain"), DESCRIBED, ids=lambda value: type(value).__name__)
def test_what_cannot_come_back_is_labelled_as_what_it_was(value: Any, plain: Any) -> None:
    if isinstance(value, Pair):
        plain["value"]["right"] = label("set", value=[2])
    written = Capturer().plain(value)

    assert plain == written
    assert plain == restore(written)


def test_a_coroutine_is_named_and_not_awaited() -> None:
    waiting = coroutine()
    plain = Capturer().plain(waiting)
    asyncio.run(waiting)

    assert label("coroutine", name="coroutine") == plain


def test_not_a_number_comes_back() -> None:
    plain = Capturer().plain(math.nan)

    assert label("float", value="nan") == plain
    assert math.isnan(restore(plain))


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -5, 2**63 - 1, -(2**63), 0.0, 1.5, 1e15, "", "text", "é\n한", [], {}],
)
def test_plain_json_values_stay_what_they_are(value: Any) -> None:
    plain = Capturer().plain(value)

    assert value == plain
    assert type(value) is type(plain)


def test_a_cycle_is_labelled() -> None:
    value: list[Any] = [1]
    value.append({"back": value})

    assert [1, {"back": label("cycle", of="list")}] == Capturer().plain(value)


def test_one_object_met_twice_is_no_cycle() -> None:
    shared = [(1,)]

    assert [[label("tuple", value=[1])]] * 2 == Capturer().plain([shared, shared])


def test_an_integer_longer_than_the_room_is_labelled_with_its_bits() -> None:
    plain = Capturer(max_bytes=1_000).plain(1 << 100_000)

    assert label("int", bits=100_001, cut=True) == plain
    assert plain == restore(plain)


def test_integers_past_pythons_limit_of_digits_come_back() -> None:
    value = 1 << (sys.get_int_max_str_digits() * 4)

    assert value == restore(Capturer().plain(value))


def test_a_long_name_is_cut() -> None:
    made = types.new_class("M" * 5_000)
    name = Capturer().plain(made)["name"]

    assert 200 == len(name)
    assert name.endswith("MM…")


def test_the_entries_of_an_object_keep_their_order() -> None:
    value = {"b": 1, "a": {"z": 1, "y": 2}}

    assert ["b", "a"] == list(Capturer().plain(value))
