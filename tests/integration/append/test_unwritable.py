"""An event that a database will never take is found and refused; the others go on."""

from contextlib import closing

import pytest

from everyrun.domain import events
from everyrun.domain.errors import EventRejected
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
