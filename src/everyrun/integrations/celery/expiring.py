"""Messages whose time is over when they are sent: RabbitMQ drops them, and tells nobody.

Other brokers deliver them, and the worker says the same: that they expired before they ran.
"""

from datetime import datetime

from everyrun.domain.clock import to_datetime
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.integrations.celery.belonging import Belonging
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.shapes import Follow
from everyrun.integrations.celery.telling import skip_rest, tell_end
from everyrun.tracking import recording

EXPIRED = "expired before it ran"


def has_expired(expires: object) -> bool:
    """Whether the moment in a message's ``expires`` has passed; unknown without an offset."""
    if not isinstance(expires, str):
        return False
    try:
        moment = datetime.fromisoformat(expires)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment <= to_datetime(recording.current().clock.now())


def tell_expired(
    belonging: Belonging, node_id: str, task: str, follow: Follow, names: Names
) -> None:
    """No worker will run this task, nor what comes after it."""
    name = names.of(task)
    if name is not None:
        error = CapturedError("", EXPIRED, "")
        tell_end(belonging, node_id, name, 1, Status.CANCELLED, error)
    skip_rest(belonging, follow, f"Task {name or task} was {EXPIRED}", names)
