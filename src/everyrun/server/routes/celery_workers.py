"""Workers of Celery and their queues, as they told the ledger; nobody asks the broker."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.roles import Role
from everyrun.domain.views.celery_workers import CeleryQueues, CeleryWorkers
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.celery_workers import list_queues, list_workers

routes = Routes("/api/v1/celery", tag="celery")


@routes.get("/workers", role=Role.VIEWER, answers=CeleryWorkers, polled=True)
def celery_workers(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    up: Annotated[bool, Query()] = False,
) -> CeleryWorkers:
    """Workers of the last week, the newest first: which are up, and what they run."""
    with visit.reading() as connection:
        return CeleryWorkers(items=list_workers(connection, limit=limit, up_only=up))


@routes.get("/queues", role=Role.VIEWER, answers=CeleryQueues, polled=True)
def celery_queues(visit: Visit) -> CeleryQueues:
    """Queues that workers took from in the last week: what waited when one of them last looked."""
    with visit.reading() as connection:
        return CeleryQueues(items=list_queues(connection))
