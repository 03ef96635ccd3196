"""What is told of a task that did its work, when Celery could not store that or go on."""

from typing import Any

import pytest
from celery import chain
from celery.app.trace import build_tracer

from everyrun.domain.events import AnyEvent, ExecutionFinished, NodeFinished
from everyrun.testing import recorded
from tests.support.celery_application import add, app, nothing

pytestmark = pytest.mark.usefixtures("memory_broker")


def _run_next() -> None:
    """Run the task of the first message as a process of a pool does."""
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        message = queue.get_nowait()
        queue.close()
    headers = dict(message.headers or {})
    args, kwargs, embedded = message.payload
    request = {**headers, **embedded, "delivery_info": {}, "is_eager": False}
    task = app.tasks[headers["task"]]
    build_tracer(task.name, task, app=app)(headers["id"], args, kwargs, request)


def _ends(events: list[AnyEvent]) -> list[tuple[str, str, str]]:
    return [
        (event.node, event.status.value, (event.error_message or "").partition(":")[0])
        for event in events
        if isinstance(event, NodeFinished)
    ]


def _fail(*_: Any, **__: Any) -> None:
    raise ConnectionError("the backend is loading")


def test_a_result_that_cannot_be_stored_fails_its_task_and_not_what_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app.backend, "mark_as_done", _fail)
    with recorded() as runs:
        chain(nothing.si(), nothing.si()).apply_async()
        with pytest.warns(RuntimeWarning, match="outside body"):
            _run_next()

    assert [("shop.nothing", "failed", "the backend is loading")] == _ends(runs.events)
    [canvas] = [event for event in runs.events if isinstance(event, ExecutionFinished)]
    assert "Task shop.nothing failed: the backend is loading" == canvas.error_message


def test_a_next_step_that_cannot_be_sent_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded() as runs:
        chain(nothing.si(), add.si(1)).apply_async()
        monkeypatch.setattr(app.amqp, "send_task_message", _fail)
        monkeypatch.setattr(app.backend, "mark_as_failure", _fail)
        with (
            pytest.warns(RuntimeWarning, match="outside body"),
            pytest.raises(ConnectionError),
        ):
            _run_next()

    assert [
        ("shop.nothing", "failed", "the backend is loading"),
        ("shop.add", "skipped", "Task shop.nothing failed"),
    ] == _ends(runs.events)


def test_a_task_whose_beginning_cannot_be_stored_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.backend, "store_result", _fail)
    with recorded() as runs:
        nothing.apply_async()
        with (
            pytest.warns(RuntimeWarning, match="outside body"),
            pytest.raises(ConnectionError),
        ):
            _run_next()

    assert [("shop.nothing", "failed", "the backend is loading")] == _ends(runs.events)


def test_an_error_that_was_being_dealt_with_is_none_of_the_tasks() -> None:
    with recorded() as runs:
        nothing.apply_async()
        try:
            _fail()
        except ConnectionError:
            _run_next()

    assert [("shop.nothing", "completed", "")] == _ends(runs.events)
