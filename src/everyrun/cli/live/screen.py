"""A run on a terminal: drawn anew on standard error, at most ten times a second."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group
from rich.live import Live

from everyrun.cli.live.drawing import LiveLines, frame
from everyrun.cli.messages import say
from everyrun.cli.node_lines import chosen_rows
from everyrun.cli.terminal import err
from everyrun.domain.events import AnyEvent
from everyrun.domain.status import SETTLED

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree

SECONDS_BETWEEN_FRAMES = 0.1
SHARE_OF_TIME = 0.05
"""Of its time that the process spends on drawing, at most: very large runs are drawn less often."""


class Screen:
    """Shows a tree until the run has ended; then the whole of it stands there."""

    def __init__(self, tree: "RunTree") -> None:
        self._tree = tree
        self._next = 0.0
        self._live = Live(
            console=err(),
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
            vertical_overflow="crop",
        )

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Draw the tree as it stands, unless it was drawn a moment ago."""
        began = time.monotonic()
        if began < self._next:
            return
        if not self._live.is_started:
            if self._tree.status in SETTLED:
                return
            self._live.start()
        width, height = err().size
        lines = frame(self._tree, datetime.now(UTC), width, height, hint or say("how_to_cancel"))
        self._live.update(Group(*lines), refresh=True)
        ended = time.monotonic()
        self._next = ended + max(SECONDS_BETWEEN_FRAMES, (ended - began) / SHARE_OF_TIME)

    def end(self) -> None:
        """Leave the tree as it ended; very many nodes are summarised."""
        self._live.stop()
        tree, console = self._tree, err()
        rows, _hidden = chosen_rows(tree.nodes, tree.attempts, "all", everything=False)
        for line in LiveLines(tree, datetime.now(UTC), console.width).draw(rows):
            console.print(line, soft_wrap=True)
