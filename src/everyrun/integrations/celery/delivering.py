"""Tasks that are delivered again: their worker was killed before it acknowledged them.

Celery counts retries only. A task that acknowledges late and comes again is another attempt of the
same node execution, so that the earlier one stays on record as what it was: lost. The broker says
no more than that a message comes again, not how often nor whether anybody had begun it, so further
deliveries of one message are one attempt.
"""

from typing import Any

from everyrun.integrations.celery.belonging import Belonging


def comes_again(request: Any, task: Any) -> bool:
    """Whether a worker had this message before, and did not acknowledge it before it ran it.

    What is acknowledged early and comes again was never begun.
    """
    delivery = getattr(request, "delivery_info", None)
    if not isinstance(delivery, dict) or not delivery.get("redelivered"):
        return False
    return bool(getattr(task, "acks_late", False))


def tries_before(belonging: Belonging, request: Any, task: Any) -> int:
    """How many tries came before this one, beside the retries that the message counts."""
    return belonging.again + comes_again(request, task)
