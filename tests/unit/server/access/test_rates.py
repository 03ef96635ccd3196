"""Buckets: what they let through, and what they forget."""

import pytest

from everyrun.server.access import rates
from everyrun.server.access.rates import Rates
from everyrun.testing.hand_clock import HandClock


def test_a_burst_goes_through_and_then_the_rate_holds() -> None:
    clock = HandClock()
    buckets = Rates(10, 3, clock)

    assert [0, 0, 0] == [buckets.take("a") for _ in range(3)]
    assert 0.1 == pytest.approx(buckets.take("a"))
    clock.forward(milliseconds=100)
    assert 0 == buckets.take("a")
    assert buckets.take("a") > 0
    clock.forward(hours=1)
    assert [0, 0, 0] == [buckets.take("a") for _ in range(3)]
    assert buckets.is_empty("a")


def test_each_has_its_own_bucket() -> None:
    buckets = Rates(1, 1, HandClock())

    assert (0, 0) == (buckets.take("a"), buckets.take("b"))
    assert buckets.take("a") > 0
    assert not buckets.is_empty("c")


def test_who_waits_is_not_made_to_wait_longer_by_asking() -> None:
    clock = HandClock()
    buckets = Rates(1, 1, clock)
    buckets.take("a")

    for _ in range(9):
        clock.forward(milliseconds=100)
        assert buckets.take("a") > 0
    clock.forward(milliseconds=101)

    assert 0 == buckets.take("a")


def test_no_rate_lets_everything_through() -> None:
    buckets = Rates(0, 1, HandClock())

    assert {0} == {buckets.take("a") for _ in range(100)}
    assert not buckets.is_empty("a")


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    clock = HandClock()
    buckets = Rates(1, 2, clock)
    buckets.take("a")
    clock.forward(hours=-1)

    assert 0 == buckets.take("a")


def test_many_callers_take_bounded_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST_BUCKETS", 10)
    clock = HandClock()
    buckets = Rates(1, 2, clock)
    for number in range(9):
        buckets.take(f"old {number}")
    clock.forward(seconds=5)
    buckets.take("busy")
    buckets.take("busy")

    for number in range(100):
        buckets.take(f"new {number}")

    assert len(buckets._buckets) <= 10
