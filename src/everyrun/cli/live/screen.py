"""A run on a terminal: drawn anew on standard error, at most ten times a second."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live

from everyrun.cli.live.drawing import LiveLines, frame
from everyrun.cli.node_lines import chosen_rows
from everyrun.cli.terminal import err

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree

SECONDS_BETWEEN_FRAMES = 0.1
SHARE_OF_TIME = 0.05
"""Of its time that the process spends on drawing, at most: very large runs are drawn less often."""


class Screen:
    """Shows a tree until it is told to end; then the whole of it stands there."""

    def __init__(self, tree: "RunTree", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._tree = tree
        self._clock = clock
        self._next = 0.0
        console = err()
        self._live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=_is_terminal_too(),
            vertical_overflow="crop",
        )
        self._live.start()

    def draw(self, hint: str) -> None:
        """Draw the tree as it stands, unless it was drawn a moment ago."""
        began = self._clock()
        if began < self._next:
            return
        console = err()
        lines = frame(self._tree, datetime.now(UTC), console.width, console.height, hint)
        self._live.update(Group(*lines), refresh=True)
        ended = self._clock()
        self._next = ended + max(SECONDS_BETWEEN_FRAMES, (ended - began) / SHARE_OF_TIME)

    def end(self) -> None:
        """Leave the tree as it ended; very many nodes are summarised."""
        self._live.stop()
        console = err()
        tree = self._tree
        rows, _hidden = chosen_rows(tree.nodes, tree.attempts, "all", everything=False)
        for line in LiveLines(tree, datetime.now(UTC), console.width).draw(rows):
            console.print(line, soft_wrap=True)


def _is_terminal_too() -> bool:
    import sys

    return sys.stdout.isatty()
