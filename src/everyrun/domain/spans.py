"""Spans of time as people write them: ``500ms``, ``30s``, ``5m``, ``2h``, ``1h30m``, ``7d``."""

import re
from typing import Annotated

from msgspec import Meta

SPAN_PATTERN = (
    r"(?:\d+(?:\.\d+)?w)?\s*(?:\d+(?:\.\d+)?d)?\s*(?:\d+(?:\.\d+)?h)?\s*"
    r"(?:\d+(?:\.\d+)?m(?!s))?\s*(?:\d+(?:\.\d+)?s)?\s*(?:\d+(?:\.\d+)?ms)?"
)
"""A regular expression of a span's text, for schemas; it also matches nothing at all."""

LONGEST_SPAN = 100 * 366 * 86_400
"""Seconds. What is longer is a mistake, and could not be added to a date."""

Span = Annotated[float, Meta(ge=0, extra={"span": True}, extra_json_schema={"format": "span"})]
"""The type of a parameter that is a span: seconds, which may be written as ``"1h30m"`` too.

``nodes.catalogue.build`` reads the text, so that the field always holds a number.
"""

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1, "ms": 0.001}
_WHOLE = re.compile(SPAN_PATTERN, re.ASCII)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[wdhms])", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def parse_span(value: object) -> float:
    """A number of seconds or a span's text -> seconds, 0 or more, a hundred years at most.

    Units stand from the largest to the smallest, each once; text without one is seconds. Raises
    ``ValueError`` with a sentence.
    """
    seconds = _read(value) if isinstance(value, str) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        shown = repr(value) if isinstance(value, str | int | float) else type(value).__name__
        raise ValueError(
            f"{shown:.80} is no span of time: write seconds, or 500ms, 30s, 5m, 1h30m, 7d"
        )
    if not 0 <= seconds <= LONGEST_SPAN:
        raise ValueError(f"{value!r:.80} is no span of time: it is 0 to 100 years")
    return float(seconds)


def _read(written: str) -> float | None:
    text = written.strip().lower()
    if _NUMBER.fullmatch(text):
        return float(text)
    if not text or not _WHOLE.fullmatch(text):
        return None
    return float(sum(_part(number, unit) for number, unit in _PART.findall(text)))


def _part(number: str, unit: str) -> float:
    # Divided, not multiplied by a thousandth: 35ms is 0.035 and not 0.035000000000000003.
    return float(number) / 1000 if unit == "ms" else float(number) * _UNITS[unit]


def format_span(seconds: float) -> str:
    """Seconds -> the shortest text that :func:`parse_span` reads as exactly that span."""
    rest, parts = seconds, []
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count:.0f}{unit}")
    if rest:
        parts.append(f"{round(rest * 1000)}ms")
    text = "".join(parts) or "0s"
    return text if _read(text) == seconds else f"{_decimal(seconds)}s"


def _decimal(seconds: float) -> str:
    """A number without an exponent, exactly: 1e-07 is no span's text."""
    from decimal import Decimal

    return format(Decimal(repr(float(seconds))), "f")
