"""Telling on standard error what takes long; silent where nobody watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from everyrun.cli.messages import say

if TYPE_CHECKING:
    from rich.status import Status


@contextmanager
def searching() -> Iterator[Callable[[datetime | None], None]]:
    """Answers a function to call between bounded searches with how far back they have come."""
    status: Status | None = None

    def tell(searched_to: datetime | None) -> None:
        nonlocal status
        from everyrun.cli.terminal import err

        if not err().is_terminal or searched_to is None:
            return
        sentence = say("searching", moment=f"{searched_to.astimezone(UTC):%Y-%m-%d %H:%M}")
        if status is None:
            status = err().status(sentence)
            status.start()
        status.update(sentence)

    try:
        yield tell
    finally:
        if status is not None:
            status.stop()


@contextmanager
def working(sentence: str) -> Iterator[None]:
    """A spinner on standard error while the block runs."""
    from everyrun.cli.terminal import err

    if not err().is_terminal:
        yield
        return
    with err().status(sentence):
        yield


@contextmanager
def counting_up(description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; answers a function to call with how much more is done."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from everyrun.cli.terminal import err

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err(), transient=True, disable=not err().is_terminal) as bar:
        task = bar.add_task(description, total=total)
        yield lambda more: bar.advance(task, more)
