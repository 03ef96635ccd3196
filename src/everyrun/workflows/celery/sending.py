"""Sending claimed nodes to the queues that workers listen to."""

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from everyrun.store.claims import Claim
from everyrun.workflows.celery.application import (
    NODE_TASK,
    BrokerUnavailable,
    broker_priority,
    make_app,
)

if TYPE_CHECKING:
    from celery import Celery

_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}
"""A moment's patience: what cannot be sent now stays on record, and is sent by who tends."""


class Sending(Protocol):
    """What brings claims to workers."""

    def send(self, claims: Iterable[Claim], now: int) -> None:
        """Send these. Raises :class:`BrokerUnavailable`."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class Sender:
    """Sends messages; usable from any thread."""

    def __init__(self, broker_url: str, app: "Celery | None" = None) -> None:
        self._broker_url = broker_url
        self._app = app or make_app(broker_url)
        self._lock = Lock()

    def send(self, claims: Iterable[Claim], now: int) -> None:
        """Send these, those of the future with a countdown. Raises :class:`BrokerUnavailable`.

        ``now`` is microseconds UTC. Sending twice is harmless: an attempt is taken once.
        """
        from kombu.exceptions import OperationalError

        with self._lock:
            for claim in claims:
                try:
                    self._send(claim, max(0, claim.available_at - now) / 1e6)
                except (OperationalError, OSError) as error:
                    raise BrokerUnavailable(f"the broker does not answer: {error}") from error

    def _send(self, claim: Claim, countdown: float) -> None:
        assert claim.queue is not None
        self._app.send_task(
            NODE_TASK,
            (claim.execution_id, claim.node_execution_id, claim.attempt),
            queue=claim.queue,
            priority=broker_priority(self._broker_url, claim.priority),
            countdown=countdown or None,
            ignore_result=True,
            retry=True,
            retry_policy=_POLICY,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._app.close()
