"""Errors that explain themselves: the docstring is the message, the HTTP status stands here.

``code`` is the stable name by which programs tell them apart (RFC 9457): the class's, unless it
says another.
"""

import inspect
import re
from datetime import datetime
from typing import Any

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class EveryrunError(Exception):
    """Something went wrong in Everyrun."""

    status_code: int = 500
    code: str = "EVERYRUN_ERROR"
    retry_after: float | None = None
    """Seconds after which it is worth trying again, where that is known."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in cls.__dict__:
            cls.code = _WORD.sub("_", cls.__name__.lstrip("_")).upper()

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or inspect.getdoc(type(self)) or type(self).__name__)

    def members(self) -> dict[str, Any]:
        """What else a program is told: further members of the problem document (RFC 9457, 3.2)."""
        return {}


class IllegalMove(EveryrunError, ValueError):
    """This status cannot change that way."""

    status_code = 409
    code = "INVALID_STATE_TRANSITION"


class SettingsError(EveryrunError, ValueError):
    """A setting has a value that cannot work."""

    status_code = 400


class NotOnRecord(EveryrunError, LookupError):
    """Nothing on record has this id."""

    status_code = 404


class AmbiguousId(EveryrunError, LookupError):
    """Several records begin with this id; give more of it."""

    status_code = 409


class InvalidCursor(EveryrunError, ValueError):
    """This cursor was not made by this list; start again without one."""

    status_code = 400


class InvalidQuery(EveryrunError, ValueError):
    """This is nothing that the ledger can be asked."""

    status_code = 400


class QueryTooSlow(EveryrunError):
    """This takes longer than a question may; narrow it: a shorter time, a workflow, fewer words."""

    # Not 503: nothing is away, and whoever tries again by themselves would only be slow again.
    status_code = 504


class LedgerError(EveryrunError):
    """The ledger cannot be used as it is."""

    status_code = 503


class LedgerTooNew(LedgerError):
    """This ledger was written by a newer Everyrun; upgrade this one to open it."""


class LedgerNotMigrated(LedgerError):
    """This ledger has an older schema; run `everyrun db upgrade`."""


class StaleVersion(EveryrunError):
    """Somebody saved this workflow since you read it; read it again.

    ``version`` is on record (0: none), saved by ``saved_by`` at ``saved_at``.
    """

    status_code = 409

    def __init__(
        self,
        message: str | None = None,
        *,
        expected: int | None = None,
        version: int = 0,
        saved_by: str | None = None,
        saved_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.expected = expected
        self.version = version
        self.saved_by = saved_by
        self.saved_at = saved_at

    def members(self) -> dict[str, Any]:
        """Who saved what since."""
        return {
            "expected_version": self.expected,
            "version": self.version,
            "saved_by": self.saved_by,
            "saved_at": self.saved_at,
        }


class LeaseLost(EveryrunError):
    """Another process has this execution now; what this one had to say is not written."""

    status_code = 409


class SinkUnavailable(EveryrunError):
    """The ledger does not answer now; the events wait in the spool."""

    status_code = 503


class EventRejected(EveryrunError, ValueError):
    """The ledger will never take this event.

    ``position`` is the event's index in the batch that was written; the events before and after
    it are not written either.
    """

    status_code = 422

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"event {position}: {reason}")
        self.position = position
        self.reason = reason

    def members(self) -> dict[str, Any]:
        """Which event, and why: what ``tracking.http_sink`` reads."""
        return {"position": self.position, "reason": self.reason}
