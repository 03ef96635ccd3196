"""Identifiers by how they begin, as people type them."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from everyrun.domain.identifiers import canonical_id

SHORTEST_PREFIX = 4
_DIGITS = 32


def begins_with(column: Any, text: str) -> ColumnElement[bool] | None:
    """Whether an identifier is ``text`` or begins with it (4 digits or more, dashes or not).

    None when no identifier can.
    """
    digits = text.strip().replace("-", "").lower()
    if not SHORTEST_PREFIX <= len(digits) <= _DIGITS or not set(digits) <= set("0123456789abcdef"):
        return None
    return and_(
        column >= canonical_id(digits.ljust(_DIGITS, "0")),
        column <= canonical_id(digits.ljust(_DIGITS, "f")),
    )
