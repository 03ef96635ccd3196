"""Spans of time as people write them: ``500ms``, ``30s``, ``5m``, ``2h``, ``1h30m``, ``7d``."""

import math
import re

SPAN_PATTERN = (
    r"(?:\d+(?:\.\d+)?w)?\s*(?:\d+(?:\.\d+)?d)?\s*(?:\d+(?:\.\d+)?h)?\s*"
    r"(?:\d+(?:\.\d+)?m(?!s))?\s*(?:\d+(?:\.\d+)?s)?\s*(?:\d+(?:\.\d+)?ms)?"
)
"""A regular expression of a span's text, for schemas; it also matches nothing at all."""

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "ms": 0.001}
_WHOLE = re.compile(SPAN_PATTERN, re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[wdhms])", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def span_seconds(written: object) -> float:
    """A number of seconds or a span's text -> seconds, 0 or more.

    Units stand from the largest to the smallest, each once. Raises ``ValueError`` with a sentence.
    """
    if isinstance(written, str):
        return _read(written)
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError(f"{written!r} is no span of time; write seconds, or 30s, 5m, 2h, 1h30m")
    if not 0 <= written < math.inf:
        raise ValueError(f"{written!r} is no span of time: it must be 0 or more")
    return float(written)


def _read(written: str) -> float:
    text = written.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    if not text or not _WHOLE.fullmatch(text):
        raise ValueError(f"{written!r} is no span of time; write seconds, or 30s, 5m, 2h, 1h30m")
    return float(sum(_part(number, unit) for number, unit in _PART.findall(text)))


def _part(number: str, unit: str) -> float:
    # Divided, not multiplied by a thousandth: 35ms is 0.035 and not 0.035000000000000003.
    return float(number) / 1000 if unit == "ms" else float(number) * _UNITS[unit]


def span_text(seconds: float) -> str | float:
    """Seconds -> the shortest text that is exactly that span, else the number itself."""
    if not 0 < seconds < 1e9:
        return seconds
    rest, parts = seconds, []
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count:.0f}{unit}")
    if rest:
        parts.append(f"{round(rest * 1000)}ms")
    text = "".join(parts)
    return text if _is_exactly(text, seconds) else seconds


def _is_exactly(text: str, seconds: float) -> bool:
    return _read(text) == seconds
