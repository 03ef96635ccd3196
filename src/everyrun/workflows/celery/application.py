"""The Celery application that sends nodes to workers, and runs them there."""

from typing import TYPE_CHECKING

from everyrun.domain.errors import EveryrunError

if TYPE_CHECKING:
    from celery import Celery

NODE_TASK = "everyrun.node"
HIGHEST_PRIORITY = 9
_REDELIVERY_SECONDS = 12 * 3600
"""Our own chore sends again what is lost, and much sooner; the broker need not."""


class BrokerUnavailable(EveryrunError):
    """The broker does not answer; what is on record is sent when it does."""

    status_code = 503


def make_app(broker_url: str) -> "Celery":
    """An application without tasks: enough to send them.

    Messages are acknowledged late and taken one at a time. There is no result backend: the ledger
    has the results.
    """
    from celery import Celery

    app = Celery("everyrun", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        task_queue_max_priority=HIGHEST_PRIORITY,
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        # What a killed worker had reserved, Redis keeps from others; RabbitMQ gives it back.
        worker_disable_prefetch=broker_url.startswith(_COUNTS_DOWN),
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "queue_order_strategy": "priority",
            "priority_steps": list(range(HIGHEST_PRIORITY + 1)),
            "sep": ":",
            "visibility_timeout": _REDELIVERY_SECONDS,
        },
    )
    return app


def broker_priority(broker_url: str, priority: int) -> int:
    """0 to 9 where 9 goes first, as the broker counts: Redis takes 0 first."""
    clamped = max(0, min(priority, HIGHEST_PRIORITY))
    return HIGHEST_PRIORITY - clamped if broker_url.startswith(_COUNTS_DOWN) else clamped


_COUNTS_DOWN = ("redis", "sentinel")
