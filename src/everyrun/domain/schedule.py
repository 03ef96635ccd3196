"""When a workflow starts by itself: what a row of ``schedules`` holds in ``definition``.

The zone stands in a column of its own. What the words mean, and what happens when clocks are
changed, is in ``docs/reference/schedules.md``; ``scheduler.triggers`` works the times out.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class CatchUp(StrEnum):
    """What is done about due times whose grace is over when a scheduler comes to them."""

    NONE = "none"
    LATEST = "latest"
    ALL = "all"


class _Definition(
    msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What all parts of a schedule have in common."""


class Cron(_Definition, kw_only=True, frozen=True, tag="cron"):
    """Five fields (minute, hour, day of month, month, day of week), or six with seconds first."""

    expression: str


class Interval(_Definition, kw_only=True, frozen=True, tag="interval"):
    """Every ``every`` seconds of elapsed time, counted from ``anchor`` (None: 1970, UTC).

    ``phase`` is seconds after each of those moments.
    """

    every: float
    anchor: Aware | None = None
    phase: float = 0.0


class At(_Definition, kw_only=True, frozen=True, tag="at"):
    """Once. A moment without an offset is read in the schedule's zone."""

    moment: datetime


Trigger = Cron | Interval | At


class ScheduleDefinition(_Definition, kw_only=True, frozen=True):
    """What starts a workflow, and how late it may be.

    Due times lie from ``start`` on and before ``end``. ``misfire_grace`` is seconds.
    ``input`` may have templates over the due time.
    """

    trigger: Trigger
    start: Aware | None = None
    end: Aware | None = None
    misfire_grace: Annotated[float, msgspec.Meta(ge=0)] = 60.0
    coalesce: bool = True
    catch_up: CatchUp = CatchUp.NONE
    input: dict[str, Any] = {}
    tags: list[str] = []


def to_plain(definition: ScheduleDefinition) -> dict[str, Any]:
    """A definition -> its JSON value."""
    plain: dict[str, Any] = msgspec.to_builtins(definition)
    return plain


def from_plain(plain: Any) -> ScheduleDefinition:
    """A JSON value -> the definition. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(plain, ScheduleDefinition)
