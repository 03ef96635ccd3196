"""Sends tasks and says how long that took: ``python -m benchmarks.celery_runs.sender COUNT``."""

import sys
import time

from benchmarks.celery_runs.application import app, nothing


def main(count: int) -> None:
    """Send ``count`` tasks over one connection."""
    with app.producer_or_acquire() as producer:
        nothing.apply_async(producer=producer)
        begun = time.perf_counter()
        for _ in range(count - 1):
            nothing.apply_async(producer=producer)
        print((time.perf_counter() - begun) / (count - 1), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
