"""The way to the workers: straight to the broker, or through the server that knows it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.domain.brokers import CeleryNotInstalled, NoBroker
from everyrun.domain.views.celery import (
    PingRequest,
    RateLimitRequest,
    Revoked,
    RevokeRequest,
    WorkerAnswer,
)

if TYPE_CHECKING:
    from everyrun.client import Client
    from everyrun.integrations.celery.commanding import Commander

VARIABLE = "EVERYRUN_CELERY_BROKER_URL"


class Way(Protocol):
    """Asks workers, and answers what they say."""

    def ping(self, asked: PingRequest) -> list[WorkerAnswer]:
        """Who is there."""
        ...

    def revoke(self, asked: RevokeRequest) -> Revoked:
        """Have tasks not run."""
        ...

    def rate_limit(self, asked: RateLimitRequest) -> list[WorkerAnswer]:
        """Limit how often a task begins."""
        ...


@contextmanager
def workers(broker: str | None, url: str | None) -> Iterator[Way]:
    """The way that was chosen. Raises :class:`NoBroker` and :class:`CeleryNotInstalled`."""
    from everyrun.cli.opening import is_server, settings_from

    settings = settings_from(url)
    if broker is None and is_server(settings.url):
        from everyrun.cli.messages import language
        from everyrun.client import Client

        with Client(settings.url, token=settings.token, language=language()) as client:
            yield _ThroughServer(client)
        return
    found = broker or os.environ.get(VARIABLE, "")
    if not found:
        raise NoBroker(say("no_broker"))
    try:
        from everyrun.integrations.celery.commanding import Commander
    except ImportError as error:
        raise CeleryNotInstalled from error
    yield _Straight(Commander(found), settings.url)


class _Straight:
    """Speaks to the broker itself; the ledger is asked only for what an execution has left."""

    def __init__(self, commander: "Commander", ledger_url: str) -> None:
        self._commander = commander
        self._ledger_url = ledger_url

    def ping(self, asked: PingRequest) -> list[WorkerAnswer]:
        return self._commander.ping(asked)

    def revoke(self, asked: RevokeRequest) -> Revoked:
        task_ids = list(asked.task_ids)
        if asked.execution is not None:
            task_ids += _open_tasks(self._ledger_url, asked.execution)
        if not task_ids:
            raise BadInput(say("nothing_to_revoke"))
        return Revoked(task_ids=task_ids, workers=self._commander.revoke(asked, task_ids))

    def rate_limit(self, asked: RateLimitRequest) -> list[WorkerAnswer]:
        return self._commander.rate_limit(asked)


class _ThroughServer:
    """Has a server speak, which asks who may, and notes who did."""

    def __init__(self, client: "Client") -> None:
        self._celery = client.celery

    def ping(self, asked: PingRequest) -> list[WorkerAnswer]:
        return self._celery.ping(asked.workers, seconds=asked.seconds).workers

    def revoke(self, asked: RevokeRequest) -> Revoked:
        return self._celery.revoke(
            asked.task_ids,
            execution=asked.execution,
            terminate=asked.terminate,
            signal=asked.signal,
            seconds=asked.seconds,
        )

    def rate_limit(self, asked: RateLimitRequest) -> list[WorkerAnswer]:
        answers = self._celery.rate_limit(
            asked.task, asked.rate, asked.workers, seconds=asked.seconds
        )
        return answers.workers


def _open_tasks(url: str, execution: str) -> list[str]:
    from everyrun.cli.access import ledger_to_read
    from everyrun.cli.finding import find
    from everyrun.cli.ledgers.here.ledger import LedgerHere
    from everyrun.store.reading.celery_tasks import open_tasks

    with ledger_to_read(url) as database:
        execution_id = find(LedgerHere(database), execution)
        with database.reading() as connection:
            return open_tasks(connection, execution_id)
