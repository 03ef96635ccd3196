"""What a worker's main process says of itself, and what it says when the broker does not answer."""

import os
import threading
from types import SimpleNamespace
from typing import Any, Self

import pytest
from celery import Celery
from celery.concurrency.prefork import TaskPool
from celery.worker.request import Request
from kombu.asynchronous.timer import Timer
from kombu.utils.limits import TokenBucket

from everyrun.domain.events import WorkerSeen
from everyrun.integrations.celery.presence import Presence
from everyrun.testing import recorded
from tests.support.waiting import wait_until


def _consumer(broker: str) -> Any:
    """What Celery hands to ``worker_ready``."""
    app = Celery("presence", broker=broker, set_as_current=False)
    app.conf.update(broker_connection_timeout=0.1)
    app.amqp.queues.select(["parcels"])
    consumer = SimpleNamespace(timer=Timer(), task_buckets={"presence.unlimited": None})
    consumer.controller = SimpleNamespace(
        app=app, hostname="celery@here", pool_cls=TaskPool, concurrency=3, consumer=consumer
    )
    return consumer


def _taken(app: Celery, count: int) -> list[Request]:
    """Tasks as a worker holds them that has just taken their messages."""

    @app.task(name="presence.parcel")
    def parcel() -> None: ...

    for _ in range(count):
        parcel.apply_async(queue="parcels")
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("parcels")
        taken = [Request(queue.get_nowait(), app=app, task=parcel) for _ in range(count)]
        queue.close()
    return taken


def _seen(events: list[Any]) -> list[WorkerSeen]:
    return [event for event in events if isinstance(event, WorkerSeen)]


def test_a_worker_says_that_it_is_there_and_that_it_stops() -> None:
    presence = Presence(say_every=0.01)
    with recorded() as runs:
        presence.ready(sender=_consumer("memory://"))
        wait_until(lambda: len(_seen(runs.events)) > 1, "two words")
        presence.shutdown()
        presence.shutdown()

    first, *_, last = _seen(runs.events)
    assert ("celery@here", "prefork", 3, ["parcels"], False) == (
        first.name,
        first.pool,
        first.concurrency,
        [queue.name for queue in first.queues],
        first.is_stopped,
    )
    assert last.is_stopped
    assert first.at <= last.at
    assert 1 == sum(seen.is_stopped for seen in _seen(runs.events))


def test_what_waits_for_its_time_or_for_a_rate_is_held_too() -> None:
    consumer = _consumer("memory://")
    app = consumer.controller.app
    later, both, limited = _taken(app, 3)
    bucket = TokenBucket(1)
    for request in (both, limited):
        bucket.add((request, 1))
    consumer.task_buckets["presence.parcel"] = bucket
    consumer.timer.call_after(60, print, (later,))
    consumer.timer.call_after(60, print, (both, bucket, 1))
    consumer.timer.call_after(60, print)
    presence = Presence(say_every=60)
    with recorded() as runs:
        presence.ready(sender=consumer)
        wait_until(lambda: _seen(runs.events), "a word")
        presence.shutdown()

    assert 3 == _seen(runs.events)[0].reserved


def test_the_length_of_a_queue_is_unknown_while_the_broker_is_away() -> None:
    presence = Presence(say_every=60)
    with recorded() as runs:
        presence.ready(sender=_consumer("redis+socket:///nowhere/redis.sock"))
        wait_until(lambda: _seen(runs.events), "a word")
        presence.shutdown()

    [queue] = _seen(runs.events)[0].queues
    assert ("parcels", None) == (queue.name, queue.messages)


def test_no_secret_of_the_brokers_address_is_told() -> None:
    presence = Presence(say_every=60)
    with recorded() as runs:
        presence.ready(sender=_consumer("memory://user:s3cret@host//"))
        wait_until(lambda: _seen(runs.events), "a word")
        presence.shutdown()

    assert "s3cret" not in _seen(runs.events)[0].broker


class _Channel:
    """A channel whose client takes a lock of its own for each question, as Redis' does."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def queue_declare(self, _queue: str, **_: Any) -> SimpleNamespace:
        with self._lock:
            return SimpleNamespace(message_count=sum(range(20_000)))


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_no_child_of_the_worker_is_born_while_the_broker_is_asked() -> None:
    lock, consumer = threading.Lock(), _consumer("memory://")
    consumer.controller.app.connection_for_read = lambda **_: SimpleNamespace(
        channel=lambda: _Channel(lock),
        release=lambda: None,
        connection_errors=(),
        channel_errors=(),
        as_uri=lambda **_: "memory://",
    )
    presence, ends = Presence(say_every=0), []
    with recorded() as runs:
        presence.ready(sender=consumer)
        for _ in range(20):
            child = os.fork()
            if child == 0:
                os._exit(not lock.acquire(blocking=False))
            ends.append(os.waitpid(child, 0)[1])
        presence.shutdown()

    assert [0] * 20 == ends
    assert _seen(runs.events)
