"""Whether another attempt follows, and when."""

import random

from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.graph import Retry
from everyrun.workflows.running.retrying import delay_before, is_retried, retries_allowed


def test_only_what_is_safe_to_repeat_is_retried_unasked() -> None:
    assert 3 == retries_allowed(None, safe_to_repeat=True)
    assert 0 == retries_allowed(None, safe_to_repeat=False)
    assert 3 == retries_allowed(Retry(delay=9), safe_to_repeat=True)
    assert 1 == retries_allowed(Retry(max_retries=1), safe_to_repeat=False)
    assert 0 == retries_allowed(Retry(max_retries=0), safe_to_repeat=True)


def test_errors_are_chosen_by_their_class_or_a_base_of_it() -> None:
    names = {"ConnectError", "httpx.ConnectError", "OSError"}

    assert is_retried(None, names)
    assert is_retried(Retry(), names)
    assert is_retried(Retry(on=["OSError"]), names)
    assert not is_retried(Retry(on=["ValueError"]), names)


@given(
    st.builds(
        Retry,
        delay=st.floats(0, 100),
        backoff=st.floats(1, 10),
        maximum_delay=st.floats(0, 1_000),
        jitter=st.floats(0, 1),
    ),
    st.integers(1, 10_000),
    st.randoms(use_true_random=False),
)
def test_a_delay_is_within_its_bounds(retry: Retry, attempt: int, draw: random.Random) -> None:
    delay = delay_before(retry, attempt, draw)
    whole = min(retry.delay * retry.backoff ** min(attempt - 1, 100), retry.maximum_delay)

    assert 0 <= delay <= retry.maximum_delay
    assert whole * (1 - retry.jitter) <= delay <= whole


def test_delays_grow_by_the_factor() -> None:
    retry = Retry(delay=1, backoff=3, maximum_delay=20, jitter=0)

    assert [1, 3, 9, 20] == [delay_before(retry, each, random.Random()) for each in (1, 2, 3, 4)]
