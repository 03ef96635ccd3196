"""A Celery application's workers, through the server that knows their broker."""

from collections.abc import Sequence

from everyrun.client.transport import API, Transport
from everyrun.domain.views.celery import (
    ANSWERS_WITHIN,
    PingRequest,
    RateLimitRequest,
    Revoked,
    RevokeRequest,
    Signal,
    WorkerAnswers,
)
from everyrun.domain.views.celery_workers import CeleryQueues, CeleryWorkers

_PATH = f"{API}/celery"


class Celery:
    """``client.celery``. Workers are named as Celery does, ``celery@host``; none means all.

    ``workers`` and ``queues`` are read from the ledger. The others ask the workers, and raise
    ``NoBroker`` where the server knows none, and ``BrokerUnreachable``.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def workers(self, *, up: bool = False, limit: int = 100) -> CeleryWorkers:
        """Workers of the last week, as they told the ledger; with ``up`` those that are up."""
        return self._transport.get(f"{_PATH}/workers", CeleryWorkers, up=up, limit=limit)

    def queues(self) -> CeleryQueues:
        """Queues, with what waited in them when a worker last looked."""
        return self._transport.get(f"{_PATH}/queues", CeleryQueues)

    def ping(
        self, workers: Sequence[str] = (), *, seconds: float = ANSWERS_WITHIN
    ) -> WorkerAnswers:
        """Who is there, of those that answer within ``seconds`` (0.1 to 10)."""
        body = PingRequest(workers=list(workers), seconds=seconds)
        return self._transport.send("POST", f"{_PATH}/ping", WorkerAnswers, body)

    def revoke(
        self,
        task_ids: Sequence[str] = (),
        *,
        execution: str | None = None,
        terminate: bool = False,
        signal: Signal = "TERM",
        seconds: float = ANSWERS_WITHIN,
    ) -> Revoked:
        """Have tasks not run; of ``execution`` all that have not ended.

        ``terminate`` ends those that run, too. Raises ``NoWorkerAnswered`` and ``NothingToRevoke``.
        """
        body = RevokeRequest(
            task_ids=list(task_ids),
            execution=execution,
            terminate=terminate,
            signal=signal,
            seconds=seconds,
        )
        return self._transport.send("POST", f"{_PATH}/revoke", Revoked, body)

    def rate_limit(
        self,
        task: str,
        rate: str,
        workers: Sequence[str] = (),
        *,
        seconds: float = ANSWERS_WITHIN,
    ) -> WorkerAnswers:
        """Let each worker begin ``task`` so often at most: ``10/m``; ``0`` for no limit.

        Raises ``NoWorkerAnswered``.
        """
        body = RateLimitRequest(task=task, rate=rate, workers=list(workers), seconds=seconds)
        return self._transport.send("POST", f"{_PATH}/rate-limit", WorkerAnswers, body)
