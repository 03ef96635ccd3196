"""What is written comes back equal, through JSON and through MessagePack."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given

from everyrun.domain.payloads import Capturer, Redactor, restore
from everyrun.domain.payloads.registering import SecretRegistry
from tests.unit.payloads.faithful_values import faithful_values, is_same

unredacted = Redactor(sensitive_keys=(), shapes=False, registry=SecretRegistry())
roomy = Capturer(max_bytes=10**8, redactor=unredacted)


@given(faithful_values)
def test_a_faithful_value_comes_back_equal_through_json(value: Any) -> None:
    text = msgspec.json.encode(roomy.plain(value))

    assert is_same(value, restore(msgspec.json.decode(text)))


@given(faithful_values)
def test_a_faithful_value_comes_back_equal_through_messagepack(value: Any) -> None:
    packed = msgspec.msgpack.encode(roomy.plain(value))

    assert is_same(value, restore(msgspec.msgpack.decode(packed)))


@given(faithful_values)
def test_a_faithful_value_comes_back_equal_through_strict_json(value: Any) -> None:
    text = json.dumps(roomy.plain(value), allow_nan=False)

    assert is_same(value, restore(json.loads(text)))


@given(faithful_values)
def test_a_captured_value_captured_again_comes_back_as_it_was_captured(value: Any) -> None:
    plain = roomy.plain(value)

    assert plain == restore(roomy.plain(plain))


@pytest.mark.parametrize(
    "plain",
    [
        {"$type": "unheard-of", "value": 1},
        {"$type": 5},
        {"$type": ["list"]},
        {"$type": "object", "class": "os.system", "repr": "x"},
        {"$type": "decimal", "value": "no number"},
        {"$type": "decimal", "value": 1.5},
        {"$type": "decimal"},
        {"$type": "decimal", "value": "1", "class": "my.Decimal"},
        {"$type": "int", "value": "9" * 100_000},
        {"$type": "int", "value": 7},
        {"$type": "datetime", "value": "yesterday"},
        {"$type": "datetime", "value": "2026-01-01", "fold": 7},
        {"$type": "set", "value": [[1]]},
        {"$type": "set", "value": {"a": 1}},
        {"$type": "tuple", "value": "abc"},
        {"$type": "dict", "value": [[1]]},
        {"$type": "dict", "value": [[1, 2], {"$type": "cut", "items": 3}]},
        {"$type": "dict", "value": [[[1], 2]]},
        {"$type": "bytes", "encoding": "rot13", "value": "a"},
        {"$type": "bytes", "encoding": "base64", "value": "%"},
        {"$type": "bytes", "encoding": "utf-8", "value": "a", "cut": 3},
        {"$type": "path", "kind": "os.system", "value": "a"},
        {"$type": "uuid", "value": 5},
        {"$type": "range", "value": [1, 2, 0]},
        {"$type": "complex", "value": [1]},
        {"$type": "deque", "value": [], "maxlen": "a"},
        {"$type": "cut", "items": 5},
    ],
)
def test_labels_that_are_not_faithful_are_answered_unchanged(plain: Any) -> None:
    assert plain == restore(plain)


def test_labels_within_an_answered_label_stay_as_they_are() -> None:
    plain = {"$type": "dataclass", "class": "a.B", "value": {"at": {"$type": "date", "value": "x"}}}

    assert plain == restore(plain)


def test_a_zone_that_this_machine_lacks_leaves_the_offset() -> None:
    label = {"$type": "datetime", "value": "2026-05-01T10:00:00+09:00", "zone": "Mars/Olympus"}

    assert "2026-05-01 10:00:00+09:00" == str(restore(label))


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "a\x00b", 5])
def test_a_zone_that_is_no_zone_name_is_not_looked_up(zone: Any) -> None:
    label = {"$type": "datetime", "value": "2026-05-01T10:00:00+09:00", "zone": zone}

    assert "2026-05-01 10:00:00+09:00" == str(restore(label))


def test_restoring_leaves_plain_values_alone() -> None:
    assert {"a": [1, 2.5, None, "x", True]} == restore({"a": [1, 2.5, None, "x", True]})
