"""Where a list goes on: opaque to callers, checked when it comes back."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from everyrun.domain.errors import InvalidCursor
from everyrun.domain.identifiers import id_bytes, id_text

_VERSION = b"\x01"
_ID_BYTES = 16

Row = TypeVar("Row")


def make_cursor(kind: bytes, *parts: bytes) -> str:
    """URL-safe text that :func:`read_cursor` of the same ``kind`` (one byte) takes back."""
    return base64.urlsafe_b64encode(_VERSION + kind + b"".join(parts)).rstrip(b"=").decode()


def read_cursor(cursor: str, kind: bytes, length: int) -> bytes:
    """The ``length`` bytes a cursor carries. Raises :class:`InvalidCursor`."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidCursor from None
    if raw[:2] != _VERSION + kind or len(raw) != length + 2:
        raise InvalidCursor
    return raw[2:]


class ExecutionCursor:
    """Goes on below an execution's id."""

    _KIND = b"e"

    @classmethod
    def after(cls, execution_id: str) -> str:
        """A cursor to what was born before this execution."""
        return make_cursor(cls._KIND, id_bytes(execution_id))

    @classmethod
    def read(cls, cursor: str) -> str:
        """The execution's id. Raises :class:`InvalidCursor`."""
        return id_text(read_cursor(cursor, cls._KIND, _ID_BYTES))


class RequestCursor:
    """Goes on above the id of something that was asked of an execution."""

    _KIND = b"r"

    @classmethod
    def after(cls, request_id: str) -> str:
        """A cursor to what was asked after this."""
        return make_cursor(cls._KIND, id_bytes(request_id))

    @classmethod
    def read(cls, cursor: str) -> str:
        """The request's id. Raises :class:`InvalidCursor`."""
        return id_text(read_cursor(cursor, cls._KIND, _ID_BYTES))


class NodeCursor:
    """Goes on above a node execution's id."""

    _KIND = b"n"

    @classmethod
    def after(cls, node_execution_id: str) -> str:
        """A cursor to what was born after this."""
        return make_cursor(cls._KIND, id_bytes(node_execution_id))

    @classmethod
    def read(cls, cursor: str) -> str:
        """The node execution's id. Raises :class:`InvalidCursor`."""
        return id_text(read_cursor(cursor, cls._KIND, _ID_BYTES))


class LineCursor:
    """Goes on below a log line, by (timestamp in µs, execution id, line id)."""

    _KIND = b"l"

    @classmethod
    def after(cls, at: int, execution_id: str, line_id: str) -> str:
        """A cursor to the lines that come before this one in time."""
        where = at.to_bytes(8, "big", signed=True)
        return make_cursor(cls._KIND, where, id_bytes(execution_id), id_bytes(line_id))

    @classmethod
    def read(cls, cursor: str) -> tuple[int, str, str]:
        """The line's place. Raises :class:`InvalidCursor`."""
        raw = read_cursor(cursor, cls._KIND, 8 + 2 * _ID_BYTES)
        at = int.from_bytes(raw[:8], "big", signed=True)
        return at, id_text(raw[8:24]), id_text(raw[24:])


class PositionCursor:
    """Goes on below a position in one execution's log."""

    _KIND = b"p"

    @classmethod
    def after(cls, position: int) -> str:
        """A cursor to the lines that arrived before this position."""
        return make_cursor(cls._KIND, position.to_bytes(8, "big"))

    @classmethod
    def read(cls, cursor: str) -> int:
        """The position. Raises :class:`InvalidCursor`."""
        return int.from_bytes(read_cursor(cursor, cls._KIND, 8), "big")


class IdCursor:
    """Goes on behind the row of an id, in one kind of list."""

    def __init__(self, kind: bytes) -> None:
        self._kind = kind

    def after(self, id_: str) -> str:
        """A cursor to what comes behind this row."""
        return make_cursor(self._kind, id_bytes(id_))

    def read(self, cursor: str) -> str:
        """The row's id. Raises :class:`InvalidCursor`."""
        return id_text(read_cursor(cursor, self._kind, _ID_BYTES))


class NumberCursor:
    """Goes on below a number from 0 to ``largest`` (a version's, or a moment in µs)."""

    def __init__(self, kind: bytes, largest: int) -> None:
        self._kind = kind
        self._largest = largest

    def after(self, number: int) -> str:
        """A cursor to what comes below this number."""
        return make_cursor(self._kind, number.to_bytes(8, "big"))

    def read(self, cursor: str) -> int:
        """The number. Raises :class:`InvalidCursor`."""
        number = int.from_bytes(read_cursor(cursor, self._kind, 8), "big")
        if number > self._largest:
            raise InvalidCursor
        return number


def page_of(
    rows: Sequence[Row], limit: int, cursor: Callable[[Row], str]
) -> tuple[list[Row], str | None]:
    """The first ``limit`` of rows of which one more was asked for, and the cursor behind them."""
    kept = list(rows[:limit])
    return kept, cursor(kept[-1]) if len(rows) > limit else None
