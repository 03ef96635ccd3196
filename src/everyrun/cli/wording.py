"""How quantities are said to people: durations, moments, sizes, counts."""

from datetime import datetime, timedelta, tzinfo

from everyrun.cli.messages import say

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_RELATIVE_UNTIL = 7 * _DAY
_BINARY_STEP = 1024
NOTHING = "–"


def duration(seconds: float | None) -> str:
    """Seconds as a person says them: ``0.4 ms``, ``1.2 s``, ``3 m 04 s``, ``2 d 05 h``."""
    if seconds is None:
        return NOTHING
    if seconds < 0:
        return f"-{duration(-seconds)}"
    if seconds < 0.01:
        return say("milliseconds", value=f"{seconds * 1000:.1f}")
    if seconds < 0.9995:
        return say("milliseconds", value=f"{seconds * 1000:.0f}")
    if seconds < _MINUTE - 0.05:
        return say("seconds", value=f"{seconds:.1f}")
    whole = round(seconds)
    if whole < _HOUR:
        return say("minutes_seconds", minutes=whole // _MINUTE, seconds=whole % _MINUTE)
    if whole < _DAY:
        return say("hours_minutes", hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
    return say("days_hours", days=whole // _DAY, hours=whole % _DAY // _HOUR)


def ago(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    """How long ago a moment was; the date in ``zone`` when it is more than a week away."""
    if moment is None:
        return NOTHING
    seconds = (now - moment).total_seconds()
    if abs(seconds) >= _RELATIVE_UNTIL:
        return moment.astimezone(zone).strftime("%Y-%m-%d")
    if abs(seconds) < 1:
        return say("just_now")
    return say("ago" if seconds > 0 else "from_now", span=_rounded(abs(seconds)))


def _rounded(seconds: float) -> str:
    for unit, name in ((_DAY, "span_days"), (_HOUR, "span_hours"), (_MINUTE, "span_minutes")):
        if seconds >= unit:
            return say(name, value=int(seconds // unit))
    return say("span_seconds", value=int(seconds))


def absolute(moment: datetime | None, zone: tzinfo) -> str:
    """A moment in a zone, to the second, with the zone's name."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {zone_label(local)}"


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """A moment in a zone, to the millisecond, for a log line."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


def zone_label(local: datetime) -> str:
    """The name of a local time's zone: ``KST``, ``UTC``, ``+05:30``."""
    name = local.tzname() or ""
    if name and not name.startswith(("+", "-", "UTC+", "UTC-")):
        return name
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // _MINUTE
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // _MINUTE:02d}:{abs(minutes) % _MINUTE:02d}"


def size(count: int) -> str:
    """Bytes as a person says them: ``512 B``, ``1.5 MiB``."""
    value = float(count)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if value < _BINARY_STEP or unit == "TiB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= _BINARY_STEP
    return NOTHING


def number(count: int) -> str:
    """A count with its thousands set apart."""
    return f"{count:,}"


def counted(noun: str, count: int) -> str:
    """A count with what is counted: ``1 execution``, ``1,234 events``."""
    return say(f"{'one' if count == 1 else 'many'}_{noun}", count=number(count))


def share(part: float | None) -> str:
    """A share of one as a percentage; a small one is never rounded to nothing."""
    if part is None:
        return NOTHING
    if 0 < part < 0.001:
        return "<0.1%"
    return f"{part * 100:.1f}%"
