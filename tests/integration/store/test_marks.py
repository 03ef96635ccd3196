"""Whatever a poller could see of an execution, its mark tells when that has changed."""

from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.events import WIRE_VERSION, AnyEvent, Batch, RecorderGone
from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.intake import append_batch
from everyrun.store.marks import executions, find_marked, mark_changed
from everyrun.store.reading.attempts import read_earlier_attempts
from everyrun.store.reading.execution import read_execution, read_node
from everyrun.store.reading.logs import tail
from tests.support.emptying import empty
from tests.support.facts import NOON, Facts, a_recorder, tell
from tests.support.stories import Story, retellings, stories


def _shown(connection: Connection, execution_id: str) -> bytes:
    """All that is answered about an execution, but the mark itself."""
    detail = read_execution(connection, execution_id)
    mark = detail.updated_at
    shown: list[Any] = [
        msgspec.structs.replace(detail, updated_at=detail.created_at),
        read_earlier_attempts(connection, execution_id),
        [read_node(connection, execution_id, node.id) for node in detail.nodes],
        tail(connection, execution_id),
    ]
    assert mark == detail.updated_at
    return msgspec.json.encode(shown)


def _marked(connection: Connection) -> dict[str, tuple[int, bytes]]:
    ids = connection.execute(select(executions.c.id)).scalars()
    return {id_: (find_marked(connection, id_).updated_at, _shown(connection, id_)) for id_ in ids}


@given(data=st.data(), story=stories())
def test_what_differs_has_another_mark(
    database: Database, data: st.DataObject, story: Story
) -> None:
    empty(database)
    seen: dict[tuple[str, int], bytes] = {}
    for recorder, told in data.draw(retellings(story)):
        append_batch(database, Batch(version=WIRE_VERSION, recorder=recorder, events=told), NOON)
        with database.reading() as connection:
            for id_, (mark, shown) in _marked(connection).items():
                assert shown == seen.setdefault((id_, mark), shown)


def test_marks_grow_though_the_clock_goes_back(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    marks = []
    told: list[AnyEvent] = [facts.started(), facts.node_started()]
    told += [facts.node_retrying(), facts.line()]
    for step, event in enumerate(told):
        batch = Batch(version=WIRE_VERSION, recorder=recorder, events=[event])
        append_batch(database, batch, NOON - step)
        with database.reading() as connection:
            marks.append(find_marked(connection, facts.execution_id).updated_at)

    assert [NOON, NOON + 1, NOON + 2, NOON + 3] == marks


def test_a_resent_batch_leaves_the_mark(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    told = [facts.started(), facts.node_started(), facts.node_finished(), facts.line()]
    marks = set()
    for _ in range(3):
        tell(database, *told, recorder=recorder)
        with database.reading() as connection:
            marks.add(find_marked(connection, facts.execution_id))

    assert 1 == len(marks)


def test_another_reason_why_a_recorder_is_gone_is_a_change(database: Database) -> None:
    facts, runs_nodes = Facts(), a_recorder()
    tell(database, facts.started())
    tell(database, facts.node_started(), recorder=runs_nodes)
    seen = []
    for at, reason in ((1, "killed"), (2, "its host was switched off")):
        tell(database, RecorderGone(at=NOON + at, reason=reason), recorder=runs_nodes)
        with database.reading() as connection:
            seen.append(_marked(connection)[facts.execution_id])

    assert seen[0][1] != seen[1][1]
    assert seen[0][0] < seen[1][0]


def test_a_change_beside_the_record_is_marked(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started())
    for now, expected in ((NOON, NOON + 1), (NOON + 9, NOON + 9)):
        database.transact(partial(mark_changed, execution_id=facts.execution_id, now=now))

        with database.reading() as connection:
            assert expected == find_marked(connection, facts.execution_id).updated_at


def test_an_execution_is_found_by_whatever_names_it(database: Database) -> None:
    facts, external_id = Facts(), new_id()
    tell(database, facts.started(external_id=external_id))

    with database.reading() as connection:
        found = [
            find_marked(connection, given).execution_id
            for given in (facts.execution_id, facts.execution_id[:18], external_id)
        ]
        with pytest.raises(NotOnRecord):
            find_marked(connection, new_id())

    assert [facts.execution_id] * 3 == found
