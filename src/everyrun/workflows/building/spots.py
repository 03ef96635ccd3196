"""Where in a program the parts of a graph were written, for the places of problems."""

from inspect import currentframe
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from everyrun.workflows.problems import Path as DefinitionPath

_OWN_FOLDER = str(Path(__file__).parent)


class Spot(NamedTuple):
    """A line of a file."""

    file: str
    line: int


def calling_frame() -> FrameType:
    """The frame that called the builder."""
    frame = currentframe()
    assert frame is not None, "this Python keeps no frames"
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN_FOLDER):
        frame = frame.f_back
    return frame


def calling_spot() -> Spot:
    """The line that called the builder."""
    frame = calling_frame()
    return Spot(frame.f_code.co_filename, frame.f_lineno)


class Spots:
    """The places of a graph's parts: see ``workflows.defining.places``."""

    def __init__(self, whole: Spot) -> None:
        self.file: str | None = whole.file
        self._whole = whole
        self._nodes: dict[DefinitionPath, Spot] = {}

    def note(self, path: DefinitionPath, spot: Spot) -> None:
        """A node was written here."""
        self._nodes[path] = spot

    def find(
        self, path: DefinitionPath, *, at_key: bool = False
    ) -> tuple[DefinitionPath, tuple[int, int]]:
        """The line of the innermost node that the path leads into, else the graph's own."""
        for length in range(len(path), 0, -1):
            spot = self._nodes.get(path[:length])
            if spot is not None and spot.file == self.file:
                return path, (spot.line, 1)
        return path, (self._whole.line, 1)
