"""Tables as nodes hand them on: a list of mappings, one a row, or a list of lists."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from everyrun.nodes.base import BadParameters, NodeFailed

Row = list[Any]


def to_records(rows: list[Row], place: str) -> list[dict[str, Any]]:
    """Rows under a row of names -> mappings. Cells that a row lacks are None.

    Raises :class:`NodeFailed` for names that stand twice and for rows that are longer.
    """
    if not rows:
        return []
    names = [name if isinstance(name, str) else str(name) for name in rows[0]]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise NodeFailed(
            f"header: several columns of {place} are named {twice[0]!r}; "
            "header: false reads plain rows"
        )
    records = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(names):
            raise NodeFailed(
                f"header: row {number} of {place} has {len(row)} cells, the header {len(names)}"
            )
        record: dict[str, Any] = dict.fromkeys(names)
        record.update(zip(names, row, strict=False))
        records.append(record)
    return records


def to_rows(
    content: Any, columns: list[str] | None, *, header: bool
) -> tuple[list[str] | None, list[Row]]:
    """What a node was given -> the names of the columns, and rows.

    Names are ``columns``, or all keys in the order in which they are met; None where plain rows
    have none. Without ``header`` there are none either. Raises :class:`BadParameters`.
    """
    if not isinstance(content, Sequence) or isinstance(content, str | bytes | bytearray):
        raise BadParameters(
            f"content: a table is a list of mappings or of lists, not {kind_of(content)}"
        )
    if any(isinstance(item, Mapping) for item in content):
        columns, rows = _from_mappings(content, columns)
    else:
        rows = [_row(number, item) for number, item in enumerate(content)]
    return (columns if header else None), rows


def _from_mappings(
    content: Sequence[Any], columns: list[str] | None
) -> tuple[list[str], list[Row]]:
    for number, item in enumerate(content):
        if not isinstance(item, Mapping):
            raise BadParameters(f"content: item {number} is {kind_of(item)}, others are mappings")
    names = columns or list(dict.fromkeys(str(key) for item in content for key in item))
    rows = [[item.get(name) for name in names] for item in _with_text_keys(content)]
    return names, rows


def _with_text_keys(content: Sequence[Any]) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in item.items()} for item in content]


def _row(number: int, item: Any) -> Row:
    if not isinstance(item, Sequence) or isinstance(item, str | bytes | bytearray):
        raise BadParameters(
            f"content: item {number} is {kind_of(item)}; a row is a mapping or a list"
        )
    return list(item)


def as_text(value: Any) -> str:
    """A cell's value as text: as JSON has it, except that text is itself and nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        raise BadParameters("content: bytes have no place in a table")
    if isinstance(value, float | Decimal):
        return str(value)
    try:
        encoded = msgspec.json.encode(value).decode()
    except (TypeError, ValueError) as error:
        raise BadParameters(f"content: a cell cannot hold it: {error}") from None
    return msgspec.json.decode(encoded, type=str) if encoded.startswith('"') else encoded


def kind_of(value: Any) -> str:
    """What a value is, in a person's words."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return "a list"
    return "nothing" if value is None else type(value).__name__
