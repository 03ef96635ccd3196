"""An operator's commands to the workers of a Celery application, through its broker.

Needs the broker's address only, not the application. Whatever happens to the broker, an answer or
an error comes in bounded time: :data:`CONNECTS_WITHIN` and the seconds that workers are given.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from everyrun.domain.brokers import BrokerUnreachable, NoWorkerAnswered, shown_url, without_secrets
from everyrun.domain.views.celery import (
    PingRequest,
    RateLimitRequest,
    RevokeRequest,
    WorkerAnswer,
)

CONNECTS_WITHIN = 3.0
"""Seconds that a broker has to take a connection and to answer what it is asked."""


class Commander:
    """Speaks to the workers of one broker. Its methods raise :class:`BrokerUnreachable`."""

    def __init__(self, broker_url: str, *, connects_within: float = CONNECTS_WITHIN) -> None:
        self._url = broker_url
        self._patience = connects_within
        self._app = Celery("everyrun", broker=broker_url, set_as_current=False, fixups=[])
        self._app.conf.broker_connection_timeout = connects_within
        if broker_url.startswith(("redis", "valkey")):
            # Without them this transport waits for ever.
            self._app.conf.broker_transport_options = {
                "socket_connect_timeout": connects_within,
                "socket_timeout": connects_within,
                "retry_on_timeout": False,
            }

    def ping(self, asked: PingRequest) -> list[WorkerAnswer]:
        """Who is there; nobody is an answer, too."""
        return self._broadcast("ping", {}, asked.workers, asked.seconds)

    def revoke(self, asked: RevokeRequest, task_ids: Sequence[str]) -> list[WorkerAnswer]:
        """Have all workers know that these tasks must not run. Raises :class:`NoWorkerAnswered`.

        They know it for as long as they run: a worker that starts when no other is left does not.
        """
        told: dict[str, Any] = {"task_id": list(task_ids), "terminate": asked.terminate}
        if asked.terminate:
            told["signal"] = f"SIG{asked.signal}"
        return self._heard(self._broadcast("revoke", told, (), asked.seconds))

    def rate_limit(self, asked: RateLimitRequest) -> list[WorkerAnswer]:
        """Limit how often each worker begins a task. Raises :class:`NoWorkerAnswered`."""
        told = {"task_name": asked.task, "rate_limit": asked.rate}
        return self._heard(self._broadcast("rate_limit", told, asked.workers, asked.seconds))

    def _heard(self, answers: list[WorkerAnswer]) -> list[WorkerAnswer]:
        if not answers:
            raise NoWorkerAnswered(
                f"no worker of {shown_url(self._url)} answered, so nothing has changed"
            )
        return answers

    def _broadcast(
        self, command: str, told: dict[str, Any], workers: Sequence[str], seconds: float
    ) -> list[WorkerAnswer]:
        try:
            connection = self._app.connection_for_write()
            transport = connection.transport
        except (KeyError, ValueError, ImportError) as error:  # no such transport, or no driver
            raise self._unreachable(error) from error
        errors: tuple[type[BaseException], ...] = (
            OSError,
            OperationalError,
            *transport.connection_errors,
            *transport.channel_errors,
        )
        try:
            with connection:
                connection.ensure_connection(
                    max_retries=1, interval_start=0, interval_step=0, timeout=ceil(self._patience)
                )
                replies = self._app.control.broadcast(
                    command,
                    arguments=told,
                    destination=list(workers) or None,
                    connection=connection,
                    reply=True,
                    timeout=seconds,
                )
        except errors as error:
            raise self._unreachable(error) from error
        return _answers(replies or [])

    def _unreachable(self, error: BaseException) -> BrokerUnreachable:
        reason = str(error.args[0] if isinstance(error, KeyError) else error)
        reason = without_secrets(reason or type(error).__name__, self._url)
        return BrokerUnreachable(f"the broker {shown_url(self._url)} does not answer: {reason}")


def _answers(replies: Sequence[dict[str, Any]]) -> list[WorkerAnswer]:
    """``[{worker: {"ok": …} | {"error": …}}]`` as answers, by the workers' names."""
    said = {worker: answer for reply in replies for worker, answer in reply.items()}
    return [
        WorkerAnswer(
            worker=worker, ok="error" not in answer, answer=str(next(iter(answer.values())))
        )
        for worker, answer in sorted(said.items())
    ]
