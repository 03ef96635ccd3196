"""Only definitions that can run are saved, each change as a version of its own."""

import pytest

from everyrun.domain.errors import NotOnRecord, StaleVersion
from everyrun.domain.graph import WorkflowDefinition, from_plain
from everyrun.store.database import Database
from everyrun.store.tables import Base
from everyrun.store.versions import find_version, list_versions
from everyrun.workflows.defining import read_text
from everyrun.workflows.problems import Code, InvalidDefinition
from everyrun.workflows.saving import save

NOON = 1_795_000_000_000_000
TEXT = """\
workflow: invoices
nodes:
  z_first: {type: set, with: {values: {a: 1}}, retry: 3}
  a_second: {type: for_each, needs: z_first, with: {items: [1]}, do: {
    inner: {type: set, with: {values: {b: '{{ item }}'}}}}}
"""


def definition(text: str = TEXT) -> WorkflowDefinition:
    read = read_text(text).definition

    assert read is not None
    return read


def test_what_is_saved_is_read_back_in_its_order(database: Database) -> None:
    saved = save(database, definition(), "kim", NOON)
    with database.reading() as connection:
        found = find_version(connection, "invoices")

    assert (1, True, "kim", NOON) == (
        saved.version,
        saved.created,
        saved.created_by,
        saved.created_at,
    )
    assert definition() == from_plain(found.definition)
    assert ["z_first", "a_second"] == list(found.definition["nodes"])


def test_saving_the_same_again_makes_nothing(database: Database) -> None:
    save(database, definition(), "kim", NOON)
    again = save(database, definition(), "lee", NOON + 1)

    assert (1, False, "kim") == (again.version, again.created, again.created_by)


def test_every_node_is_known_by_its_whole_key(database: Database) -> None:
    save(database, definition(), None, NOON)
    nodes = Base.metadata.tables["nodes"]
    with database.reading() as connection:
        rows = connection.execute(nodes.select()).all()

    assert {
        ("z_first", "set", 3),
        ("a_second", "for_each", None),
        ("a_second.inner", "set", None),
    } == {(row.key, row.node_type, row.retry_config.get("max_retries")) for row in rows}


def test_a_definition_that_cannot_run_is_not_saved(database: Database) -> None:
    broken = definition(TEXT.replace("needs: z_first", "needs: [a_second, nothing]"))
    with pytest.raises(InvalidDefinition) as raised:
        save(database, broken, "kim", NOON)

    assert [Code.SELF_EDGE, Code.DANGLING_EDGE] == [each.code for each in raised.value.problems]
    with database.reading() as connection, pytest.raises(NotOnRecord):
        find_version(connection, "invoices")


def test_a_stale_save_is_refused(database: Database) -> None:
    save(database, definition(), "kim", NOON)
    save(database, definition(TEXT.replace("a: 1", "a: 2")), "lee", NOON + 1, expected_version=1)
    with pytest.raises(StaleVersion, match="lee"):
        save(database, definition(TEXT.replace("a: 1", "a: 3")), "kim", NOON + 2, 1)

    with database.reading() as connection:
        assert [2, 1] == [each.version for each in list_versions(connection, "invoices", 10)]
