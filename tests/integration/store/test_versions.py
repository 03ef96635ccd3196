"""Graphs and their versions: immutable, numbered, never lost to a stale save."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from everyrun.domain.errors import NotOnRecord, StaleVersion
from everyrun.domain.identifiers import new_id
from everyrun.store import versions
from everyrun.store.database import Database
from everyrun.store.tables import Node
from everyrun.store.versions import NodeIdentity
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.queue import save


def _names(database: Database, **more: Any) -> list[str]:
    with database.reading() as connection:
        return [record.name for record in versions.list_workflows(connection, **more)]


def test_each_change_makes_a_version_and_no_change_makes_none(database: Database) -> None:
    first = save(database, digest="one")
    again = save(database, digest="one", by="bo", now=NOON + 1)
    second = save(database, digest="two", by="bo", now=NOON + 2)
    back = save(database, digest="one", now=NOON + 3)

    assert (1, True, NOON, "ana") == (first.version, *first[3:])
    assert first._replace(created=False) == again
    assert (2, True, NOON + 2, "bo") == (second.version, *second[3:])
    assert (3, True) == (back.version, back.created)


def test_a_stale_save_is_refused_with_who_and_when(database: Database) -> None:
    save(database, digest="one")
    save(database, digest="two", by="bo", now=NOON + SECOND, expected_version=1)

    with pytest.raises(StaleVersion, match=r"nightly is at version 2 by now, saved by bo at 20"):
        save(database, digest="three", expected_version=1)

    with database.reading() as connection:
        assert 2 == versions.find_version(connection, "nightly").version


def test_a_save_that_expects_nothing_on_record_is_refused_too(database: Database) -> None:
    with pytest.raises(StaleVersion, match="nothing of it is on record"):
        save(database, expected_version=4)

    assert 1 == save(database, expected_version=0).version


def test_saves_at_the_same_time_make_each_its_version(database: Database) -> None:
    together, made = threading.Barrier(4), list[int]()

    def save_one(number: int) -> None:
        together.wait(10)
        made.append(save(database, digest=f"digest {number}").version)

    threads = [threading.Thread(target=save_one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [1, 2, 3, 4] == sorted(made)


def test_a_version_is_found_by_number_and_by_id(database: Database) -> None:
    first, second = save(database, digest="one"), save(database, digest="two", now=NOON + 1)

    with database.reading() as connection:
        newest = versions.find_version(connection, "nightly")
        older = versions.find_version(connection, "nightly", 1)
        by_id = versions.version_by_id(connection, first.id)

    assert (second.id, 2, "two", NOON + 1, "ana") == (
        newest.id,
        newest.version,
        newest.digest,
        *newest[6:],
    )
    assert {"workflow": "nightly", "nodes": {}, "digest": "one"} == older.definition
    assert older == by_id


def test_what_is_missing_is_named(database: Database) -> None:
    save(database)
    with database.reading() as connection:
        with pytest.raises(NotOnRecord, match="no workflow 'hourly'"):
            versions.find_version(connection, "hourly")
        with pytest.raises(NotOnRecord, match="has no version 9"):
            versions.find_version(connection, "nightly", 9)
        with pytest.raises(NotOnRecord, match="no workflow version"):
            versions.version_by_id(connection, new_id())
        with pytest.raises(NotOnRecord, match="no workflow 'hourly'"):
            versions.list_versions(connection, "hourly")


def test_versions_are_listed_newest_first_a_page_at_a_time(database: Database) -> None:
    for turn in range(5):
        save(database, digest=str(turn))

    with database.reading() as connection:
        page = versions.list_versions(connection, "nightly", limit=2)
        rest = versions.list_versions(connection, "nightly", before=page[-1].version)

    assert [5, 4] == [each.version for each in page]
    assert [3, 2, 1] == [each.version for each in rest]


def test_the_newest_version_says_what_its_nodes_are(database: Database) -> None:
    tell(database, Facts("nightly", "graph").node_started())
    save(database, digest="one", nodes={"load": NodeIdentity("shell", {"max_retries": 1})})

    save(
        database,
        digest="two",
        nodes={"load": NodeIdentity("http", {}), "each.read": NodeIdentity("set", {})},
    )

    with database.reading() as connection:
        found = connection.execute(
            select(Node.key, Node.node_type, Node.retry_config).order_by(Node.key)
        )
        assert [("each.read", "set", {}), ("load", "http", {})] == [tuple(row) for row in found]


def test_a_deleted_workflow_comes_back_with_the_next_save(database: Database) -> None:
    save(database)
    database.transact(lambda c: versions.delete_workflow(c, "nightly", NOON))

    assert [] == _names(database)
    assert ["nightly"] == _names(database, deleted=True)
    with database.reading() as connection, pytest.raises(NotOnRecord):
        versions.find_version(connection, "nightly")
    with pytest.raises(NotOnRecord):
        database.transact(lambda c: versions.delete_workflow(c, "nightly", NOON))
    assert not save(database).created
    assert ["nightly"] == _names(database)


def test_workflows_are_listed_in_execution_order(database: Database) -> None:
    for name in ("a", "b", "c", "d"):
        save(database, name)
    database.transact(lambda c: versions.set_order(c, ["d", "b"], NOON))
    database.transact(lambda c: versions.set_active(c, "a", False, NOON))

    assert ["d", "b", "a", "c"] == _names(database)
    assert ["d", "b", "c"] == _names(database, active=True)
    assert ["a"] == _names(database, active=False)
    with pytest.raises(NotOnRecord, match="no workflow 'e'"):
        database.transact(lambda c: versions.set_order(c, ["e"], NOON))
    with pytest.raises(NotOnRecord):
        database.transact(lambda c: versions.set_active(c, "e", True, NOON))


def test_a_workflow_is_listed_with_its_newest_version_and_description(database: Database) -> None:
    save(database, digest="one", definition={"description": "old"})
    saved = save(database, digest="two", now=NOON + 5, definition={"description": "밤마다"})

    with database.reading() as connection:
        (record,) = versions.list_workflows(connection)

    expected = (saved.workflow_id, "nightly", "graph", True, 1, "밤마다", 2, NOON + 5, False)
    assert expected == record
