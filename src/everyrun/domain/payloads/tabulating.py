"""NumPy's and pandas' values, when the program has loaded these libraries. Never loads them."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from everyrun.domain.payloads.naming import class_name

if TYPE_CHECKING:
    from everyrun.domain.payloads.walking import Walk

_LEAST_BYTES_OF_AN_ITEM = 2
_MOST_COLUMNS = 500
_BYTES_READ_FOR_ONE_WRITTEN = 8


def route_of_table(kind: type) -> Callable[["Walk", Any, type, int], Any] | None:
    """What labels the values of a class of NumPy or pandas; None for other classes."""
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        for name, label in _OF_PANDAS.items():
            if _is_one(kind, pandas, name):
                return label
        for name in ("NaT", "NA"):
            if kind is type(getattr(pandas, name, None)):
                return _missing
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if _is_one(kind, numpy, "generic"):
            return _scalar
        if _is_one(kind, numpy, "ndarray"):
            return _array
    return None


def _is_one(kind: type, module: Any, name: str) -> bool:
    # A module that is being imported by another thread lacks some of its names.
    expected = getattr(module, name, None)
    return isinstance(expected, type) and issubclass(kind, expected)


def _scalar(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    item = value.item()
    if type(item) is kind or value.dtype.kind in "mM":
        item = str(value)
    return walk.label(f"numpy.{kind.__name__}", {"value": walk.value(item, depth + 1)})


def _array(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    content = {"dtype": walk.words(str(value.dtype)), "shape": list(value.shape)}
    walk.left -= 21 * len(value.shape) + 16
    if class_name(kind) != "numpy.ndarray":
        content["class"] = walk.words(class_name(kind))
    readable = max(walk.left, 1) * _BYTES_READ_FOR_ONE_WRITTEN // max(value.itemsize, 1) + 1
    most = min(_items_in(walk), readable)
    whole = value.size <= most
    read = value if whole else value.flat[:most]
    if value.dtype.kind in "mM":
        read = read.astype(str)
    items = read.tolist()
    if whole:
        return walk.label("numpy.ndarray", content | {"value": walk.value(items, depth + 1)})
    written = walk.sequence(items, value.size, depth)
    return walk.label("numpy.ndarray", content | {"flat": written})


def _missing(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    return walk.label("pandas.NaT" if kind.__name__ == "NaTType" else "pandas.NA", {})


def _moment(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    return walk.label(f"pandas.{kind.__name__}", {"value": walk.words(value.isoformat())})


def _named_by_text(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    return walk.label(f"pandas.{kind.__name__}", {"value": walk.words(str(value))})


def _index(walk: "Walk", index: Any, kind: type, depth: int) -> Any:
    content = {"dtype": walk.words(str(index.dtype))}
    items = index[: _items_in(walk)].tolist()
    written = walk.sequence(items, len(index), depth)
    return walk.label("pandas.Index", content | {"value": written})


def _frame(walk: "Walk", frame: Any, kind: type, depth: int) -> Any:
    rows, columns = frame.shape
    wide = frame.iloc[:, : min(_items_in(walk), _MOST_COLUMNS)]
    names = list(wide.columns)
    content: dict[str, Any] = {
        "shape": [rows, columns],
        "columns": walk.sequence(names, columns, depth),
        "dtypes": walk.sequence([str(dtype) for dtype in wide.dtypes], columns, depth),
    }
    walk.left -= 64
    head = wide.iloc[: _items_in(walk) // max(len(names), 1) + 1]
    cells = [head.iloc[:, at].tolist() for at in range(len(names))]
    hidden = [walk.names_secret(name) for name in names]
    written: list[Any] = []
    index = _labels_of_rows(walk, frame.index, depth)
    for at in range(len(head)):
        if walk.left <= 0:
            break
        if isinstance(index, list):
            index.append(walk.value(head.index[at], depth + 1))
        written.append(
            [
                walk.mask(column[at]) if secret else walk.value(column[at], depth + 1)
                for column, secret in zip(cells, hidden, strict=True)
            ]
        )
        walk.left -= 3
    if len(written) < rows:
        written.append(walk.cut(rows - len(written)))
    return walk.label("pandas.DataFrame", content | {"index": index, "value": written})


def _series(walk: "Walk", series: Any, kind: type, depth: int) -> Any:
    content: dict[str, Any] = {
        "length": len(series),
        "name": walk.value(series.name, depth + 1),
        "dtype": walk.words(str(series.dtype)),
    }
    walk.left -= 64
    head = series.iloc[: _items_in(walk)]
    secret = walk.names_secret(series.name)
    written: list[Any] = []
    index = _labels_of_rows(walk, series.index, depth)
    for at, value in enumerate(head.tolist()):
        if walk.left <= 0:
            break
        if isinstance(index, list):
            index.append(walk.value(head.index[at], depth + 1))
        written.append(walk.mask(value) if secret else walk.value(value, depth + 1))
        walk.left -= 1
    if len(written) < len(series):
        written.append(walk.cut(len(series) - len(written)))
    return walk.label("pandas.Series", content | {"index": index, "value": written})


def _labels_of_rows(walk: "Walk", index: Any, depth: int) -> Any:
    """The range that an index is, or an empty list that is filled as the rows are written."""
    if type(index).__name__ == "RangeIndex":
        return walk.value(range(index.start, index.stop, index.step), depth + 1)
    return []


def _items_in(walk: "Walk") -> int:
    return max(walk.left, 0) // _LEAST_BYTES_OF_AN_ITEM + 1


_OF_PANDAS: dict[str, Callable[["Walk", Any, type, int], Any]] = {
    "DataFrame": _frame,
    "Series": _series,
    "Index": _index,
    "Timestamp": _moment,
    "Timedelta": _moment,
    "Period": _named_by_text,
    "Interval": _named_by_text,
}
