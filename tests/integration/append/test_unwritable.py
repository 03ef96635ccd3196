"""An event that a database will never take is found and refused; the others go on."""

from contextlib import closing
from typing import Any

import msgspec
import pytest

from everyrun.domain import events
from everyrun.domain.errors import EventRejected
from everyrun.store.append.payload_text import DEEPEST
from everyrun.store.database import open_database
from everyrun.store.reading.execution import read_execution
from everyrun.store.sql_sink import SqlSink
from tests.support.facts import NOON, Facts, a_recorder


def test_a_number_beyond_the_database_is_refused_with_its_position(database_url: str) -> None:
    told = [
        events.encode(event)
        for event in (
            Facts().started(),
            events.RecorderDropped(at=NOON, count=2**63),
            Facts().line(),
        )
    ]

    with closing(SqlSink(database_url)) as sink:
        with pytest.raises(EventRejected, match="cannot be written") as refused:
            sink.write(a_recorder(), told)
        sink.write(a_recorder(), [told[0], told[2]])

    assert 1 == refused.value.position


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (nested(DEEPEST + 1), "nested more than"),
        (nested(700), "nested more than"),
        (msgspec.msgpack.Ext(5, b"x"), "no JSON"),
        ({"a": {(1, 2): 3}}, "no JSON"),
    ],
)
@pytest.mark.parametrize("position", [0, 3, 6])
def test_a_payload_that_no_reader_could_take_is_refused_with_its_position(
    database_url: str, payload: Any, reason: str, position: int
) -> None:
    told: list[events.AnyEvent] = [Facts().started() for _ in range(7)]
    told[position] = Facts().line(data=payload)

    with closing(SqlSink(database_url)) as sink:
        with pytest.raises(EventRejected, match=reason) as refused:
            sink.write(a_recorder(), [events.encode(event) for event in told])
        del told[position]
        sink.write(a_recorder(), [events.encode(event) for event in told])

    assert position == refused.value.position


def test_what_can_be_read_again_is_taken(database_url: str) -> None:
    payload = {"deep": nested(DEEPEST - 1), "none": float("nan"), "many": [{"a": ["[{"] * 9}] * 99}
    facts = Facts()

    with closing(SqlSink(database_url)) as sink:
        sink.write(a_recorder(), [events.encode(facts.started(input=payload))])
    with closing(open_database(database_url)) as database, database.reading() as connection:
        kept = read_execution(connection, facts.execution_id)

    assert {**payload, "none": None} == kept.input
