"""Moments and zones as people write them on a command line."""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_LOCALTIME = Path("/etc/localtime")


def parse_span(text: str) -> timedelta:
    """A span such as ``90d``, ``2h``, ``1h30m``, ``1.5h``.

    Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    compact = text.strip().lower().replace(" ", "")
    if not _SPAN.fullmatch(compact):
        raise BadInput(say("bad_span", text=text))
    try:
        return sum(
            (_UNITS[unit] * float(amount) for amount, unit in _PART.findall(compact)), timedelta()
        )
    except OverflowError:
        raise BadInput(say("bad_span", text=text)) from None


def parse_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """A moment, aware UTC: a span before ``now``, a date, a date with a time, or ``today``.

    What names no zone is read in ``zone``. Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    trimmed = text.strip()
    word = trimmed.lower()
    if word == "now":
        return now
    if word in {"today", "yesterday"}:
        day = now.astimezone(zone).date() - timedelta(days=int(word == "yesterday"))
        return datetime.combine(day, time(), zone).astimezone(UTC)
    try:
        if _SPAN.fullmatch(word.replace(" ", "")):
            return now - parse_span(word)
        moment = datetime.fromisoformat(trimmed)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(say("bad_moment", text=text)) from None


def chosen_zone(*, utc: bool, local: bool) -> tzinfo:
    """UTC where it was asked for, else the local zone. Raises :class:`BadInput` for both."""
    if utc and local:
        raise BadInput(say("one_of", first="--utc", second="--local"))
    return UTC if utc else ZoneInfo(local_zone_name())


def named_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises :class:`~everyrun.cli.errors.BadInput`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(say("bad_zone", text=name)) from None


def local_zone_name(environ: Mapping[str, str] = os.environ, localtime: Path = _LOCALTIME) -> str:
    """The IANA name of this machine's zone: ``TZ``, else of ``/etc/localtime``, else UTC."""
    for candidate in (environ.get("TZ", "").removeprefix(":"), _zone_of_link(localtime)):
        if candidate:
            try:
                ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
            return candidate
    return "UTC"


def _zone_of_link(link: Path) -> str:
    _, _, name = str(link.resolve()).partition("/zoneinfo/")
    return name.removeprefix("posix/")
