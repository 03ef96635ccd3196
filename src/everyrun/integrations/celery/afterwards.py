"""Tasks whose process was killed after their result was stored, and before it could say so.

Celery's worker (5.7) sees that the result is there, acknowledges the message and sends no signal: a
warning in its log is all that tells. Where it is not told, such a task is lost on record.
"""

import logging
from collections.abc import Callable

from everyrun.tracking.harmless import harmless

_LOGGER = "celery.worker.request"
_BEGINNING = "Task %s[%s] succeeded before the worker was lost"


class SuccessTap(logging.Filter):
    """Lets every record pass; tells the ids of tasks of which the log says that they succeeded."""

    def __init__(self, on_success: Callable[[str], None]) -> None:
        super().__init__()
        self._on_success = on_success

    def filter(self, record: logging.LogRecord) -> bool:
        """Hear a record."""
        self._hear(record)
        return True

    @harmless
    def _hear(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(_BEGINNING) and isinstance(record.args, tuple):
            self._on_success(str(record.args[1]))


def listen(on_success: Callable[[str], None]) -> None:
    """Tell of such tasks from now on; whoever was told before no longer is."""
    logger = logging.getLogger(_LOGGER)
    for known in [each for each in logger.filters if isinstance(each, SuccessTap)]:
        logger.removeFilter(known)
    logger.addFilter(SuccessTap(on_success))
