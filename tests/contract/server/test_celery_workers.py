"""Workers of Celery and their queues over HTTP."""

from everyrun.domain.events import QueueLength, WorkerSeen
from everyrun.domain.roles import Role
from tests.support.facts import NOON, a_recorder, tell
from tests.support.served import Served


def test_workers_and_queues_are_told(served: Served) -> None:
    of = {"broker": "redis://h/0", "pool": "solo", "concurrency": 1}
    for name, is_stopped in (("celery@a", False), ("celery@b", True)):
        queues = [QueueLength(name="celery", messages=3)]
        seen = WorkerSeen(at=NOON, name=name, is_stopped=is_stopped, queues=queues, **of)  # type: ignore[arg-type]
        tell(served.database, seen, recorder=a_recorder())
    client = served.client(Role.VIEWER)
    workers = client.get("/api/v1/celery/workers").json()["items"]
    up = client.get("/api/v1/celery/workers?up=true&limit=1").json()["items"]
    [queue] = client.get("/api/v1/celery/queues").json()["items"]

    assert [("celery@b", "stopped"), ("celery@a", "up")] == [
        (worker["name"], worker["state"]) for worker in workers
    ]
    assert ["celery@a"] == [worker["name"] for worker in up]
    assert ("celery", 3, "celery@a", 1) == (
        queue["name"],
        queue["messages"],
        queue["seen_by"],
        queue["workers"],
    )
