"""History from real result backends: as it was, once, and with what they do not know told."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from sqlalchemy import select

from everyrun.cli.celery.importing import import_command
from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.integrations.celery.history.results import BackendCannotList, BackendUnreachable
from everyrun.store.database import Database
from everyrun.store.tables import Node, NodeExecution, Workflow, WorkflowExecution
from tests.support.facts import tell
from tests.support.redis_process import RedisProcess

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex:DeprecationWarning")


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis for results."""
    with RedisProcess(tmp_path_factory.mktemp("redis")) as redis:
        yield redis.url(0)


@pytest.fixture(params=["redis", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator["Store"]:
    """An empty result backend of each kind."""
    if request.param == "database":
        yield Store(f"db+sqlite:///{tmp_path}/results.db")
        return
    made = Store(request.getfixturevalue("redis_url"))
    made.backend.client.flushdb()
    yield made


class Store:
    """A result backend that an application has written to."""

    def __init__(self, url: str) -> None:
        self.url = url
        app = Celery("shop", backend=url, set_as_current=False)
        app.conf.result_extended = True
        self.backend: Any = app.backend

    def ends(self, task_id: str, state: str = "SUCCESS", value: Any = 3, **said: Any) -> str:
        """Store how a task ended, as a worker does."""
        request = SimpleNamespace(
            **{"task": "shop.add", "args": [1], "kwargs": {"y": 2}, "retries": 0, **said},
            hostname="celery@here",
            delivery_info={},
            children=[],
        )
        self.backend.store_result(task_id, value, state, request=request)
        return task_id


@pytest.fixture
def imports(store: "Store", database_url: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """Imports all of it, and answers the report."""

    def imported() -> dict[str, int]:
        import_command(backend=store.url, batch=2, as_json=True, url=database_url)
        report: dict[str, int] = json.loads(capsys.readouterr().out)
        return report

    return imported


def _rows(database: Database) -> list[tuple[Any, ...]]:
    query = (
        select(
            Workflow.name,
            WorkflowExecution.status,
            Node.key,
            NodeExecution.id,
            NodeExecution.status,
            NodeExecution.attempt,
            NodeExecution.started_at,
            NodeExecution.error_message,
            NodeExecution.output_data,
        )
        .join_from(NodeExecution, Node, Node.id == NodeExecution.node_id)
        .join(WorkflowExecution, WorkflowExecution.id == NodeExecution.workflow_execution_id)
        .join(Workflow, Workflow.id == WorkflowExecution.workflow_id)
        .order_by(NodeExecution.id)
    )
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_what_ended_is_on_record_once_as_it_ended(
    store: "Store", imports: Any, database: Database
) -> None:
    done, failed, gone = sorted(new_id() for _ in range(3))
    store.ends(done, retries=2)
    store.ends(failed, "FAILURE", ValueError("no stock"), task="shop.pay")
    store.ends(gone, "REVOKED", None)
    store.ends(new_id(), "STARTED", None)
    first, rows = imports(), _rows(database)
    second = imports()

    assert [
        ("shop.add", "completed", "shop.add", done, "completed", 3, None, None, 3),
        ("shop.pay", "failed", "shop.pay", failed, "failed", 1, None, "no stock", None),
        ("shop.add", "cancelled", "shop.add", gone, "cancelled", 1, None, "revoked", None),
    ] == rows
    expected = {"executions": 3, "tasks": 3, "not_ended": 1, "on_record": 0, "unnamed": 0}
    assert {**expected, "unreadable": 0} == first == second
    assert rows == _rows(database)


def test_what_was_recorded_while_it_ran_stays_as_it_is(
    store: "Store", imports: Any, database: Database
) -> None:
    store.ends(tracked := new_id())
    of: dict[str, Any] = {"execution_id": new_id(), "workflow": "orders", "kind": "celery"}
    at = int(1e15) + 900_000_000_000_000
    task: dict[str, Any] = {"node": "shop.add", "node_execution_id": tracked}
    tell(database, events.NodeStarted(**of, **task, at=at))
    rows, report = _rows(database), imports()

    assert (1, 0, 0) == (report["on_record"], report["tasks"], report["executions"])
    assert rows == _rows(database)


def test_results_without_names_are_counted(
    store: "Store", imports: Any, database: Database
) -> None:
    store.ends(new_id(), task=None)

    assert 1 == imports()["unnamed"]
    assert [("unknown task", "unknown task")] == [(row[0], row[2]) for row in _rows(database)]


def test_members_that_end_later_join_what_was_imported(
    redis_url: str, database: Database, database_url: str
) -> None:
    store = Store(redis_url)
    store.backend.client.flushdb()
    group, first, second = new_id(), new_id(), new_id()
    store.ends(first, group=group)
    import_command(backend=store.url, url=database_url)
    store.ends(second, "FAILURE", ValueError("late"), group=group)
    import_command(backend=store.url, url=database_url)
    executions = [(row[0], row[1]) for row in _rows(database)]

    assert [("shop.add", "failed")] * 2 == executions


def test_a_result_that_cannot_be_decoded_is_counted_and_passed_over(
    redis_url: str, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(redis_url)
    store.backend.client.flushdb()
    store.ends(new_id())
    store.backend.client.set("celery-task-meta-x", b"\x80\x04no json")
    import_command(backend=store.url, as_json=True, url=database_url)
    report = json.loads(capsys.readouterr().out)

    assert (1, 1) == (report["unreadable"], report["tasks"])


@pytest.mark.parametrize(
    ("url", "error", "why"),
    [
        ("redis://:secret@127.0.0.1:1/0", BackendUnreachable, "redis://127.0.0.1:1/0: .*refused"),
        ("rpc://", BackendCannotList, "only those of Redis and of databases"),
        ("carrier-pigeon://roof", BackendCannotList, "is no result backend"),
    ],
)
def test_what_cannot_be_read_is_named(
    url: str, error: type[Exception], why: str, migrated_sqlite_url: str
) -> None:
    with pytest.raises(error, match=why) as told:
        import_command(backend=url, url=migrated_sqlite_url)

    assert "secret" not in str(told.value)
