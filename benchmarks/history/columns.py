"""Columns of invented rows, in a form that either database's loader takes quickly.

Identifiers are arrays of two unsigned halves (zeros: none), moments are arrays of microseconds
(:data:`~benchmarks.history.plan.NOTHING`: none), everything else is a list of what the database
gets, with JSON already as text.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.history.plan import NOTHING, Ids, Vector

Column = Ids | Vector | list[Any]
Table = dict[str, Column]

_FORGET_TEXTS_BEYOND = 100_000


def pool(values: Iterable[Any]) -> npt.NDArray[Any]:
    """Values to pick from by index: ``pool(values)[indexes].tolist()``."""
    items = list(values)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _is_identifier(column: npt.NDArray[Any]) -> bool:
    return column.ndim == 2


def _pieces(whole: Any, width: int) -> list[Any]:
    return [whole[at : at + width] for at in range(0, len(whole), width)]


def _fill(values: list[Any], missing: npt.NDArray[np.bool_], filler: str | None) -> list[Any]:
    for index in np.flatnonzero(missing).tolist():
        values[index] = filler
    return values


def for_sqlite(column: Column) -> list[Any]:
    """What ``executemany`` binds: bytes, integers, text, None."""
    if isinstance(column, list):
        return column
    if _is_identifier(column):
        return _fill(_pieces(column.astype(">u8").tobytes(), 16), column[:, 0] == 0, None)
    return _fill(column.tolist(), column == NOTHING, None)


class CopyText:
    """Turns columns into the text form of PostgreSQL's COPY."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def _escaped(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            known = text.replace("\\", "\\\\").replace("\t", "\\t")
            known = self._known[text] = known.replace("\n", "\\n").replace("\r", "\\r")
        return known

    def _field(self, value: Any) -> str:
        if value is None:
            return r"\N"
        return self._escaped(value) if isinstance(value, str) else str(value)

    def column(self, column: Column) -> list[str]:
        """The column's fields, escaped."""
        if isinstance(column, list):
            if len(self._known) > _FORGET_TEXTS_BEYOND:
                self._known.clear()
            return list(map(self._field, column))
        if _is_identifier(column):
            return _fill(
                _pieces(column.astype(">u8").tobytes().hex(), 32), column[:, 0] == 0, r"\N"
            )
        texts: Callable[..., npt.NDArray[np.str_]] = np.datetime_as_string
        return _fill(texts(column.astype("datetime64[us]")).tolist(), column == NOTHING, r"\N")

    def lines(self, table: Table) -> str:
        """The table's rows as COPY's text format."""
        columns = [self.column(column) for column in table.values()]
        return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"
