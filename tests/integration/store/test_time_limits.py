"""A question that takes too long is cut off; others, and the connection, go on."""

from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from everyrun.domain.errors import QueryTooSlow
from everyrun.store.database import Database, open_database
from everyrun.store.reading.planning import kept_to_indexes
from tests.support.facts import Facts, tell

LIMIT_SECONDS = 0.2
ENDLESS = (
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) "
    "SELECT count(*) FROM numbers"
)
COUNT = "SELECT count(*) FROM workflow_executions"


def _ask_without_end(connection: Connection) -> None:
    connection.execute(text(ENDLESS)).scalar()


def test_a_slow_question_is_cut_off(database: Database) -> None:
    began = monotonic()

    with pytest.raises(QueryTooSlow), database.reading(seconds=LIMIT_SECONDS) as connection:
        _ask_without_end(connection)

    assert LIMIT_SECONDS <= monotonic() - began < 10


def test_what_was_cut_off_leaves_its_connection_usable_and_without_a_limit(
    database: Database,
) -> None:
    with pytest.raises(QueryTooSlow), database.reading(seconds=LIMIT_SECONDS) as slow:
        _ask_without_end(slow)

    with database.reading() as connection:
        assert 0 == connection.execute(text(COUNT)).scalar()
        if database.dialect == "postgresql":
            assert "0" == connection.execute(text("SHOW statement_timeout")).scalar()
    tell(database, Facts().started())
    with database.reading(seconds=LIMIT_SECONDS) as connection:
        assert 1 == connection.execute(text(COUNT)).scalar()


def test_others_stay_quick_while_something_slow_is_under_way(database: Database) -> None:
    asked, over = Event(), Event()

    def be_slow() -> None:
        asked.set()
        with pytest.raises(QueryTooSlow), database.reading(seconds=2) as connection:
            _ask_without_end(connection)
        over.set()

    slow = Thread(target=be_slow)
    slow.start()
    assert asked.wait(10)
    began = monotonic()
    for _ in range(20):
        with database.reading(seconds=LIMIT_SECONDS) as connection:
            connection.execute(text(COUNT)).scalar()
    took = monotonic() - began
    was_over = over.is_set()
    slow.join()

    assert not was_over
    assert took < 1


def test_a_limit_lets_errors_of_other_kinds_pass(database: Database) -> None:
    class Other(Exception):
        pass

    with pytest.raises(Other), database.reading(seconds=LIMIT_SECONDS):
        raise Other

    with database.reading(seconds=LIMIT_SECONDS) as connection:
        assert 0 == connection.execute(text(COUNT)).scalar()


@pytest.mark.postgresql
def test_planner_settings_are_sent_once_and_end_with_the_transaction(
    migrated_postgresql_url: str,
) -> None:
    database = open_database(migrated_postgresql_url)
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: sent.append(str(told[2])))

    def shown(connection: Connection) -> list[Any]:
        names = ("enable_sort", "plan_cache_mode")
        return [connection.execute(text(f"SHOW {name}")).scalar() for name in names]

    with database.reading(seconds=5) as connection:
        for _ in range(3):
            with kept_to_indexes(connection):
                pass
        each_time = shown(connection)
        with kept_to_indexes(connection, plan_once=True):
            once = shown(connection)
    with database.reading() as connection:
        afterwards = shown(connection)
    database.close()

    assert 2 == sum("SET LOCAL" in statement for statement in sent)
    assert ["off", "force_custom_plan"] == each_time
    assert ["off", "force_generic_plan"] == once
    assert ["on", "auto"] == afterwards
