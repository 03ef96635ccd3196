"""A Celery application as people have them, with Everyrun installed in one line.

Where it finds its broker and its backend is told by the environment, because workers run it too:
``CELERY_TEST_BROKER``, ``CELERY_TEST_BACKEND``. What its tasks see of their own requests lies in a
Redis list, for the tests to compare with: Celery's result backend does not keep all of it.
"""

import json
import os
import signal
import threading
from typing import Any

import redis
from celery import Celery, chain, group, signals
from celery.exceptions import Ignore, Reject
from celery.utils.log import get_task_logger

from everyrun.integrations.celery import install
from tests.support.waiting import wait_until

BROKER = os.environ.get("CELERY_TEST_BROKER", "memory://")
SEEN = "seen"

app = Celery(
    "shop", broker=BROKER, backend=os.environ.get("CELERY_TEST_BACKEND", "cache+memory://")
)
app.conf.update(
    result_extended=True,
    worker_prefetch_multiplier=4,
    task_track_started=True,
    broker_connection_retry_on_startup=True,
    task_publish_retry=False,
    worker_send_task_events=False,
    broker_transport_options={
        "visibility_timeout": int(os.environ.get("CELERY_TEST_VISIBILITY", "3600"))
    },
)
install(app, exclude=("shop.untracked",))
logger = get_task_logger(__name__)


def _witness(address: str) -> redis.Redis:
    path, _, number = address.removeprefix("redis+socket://").partition("?virtual_host=")
    return redis.Redis(unix_socket_path=path, db=int(number))


@signals.task_prerun.connect(weak=False)
def _bear_witness(task: Any, **_: Any) -> None:
    request = task.request
    address = os.environ.get("CELERY_TEST_WITNESS")
    if request.is_eager or address is None:
        return
    seen = {
        "id": request.id,
        "name": request.task,
        "root": request.root_id,
        "parent": request.parent_id,
        "group": request.group,
        "retries": request.retries,
    }
    with _witness(address) as client:
        client.rpush(SEEN, json.dumps(seen))


@app.task(name="shop.add")
def add(x: int, y: int = 1) -> int:
    return x + y


@app.task(name="shop.nothing")
def nothing(*_: Any, **__: Any) -> None:
    """Do nothing."""


@app.task(name="shop.total")
def total(numbers: Any) -> int:
    return sum(numbers) if isinstance(numbers, list) else numbers


@app.task(name="shop.fail")
def fail(*_: Any) -> None:
    raise ValueError("no stock")


TRIES_AGAIN_AFTER = 0.3
"""Seconds. Celery sends a retry before it stores that the try failed: one that ends sooner is
overwritten by that, and its result backend says RETRY for ever."""


@app.task(name="shop.flaky", bind=True, max_retries=3)
def flaky(self: Any, x: int = 0, times: int = 1, *_: Any) -> int:
    if self.request.retries < times:
        raise self.retry(exc=ConnectionError("busy"), countdown=TRIES_AGAIN_AFTER)
    return x


@app.task(
    name="shop.stubborn",
    autoretry_for=(KeyError,),
    retry_kwargs={"max_retries": 2, "countdown": TRIES_AGAIN_AFTER},
)
def stubborn(*_: Any) -> None:
    raise KeyError("gone")


@app.task(name="shop.ignored")
def ignored(*_: Any) -> None:
    raise Ignore("not today")


@app.task(name="shop.rejected", acks_late=True)
def rejected(*_: Any) -> None:
    raise Reject("broken parcel", requeue=False)


@app.task(name="shop.replaced", bind=True)
def replaced(self: Any, x: int = 1, by: str = "add", *_: Any) -> Any:
    return self.replace(
        {
            "add": add.si(x, 10),
            "chain": chain(add.si(x, 1), add.s(2)),
            "group": group(add.si(x, 1), add.si(x, 2)),
            "fail": fail.si(),
        }[by]
    )


@app.task(name="shop.countdown", bind=True)
def countdown(self: Any, n: int, *_: Any) -> Any:
    return self.replace(countdown.si(n - 1)) if n else 0


@app.task(name="shop.spawn", bind=True)
def spawn(self: Any, n: int = 2, *_: Any) -> int:
    for number in range(n):
        add.delay(number)
    chain(add.s(n), add.s(1)).delay()
    return n


@app.task(name="shop.grow", bind=True)
def grow(self: Any, x: int, *_: Any) -> int:
    self.add_to_chord(add.s(x, 100))
    return x


@app.task(name="shop.slow", soft_time_limit=1)
def slow(*_: Any) -> None:
    threading.Event().wait(1.5)  # no other pool than prefork knows of limits


@app.task(name="shop.stuck", time_limit=1)
def stuck(*_: Any) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    threading.Event().wait(30)


@app.task(name="shop.crash")
def crash(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@app.task(name="shop.forgotten", ignore_result=True)
def forgotten(*_: Any) -> int:
    return 1


@app.task(name="shop.untracked")
def untracked(x: int = 0, *_: Any) -> int:
    return x


@app.task(name="shop.talk")
def talk(*_: Any) -> int:
    logger.info("packing %s", "box")
    logger.warning("box is heavy")
    print("printed by a task")
    return 1


@app.task(name="shop.hesitate", bind=True, max_retries=1)
def hesitate(self: Any) -> None:
    logger.info("try %d", self.request.retries)
    if not self.request.retries:
        raise self.retry(countdown=0)


@app.task(name="shop.hang")
def hang(*_: Any) -> None:
    threading.Event().wait(60)


@app.task(name="shop.late", bind=True, acks_late=True, reject_on_worker_lost=True)
def late(self: Any, *_: Any) -> int:
    """Hang until the worker is killed; be done when it is delivered again."""
    if not self.request.delivery_info.get("redelivered"):
        threading.Event().wait(60)
    return 1


@app.task(name="shop.step", acks_late=True, reject_on_worker_lost=True)
def step(*_: Any) -> int:
    """Take a moment, and begin again elsewhere when the worker is killed meanwhile."""
    threading.Event().wait(0.02)
    return 1


@app.task(name="shop.held")
def held(*_arguments: Any) -> int:
    """Wait for the key ``free`` in the broker's database."""
    with _witness(BROKER) as client:
        wait_until(lambda: client.get("free"), "a key")
    return 1


@app.task(name="shop.note")
def note(*_: Any) -> None:
    """What runs after another task: a link or an errback."""
