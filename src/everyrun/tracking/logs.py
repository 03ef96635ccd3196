"""``everyrun.log``: lines of text under whatever is running."""

import sys

from everyrun.domain.status import LogLevel
from everyrun.tracking import recording
from everyrun.tracking.context import CURRENT
from everyrun.tracking.harmless import harmless
from everyrun.tracking.places import Place


class Log:
    """Writes lines to one place, or to whatever is running; to nothing where nothing runs."""

    __slots__ = ("_place",)

    def __init__(self, place: Place | None = None) -> None:
        self._place = place

    def debug(self, message: object, /, **data: object) -> None:
        """A line for whoever looks for a fault. ``data`` is put on record beside it."""
        self._write(LogLevel.DEBUG, message, data)

    def info(self, message: object, /, **data: object) -> None:
        """A line that says what happens: ``log.info("read", rows=3)``."""
        self._write(LogLevel.INFO, message, data)

    def warning(self, message: object, /, **data: object) -> None:
        """A line about something odd that did not stop the work."""
        self._write(LogLevel.WARNING, message, data)

    def error(self, message: object, /, **data: object) -> None:
        """A line about something that went wrong."""
        self._write(LogLevel.ERROR, message, data)

    def exception(self, message: object, /, **data: object) -> None:
        """An error line, with the exception that is being handled in its data."""
        self._write(LogLevel.ERROR, message, data, sys.exc_info()[1])

    @harmless
    def _write(
        self,
        level: LogLevel,
        message: object,
        data: dict[str, object],
        error: BaseException | None = None,
    ) -> None:
        place = self._place or CURRENT.get()
        if place is None:
            return
        kept = recording.current().capturer.plain(data) if data else None
        if error is not None:
            kept = {**(kept or {}), "exception": exception_on_record(error)}
        place.record_line(level, str(message), kept)


def exception_on_record(error: BaseException) -> dict[str, str]:
    """An exception as the data of a line has it."""
    captured = recording.current().capturer.error(error)
    return {
        "type": captured.type,
        "message": captured.message,
        "traceback": captured.traceback,
    }


log = Log()
