"""``everyrun.progress(iterable)``: how far a loop is, on record while it runs."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, TypeVar, overload

from everyrun.tracking.context import CURRENT
from everyrun.tracking.places import Place

T = TypeVar("T")


@overload
def progress(  # allowed: an overload
    iterable: AsyncIterable[T], total: float | None = None, description: str | None = None
) -> AsyncIterator[T]: ...


@overload
def progress(  # allowed: an overload
    iterable: Iterable[T], total: float | None = None, description: str | None = None
) -> Iterator[T]: ...


def progress(iterable: Any, total: float | None = None, description: str | None = None) -> Any:
    """The same items, while the number of those done is put on record.

    It is told to the innermost execution or node execution that runs where the loop begins: at the
    first item, at most every half second, and when the loop ends, also when it is left early.
    ``total`` is the iterable's length where it has one. An item is done when the next is asked for.
    """
    if total is None:
        total = _length_of(iterable)
    if hasattr(iterable, "__aiter__"):
        return _each_async(iterable, total, description)
    return _each(iterable, total, description)


def _each(iterable: Iterable[T], total: float | None, description: str | None) -> Iterator[T]:
    place = CURRENT.get()
    if place is None:
        yield from iterable
        return
    done = 0
    place.progress(done, total, description)
    try:
        for item in iterable:
            yield item
            done += 1
            place.progress(done, total, description)
    finally:
        place.say_last_progress()


async def _each_async(
    iterable: AsyncIterable[T], total: float | None, description: str | None
) -> AsyncIterator[T]:
    place = CURRENT.get()
    done = 0
    _tell(place, done, total, description)
    try:
        async for item in iterable:
            yield item
            done += 1
            _tell(place, done, total, description)
    finally:
        if place is not None:
            place.say_last_progress()


def _tell(place: Place | None, done: int, total: float | None, description: str | None) -> None:
    if place is not None:
        place.progress(done, total, description)


def _length_of(iterable: object) -> int | None:
    try:
        return len(iterable)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - a loop over something whose length fails must still run
        return None
