"""Whether a failed attempt is followed by another, and when."""

import random
from collections.abc import Collection

from everyrun.domain.graph import Retry

REPEATABLE_RETRIES = 3
"""``max_retries`` of a node type that is safe to repeat, where the definition says nothing."""


def retries_allowed(retry: Retry | None, *, safe_to_repeat: bool) -> int:
    """How many attempts may follow the first."""
    if retry is not None and retry.max_retries is not None:
        return retry.max_retries
    return REPEATABLE_RETRIES if safe_to_repeat else 0


def is_retried(retry: Retry | None, error_names: Collection[str]) -> bool:
    """Whether an error of these class names (its own and its bases') is worth another attempt."""
    return retry is None or not retry.on or any(name in error_names for name in retry.on)


def delay_before(retry: Retry | None, attempt: int, draw: random.Random) -> float:
    """Seconds to wait after ``attempt`` (from 1) failed."""
    policy = retry or Retry()
    # The exponent is bounded, for a float overflows before `maximum_delay` is asked.
    whole = min(policy.delay * policy.backoff ** min(attempt - 1, 100), policy.maximum_delay)
    return whole * (1 - policy.jitter * draw.random())
