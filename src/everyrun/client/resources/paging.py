"""Lists from their first page to their last."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """A page of a list; ``next`` is the cursor to the one after it, None at the end."""

    @property
    def items(self) -> Sequence[Item_co]:
        """What is on it."""
        ...

    @property
    def next(self) -> str | None:
        """Where the list goes on."""
        ...


def every(read: Callable[[str | None], Page[Item_co]]) -> Iterator[Item_co]:
    """The items of all pages; ``read`` gets a page by the cursor of the one before, None first."""
    cursor: str | None = None
    while True:
        page = read(cursor)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return
