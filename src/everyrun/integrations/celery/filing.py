"""Log lines of tasks: every logger that a worker sets up gets our handler, once."""

import logging
from typing import Any

from everyrun.tracking.harmless import harmless
from everyrun.tracking.logging_handler import Handler

_WORKERS_OWN = "celery"
_TASKS = ("celery.task", "celery.redirected")


class TaskLines(Handler):
    """Files what tasks log and print, not what the worker says of them itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is a task's own."""
        name = record.name
        if name.partition(".")[0] == _WORKERS_OWN and not name.startswith(_TASKS):
            return False
        return bool(super().filter(record))


@harmless
def file_lines(logger: Any = None, **_: Any) -> None:
    """File what this logger gets, and what the tasks' own logger keeps to itself."""
    for each in (logger or logging.getLogger(), logging.getLogger("celery.task")):
        _attach(each)


def _attach(logger: logging.Logger) -> None:
    above: logging.Logger | None = logger
    while above is not None:
        if any(isinstance(handler, Handler) for handler in above.handlers):
            return
        above = above.parent if above.propagate else None
    logger.addHandler(TaskLines())
