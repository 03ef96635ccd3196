"""Durations summed up: mean and percentiles."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil

import msgspec

from everyrun.store.reading.summaries import seconds_between

ROWS_SAMPLED = 20_000
LARGEST_SAMPLE = 2_000
SMALLEST_SAMPLE = 100


class Durations(msgspec.Struct, frozen=True):
    """Percentiles in seconds over ``sample`` durations; None without any.

    A percentile is the nearest rank's, so always a duration that really was.
    """

    sample: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None


def sample_size(groups: int) -> int:
    """How many of the latest rows each of so many groups is judged by: 100 to 2,000.

    The more groups, the fewer each, so that a page reads about 20,000 rows whatever it shows.
    """
    return min(LARGEST_SAMPLE, max(SMALLEST_SAMPLE, ROWS_SAMPLED // max(1, groups)))


def sum_up(times: Iterable[tuple[datetime | None, datetime | None]]) -> Durations:
    """Percentiles of those (start, end) pairs that have both."""
    lasted = sorted(
        seconds
        for started_at, ended_at in times
        if (seconds := seconds_between(started_at, ended_at)) is not None
    )
    if not lasted:
        return Durations(0, None, None, None, None)

    def percentile(share: int) -> float:
        return lasted[ceil(len(lasted) * share / 100) - 1]

    mean = sum(lasted) / len(lasted)
    return Durations(len(lasted), mean, percentile(50), percentile(95), percentile(99))


def failure_rate(completed: int, failed: int) -> float | None:
    """Share of failures among what ran to an outcome, 0 to 1; None while nothing has."""
    ran = completed + failed
    return failed / ran if ran else None
