"""The wire format's pages name every event and field, and nothing that does not exist."""

import re
from typing import Any, get_args

import msgspec
import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.events import (
    AnyEvent,
    Batch,
    EncodedBatch,
    Event,
    NodeEvent,
    RecorderInfo,
    decode,
    encode,
)
from everyrun.domain.wire_schema import wire_schema
from scripts.write_reference import REFERENCE
from tests.support.lines import line

EVENT_TYPES: tuple[type[msgspec.Struct], ...] = get_args(AnyEvent)
SECTION = re.compile(r"^#+ `?([^`\n]+)`?$", re.MULTILINE)
FIELD_ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
SHARED = {Event: "Every event of an execution", NodeEvent: "Every event of a node execution"}

each_event = pytest.mark.parametrize("event", EVENT_TYPES, ids=lambda each: each.__name__)


def _fields(struct: Any) -> set[str]:
    return set(struct.__struct_fields__)


def _sections(page: str) -> dict[str, str]:
    text = (REFERENCE / page).read_text()
    headings = list(SECTION.finditer(text))
    ends = [each.start() for each in headings[1:]] + [len(text)]
    return {
        heading[1]: text[heading.end() : end] for heading, end in zip(headings, ends, strict=True)
    }


def _type_of(event: type[msgspec.Struct]) -> str:
    return str(event.__struct_config__.tag)


@each_event
def test_every_event_has_a_section_with_its_own_fields(event: type[msgspec.Struct]) -> None:
    section = _sections("events.md")[_type_of(event)]
    inherited = set().union(*(_fields(base) for base in SHARED if issubclass(event, base)))
    missing = {name for name in _fields(event) - inherited if f"`{name}`" not in section}

    assert set() == missing


@each_event
def test_no_section_names_a_field_that_its_event_has_not(event: type[msgspec.Struct]) -> None:
    named = set(FIELD_ROW.findall(_sections("events.md")[_type_of(event)]))

    assert set() == named - _fields(event)


@pytest.mark.parametrize("base", SHARED, ids=lambda each: each.__name__)
def test_shared_fields_are_named_once(base: type[msgspec.Struct]) -> None:
    named = set(FIELD_ROW.findall(_sections("events.md")[SHARED[base]]))
    expected = (
        _fields(NodeEvent) - _fields(Event) if base is NodeEvent else _fields(Event) | {"type"}
    )

    assert expected == named


def test_every_section_with_a_dot_is_an_event() -> None:
    named = {heading for heading in _sections("events.md") if re.fullmatch(r"\w+\.\w+", heading)}

    assert {_type_of(each) for each in EVENT_TYPES} - {"log"} == named


def test_the_fields_of_a_batch_and_of_its_recorder_are_named() -> None:
    named = FIELD_ROW.findall(_sections("wire-format.md")["Request"])

    assert [*Batch.__struct_fields__, *RecorderInfo.__struct_fields__] == named


def test_the_example_is_a_batch() -> None:
    page = (REFERENCE / "wire-format.md").read_text()
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    batch = msgspec.json.decode(example, type=Batch)

    assert ["execution.started", "log"] == [_type_of(type(event)) for event in batch.events]


def test_the_schema_knows_every_event() -> None:
    titles = {definition.get("title") for definition in wire_schema()["$defs"].values()}

    assert {event.__name__ for event in EVENT_TYPES} <= titles


def test_an_encoded_batch_is_the_batch() -> None:
    event = line(1)
    recorder = RecorderInfo(id="x", host="h", pid=1, started_at=2)
    whole = Batch(version=1, recorder=recorder, events=[event])
    parts = EncodedBatch(version=1, recorder=recorder, events=[msgspec.Raw(encode(event))])

    assert msgspec.msgpack.encode(whole) == msgspec.msgpack.encode(parts)


def test_a_field_from_the_future_is_ignored() -> None:
    future = msgspec.msgpack.encode(msgspec.to_builtins(line(1)) | {"colour": "blue"})

    assert "1 " == decode(future).message


def test_a_ledger_asks_for_no_pause_unless_it_says_so() -> None:
    assert SinkUnavailable().retry_after is None
