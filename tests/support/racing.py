"""Several at once, from one moment on."""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_PATIENCE_SECONDS = 60


def race(*works: Callable[[], Result]) -> list[Result | Exception]:
    """Run all at the same time, each in a thread; answers what each returned or raised."""
    together = threading.Barrier(len(works))
    ended: list[Result | Exception | None] = [None] * len(works)

    def run(place: int, work: Callable[[], Result]) -> None:
        together.wait(_PATIENCE_SECONDS)
        try:
            ended[place] = work()
        except Exception as error:
            ended[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return ended  # type: ignore[return-value] # each thread has put its own in place of None
