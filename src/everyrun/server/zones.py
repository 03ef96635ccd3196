"""Which zone "today" is in."""

import os
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from everyrun.domain.errors import InvalidQuery

_LOCALTIME = Path("/etc/localtime")


@cache
def machine_zone() -> str:
    """The name of the machine's zone: ``TZ``, else what /etc/localtime points to, else UTC."""
    named = os.environ.get("TZ", "").removeprefix(":")
    candidates = [named] if named else []
    if _LOCALTIME.is_symlink():
        candidates.append(str(_LOCALTIME.resolve()).partition("zoneinfo/")[2])
    return next((name for name in candidates if name and is_zone(name)), "UTC")


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def checked_zone(name: str) -> str:
    """The name itself. Raises :class:`InvalidQuery` where there is no such zone."""
    if not is_zone(name):
        raise InvalidQuery(f"there is no time zone {name!r}; names are like Asia/Seoul")
    return name
