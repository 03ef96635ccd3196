"""Figures of many answers."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Figures(NamedTuple):
    """Milliseconds of one run, or the medians of several."""

    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Figures":
        """Sum up the durations of a run."""
        ordered = sorted(seconds)
        rank = max(0, -(-len(ordered) * 99 // 100) - 1)
        return cls(statistics.median(ordered) * 1e3, ordered[rank] * 1e3, ordered[-1] * 1e3)

    @classmethod
    def median(cls, runs: "Sequence[Figures]") -> "Figures":
        """The median of each figure."""
        return cls(*(statistics.median(each) for each in zip(*runs, strict=True)))
