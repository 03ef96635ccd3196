"""What the environment may say of running on Celery workers."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from everyrun.domain.errors import SettingsError
from everyrun.domain.graph import QUEUE_PATTERN
from everyrun.workflows.settings import settings_from

LOCAL = "local"
CELERY = "celery"
EXECUTORS = (LOCAL, CELERY)


@dataclass(frozen=True, kw_only=True)
class CelerySettings:
    """How graphs run on Celery workers. Raises :class:`SettingsError` that names the variable."""

    executor: str = LOCAL
    """Where executions run: `local`, in the process that takes them, or `celery`, on workers."""
    broker_url: str = field(default="", repr=False)
    """The broker: `redis://…`, `redis+socket://…`, `amqp://…`; needed for `celery`."""
    queue: str = "everyrun"
    """The queue of nodes that name none, and whose type has none."""
    queues: str = ""
    """Queues by node type, such as `shell=heavy,sql=databases`; a node's own `queue` wins."""
    resend_seconds: float = 15.0
    """Seconds after which a node that was sent and not begun is sent again, each time twice."""
    tend_seconds: float = 0.5
    """Seconds between two looks for what was lost, what is due, and what was asked."""

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise SettingsError(
                f"{VARIABLES['executor']}={self.executor!r} is neither local nor celery"
            )
        for name in ("resend_seconds", "tend_seconds"):
            if getattr(self, name) < _LEAST:
                raise SettingsError(f"{VARIABLES[name]} must be {_LEAST:g} or more")
        for name in (self.queue, *self.by_type().values()):
            if not re.match(QUEUE_PATTERN, name):
                raise SettingsError(
                    f"{VARIABLES['queues']}: a queue is letters, digits and . : _ -, not {name!r}"
                )

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **overrides: Any
    ) -> "CelerySettings":
        """``EVERYRUN_…`` variables over the defaults; overrides that are not None over both."""
        return settings_from(cls, VARIABLES, environ, overrides)

    def by_type(self) -> dict[str, str]:
        """Node type -> queue. Raises :class:`SettingsError` for what is no such pair."""
        found = {}
        for pair in filter(None, (each.strip() for each in self.queues.split(","))):
            node_type, equals, queue = pair.partition("=")
            if not equals:
                raise SettingsError(f"{VARIABLES['queues']}: {pair!r} is not TYPE=QUEUE")
            found[node_type.strip()] = queue.strip()
        return found

    def require_broker(self) -> str:
        """The broker's address. Raises :class:`SettingsError` when there is none."""
        if not self.broker_url:
            raise SettingsError(
                f"running on Celery workers needs a broker: set {VARIABLES['broker_url']}"
            )
        return self.broker_url


VARIABLES = {each.name: f"EVERYRUN_{each.name.upper()}" for each in fields(CelerySettings)}
"""Setting -> its environment variable."""

_LEAST = 0.05
