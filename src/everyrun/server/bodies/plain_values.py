"""Plain JSON values that the ledger cannot hold, found with their place."""

import re
from typing import Any

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LEAST = -(2**63)
_MOST = 2**64 - 1


def find_unstorable(value: Any) -> tuple[str, str] | None:
    """The place and the fault of the first thing in a plain value that cannot be stored.

    That is NUL in a text or key, which PostgreSQL refuses, and a whole number past 64 bits. None
    when all of it can be.
    """
    waiting: list[tuple[str, Any]] = [("$", value)]
    while waiting:
        place, each = waiting.pop()
        fault = _fault_of(each)
        if fault is not None:
            return place, fault
        if isinstance(each, dict):
            for key, item in each.items():
                if "\0" in key:
                    return place, "a key holds NUL (\\u0000), which no text may"
                waiting.append((_below(place, key), item))
        elif isinstance(each, list):
            waiting.extend((f"{place}[{index}]", item) for index, item in enumerate(each))
    return None


def _fault_of(value: Any) -> str | None:
    if isinstance(value, str):
        return "the text holds NUL (\\u0000), which no text may" if "\0" in value else None
    if isinstance(value, int) and not _LEAST <= value <= _MOST:
        return "the number does not fit into 64 bits"
    return None


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{place}[{key[:100]!r}]"
