"""Lists from their first page to their last."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

Item = TypeVar("Item", covariant=True)


class Page(Protocol[Item]):
    """A page of a list; ``next`` is the cursor to the one after it, None at the end."""

    @property
    def items(self) -> "list[Item]":  # type: ignore[misc] # a list, but only read
        """What is on it."""
        ...

    @property
    def next(self) -> str | None:
        """Where the list goes on."""
        ...


def every(read: Callable[[str | None], Page[Item]]) -> Iterator[Item]:
    """The items of all pages; ``read`` gets a page by the cursor of the one before, None first."""
    cursor: str | None = None
    while True:
        page = read(cursor)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return
