"""How much a list may answer at once."""

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.views.limits import LONGEST_PAGE

__all__ = ["LONGEST_PAGE", "checked_limit"]


def checked_limit(limit: int, ceiling: int = LONGEST_PAGE) -> int:
    """``limit`` when it lies within 1 and the ceiling. Raises :class:`InvalidQuery`."""
    if not 1 <= limit <= ceiling:
        raise InvalidQuery(f"a page holds 1 to {ceiling} rows, not {limit}")
    return limit
