"""``everyrun.Handler``: the standard library's log records, filed under whatever is running."""

import logging
import threading
from typing import Any

from everyrun.domain.status import LogLevel
from everyrun.tracking import recording
from everyrun.tracking.background import is_background
from everyrun.tracking.context import CURRENT
from everyrun.tracking.harmless import harmless
from everyrun.tracking.logs import exception_on_record
from everyrun.tracking.places import Place

OWN_LOGGER = "everyrun"
_USUAL_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_emitting = threading.local()


class Handler(logging.Handler):
    """Files log records under the execution or node that logs them.

    ``logging.getLogger().addHandler(everyrun.Handler(level=logging.INFO))``. Records of code that
    runs outside any execution are not filed, nor are Everyrun's own. DEBUG, INFO, WARNING and
    ERROR keep their names, CRITICAL becomes ``error``, and levels between them the one below.
    ``extra`` fields stand in the line's data, an exception and a stack too. Without a formatter
    the line is the record's message alone. Never raises.
    """

    def __init__(self, level: int | str = logging.NOTSET) -> None:
        super().__init__(level)

    def emit(self, record: logging.LogRecord) -> None:
        """File one record."""
        place = CURRENT.get()
        if place is None or is_background() or _is_our_own(record.name):
            return
        if getattr(_emitting, "now", False):  # capturing the record logged something itself
            return
        _emitting.now = True
        try:
            self._file(place, record)
        finally:
            _emitting.now = False

    @harmless
    def _file(self, place: Place, record: logging.LogRecord) -> None:
        place.record_line(
            level_on_record(record.levelno),
            self._sentence(record),
            _data_of(record),
            logger=record.name,
        )

    def _sentence(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record) if self.formatter is not None else record.getMessage()
        except Exception:  # noqa: BLE001 - arguments that do not fit the message, most likely
            return f"{record.msg!r} with {record.args!r}"


def level_on_record(level: int) -> LogLevel:
    """The one of our four levels that a logging level belongs to."""
    if level >= logging.ERROR:
        return LogLevel.ERROR
    if level >= logging.WARNING:
        return LogLevel.WARNING
    return LogLevel.INFO if level >= logging.INFO else LogLevel.DEBUG


def _data_of(record: logging.LogRecord) -> dict[str, Any] | None:
    extra = {name: value for name, value in vars(record).items() if name not in _USUAL_FIELDS}
    data: dict[str, Any] = recording.current().capturer.plain(extra) if extra else {}
    if record.exc_info and record.exc_info[1] is not None:
        data["exception"] = exception_on_record(record.exc_info[1])
    if record.stack_info:
        data["stack"] = recording.current().capturer.text(record.stack_info)
    return data or None


def _is_our_own(logger: str) -> bool:
    return logger == OWN_LOGGER or logger.startswith(f"{OWN_LOGGER}.")
