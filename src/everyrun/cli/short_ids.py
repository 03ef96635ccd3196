"""Beginnings of ids: short enough to type, long enough to mean one."""

from collections.abc import Sequence
from itertools import pairwise

SHORTEST_ID = 13
"""Characters of a UUIDv7 up to its millisecond: enough to tell most executions apart."""


def short_ids(identifiers: Sequence[str]) -> dict[str, str]:
    """Each id's beginning, all equally long: as long as it takes to tell these apart."""
    distinct = sorted(set(identifiers))
    length = SHORTEST_ID
    for first, second in pairwise(distinct):
        while first[:length] == second[:length]:
            length += 1
    return {identifier: identifier[:length] for identifier in distinct}
