"""Commands to a Celery application's workers: who is there, do not run this, not so often."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from everyrun.domain.brokers import (
    BrokerUnreachable,
    CeleryNotInstalled,
    NoBroker,
    NoWorkerAnswered,
)
from everyrun.domain.errors import AmbiguousId, EveryrunError, NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.views.celery import (
    PingRequest,
    RateLimitRequest,
    Revoked,
    RevokeRequest,
    WorkerAnswers,
)
from everyrun.server.naming import named
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.celery_tasks import open_tasks

if TYPE_CHECKING:
    from everyrun.integrations.celery.commanding import Commander

routes = Routes("/api/v1/celery", tag="celery")

_ASKING = (NoBroker, CeleryNotInstalled, BrokerUnreachable)
_LONGEST_TARGET = 400
"""Characters of the tasks' ids in the audit log; the whole list stands in its data."""


class NothingToRevoke(EveryrunError):
    """Name a task at least, or an execution some of whose tasks have not ended."""

    status_code = 409


@routes.post(
    "/ping",
    role=Role.OPERATOR,
    body=PingRequest,
    answers=WorkerAnswers,
    audit="celery.ping",
    raises=_ASKING,
)
def ping_celery_workers(visit: Visit, body: PingRequest) -> WorkerAnswers:
    """Ask the workers who is there. Answers once the time is up; nobody is an answer, too."""
    return WorkerAnswers(workers=_commander(visit).ping(body))


@routes.post(
    "/revoke",
    role=Role.OPERATOR,
    body=RevokeRequest,
    answers=Revoked,
    audit="celery.revoke",
    raises=(*_ASKING, NoWorkerAnswered, NothingToRevoke, NotOnRecord, AmbiguousId),
)
def revoke_celery_tasks(visit: Visit, body: RevokeRequest) -> Revoked:
    """Have tasks not run, by their ids, or all of an execution that have not ended.

    What comes after them in their canvas is skipped. The record changes when a worker meets them.
    """
    commander = _commander(visit)
    task_ids = _meant(visit, body)
    visit.target = _shortened(task_ids)
    return Revoked(task_ids=task_ids, workers=commander.revoke(body, task_ids))


@routes.post(
    "/rate-limit",
    role=Role.OPERATOR,
    body=RateLimitRequest,
    answers=WorkerAnswers,
    audit="celery.rate_limit",
    raises=(*_ASKING, NoWorkerAnswered),
)
def limit_celery_task(visit: Visit, body: RateLimitRequest) -> WorkerAnswers:
    """Let each worker begin a task only so often, until it is started anew."""
    visit.target = body.task
    return WorkerAnswers(workers=_commander(visit).rate_limit(body))


def _commander(visit: Visit) -> "Commander":
    broker = visit.settings.celery_broker_url
    if not broker:
        raise NoBroker
    try:
        from everyrun.integrations.celery.commanding import Commander
    except ImportError as error:
        raise CeleryNotInstalled from error
    return Commander(broker)


def _meant(visit: Visit, body: RevokeRequest) -> list[str]:
    task_ids = list(body.task_ids)
    if body.execution is not None:
        with visit.reading() as connection:
            task_ids += open_tasks(connection, named(connection, body.execution))
    if not task_ids:
        raise NothingToRevoke
    return list(dict.fromkeys(task_ids))


def _shortened(task_ids: Sequence[str]) -> str:
    text = ", ".join(task_ids)
    return text if len(text) <= _LONGEST_TARGET else f"{text[: _LONGEST_TARGET - 1]}…"
