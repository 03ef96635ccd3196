"""Durations summed up."""

from datetime import UTC, datetime, timedelta

import pytest

from everyrun.store.reading.durations import failure_rate, sample_size, sum_up

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _lasting(*seconds: float) -> list[tuple[datetime, datetime]]:
    return [(NOON, NOON + timedelta(seconds=second)) for second in seconds]


def test_a_percentile_is_a_duration_that_was() -> None:
    found = sum_up(_lasting(*range(100, 0, -1)))

    assert (100, 50.5, 50, 95, 99) == (found.sample, found.mean, found.p50, found.p95, found.p99)


def test_one_duration_is_every_percentile() -> None:
    found = sum_up(_lasting(3))

    assert (1, 3, 3, 3, 3) == (found.sample, found.mean, found.p50, found.p95, found.p99)


def test_what_has_not_ended_or_never_started_is_left_out() -> None:
    found = sum_up([(NOON, None), (None, NOON), (None, None), *_lasting(2)])

    assert (1, 2) == (found.sample, found.p50)


def test_nothing_has_no_percentiles() -> None:
    found = sum_up([])

    assert (0, None, None, None, None) == (
        found.sample,
        found.mean,
        found.p50,
        found.p95,
        found.p99,
    )


@pytest.mark.parametrize(
    ("completed", "failed", "expected"), [(3, 1, 0.25), (0, 2, 1.0), (5, 0, 0.0), (0, 0, None)]
)
def test_the_failure_rate_is_of_what_ran_to_an_outcome(
    completed: int, failed: int, expected: float | None
) -> None:
    assert expected == failure_rate(completed, failed)


@pytest.mark.parametrize(("groups", "expected"), [(0, 2_000), (1, 2_000), (50, 400), (900, 100)])
def test_the_more_groups_the_smaller_each_sample(groups: int, expected: int) -> None:
    assert expected == sample_size(groups)
