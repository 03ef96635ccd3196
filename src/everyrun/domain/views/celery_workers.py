"""Workers of Celery and their queues as pages show them."""

from datetime import datetime

import msgspec


class RunningTaskView(msgspec.Struct, kw_only=True):
    """A task that a worker runs; its id is Celery's."""

    id: str
    name: str
    since: datetime | None


class CeleryWorkerView(msgspec.Struct, kw_only=True):
    """One worker. ``state`` is up, stopped (in order) or gone, for ``gone_reason``.

    What it runs is as it was at ``seen_at``: ``running`` has 100 at most of ``running_total``.
    ``reserved`` tasks more lie in the worker, ``done`` have ended since it began.
    """

    id: str
    name: str
    host: str
    pid: int
    state: str
    broker: str
    pool: str
    concurrency: int
    started_at: datetime
    seen_at: datetime
    stopped_at: datetime | None
    gone_reason: str | None
    queues: list[str]
    running: list[RunningTaskView]
    running_total: int
    reserved: int
    done: int


class CeleryWorkers(msgspec.Struct, kw_only=True):
    """Workers, those that began last first."""

    items: list[CeleryWorkerView]


class CeleryQueueView(msgspec.Struct, kw_only=True):
    """One queue: ``messages`` waited in it at ``seen_at``; None where that is not known.

    ``workers`` of those that are up take from it.
    """

    name: str
    broker: str
    messages: int | None
    seen_at: datetime
    seen_by: str
    workers: int


class CeleryQueues(msgspec.Struct, kw_only=True):
    """Queues by their names."""

    items: list[CeleryQueueView]
