"""Where in a file the problems stand that a server has found with what was in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from everyrun.workflows.defining.places import Places
    from everyrun.workflows.problems import Problem


def placed(problems: "Sequence[Problem]", places: "Places | None") -> "list[Problem]":
    """The problems with file, line and column, in the order of the text."""
    from everyrun.workflows.problems import in_order_of_text

    if places is None:
        return list(problems)
    found = []
    for problem in problems:
        _went, (line, column) = places.find(parts(problem.path))
        found.append(replace(problem, file=places.file, line=line, column=column))
    return in_order_of_text(found)


def parts(pointer: str) -> tuple[str | int, ...]:
    """A JSON pointer (RFC 6901) -> the keys and indexes in it."""
    words = (word.replace("~1", "/").replace("~0", "~") for word in pointer.split("/")[1:])
    return tuple(int(word) if word.isdecimal() else word for word in words)
