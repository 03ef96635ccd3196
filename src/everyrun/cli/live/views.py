"""How a run is shown while it runs: drawn, told line by line, or not at all."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from everyrun.cli.live.change_lines import change_lines, waiting_line
from everyrun.domain.events import AnyEvent

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree

_DUMB = ("dumb", "unknown")
"""Terminals that cannot move the cursor."""


class View(Protocol):
    """How a run is shown."""

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Something happened, or a moment has passed."""
        ...

    def end(self) -> None:
        """The run has ended."""
        ...


class Silence:
    """Shows nothing."""

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Lines:
    """A line for each change, on standard error."""

    def __init__(self, tree: "RunTree", zone: tzinfo) -> None:
        self._tree = tree
        self._zone = zone
        self._hint = ""
        self._said_why = False

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Write what happened."""
        if self._tree.waits_for and not self._said_why:
            self._said_why = True
            now = datetime.now(UTC)
            sys.stderr.write(f"{waiting_line(self._tree.waits_for, now, self._zone)}\n")
        for line in change_lines(self._tree, told, self._zone):
            sys.stderr.write(f"{line}\n")
        if hint and hint != self._hint:
            sys.stderr.write(f"{hint}\n")
        self._hint = hint
        sys.stderr.flush()

    def end(self) -> None:
        """Nothing is left to write."""


def view_for(tree: "RunTree", *, quiet: bool) -> View:
    """How a run is shown here: drawn on a terminal, told line by line elsewhere."""
    if quiet:
        return Silence()
    if sys.stderr.isatty() and os.environ.get("TERM") not in _DUMB:
        from everyrun.cli.live.screen import Screen

        return Screen(tree)
    from everyrun.cli.moments import chosen_zone

    return Lines(tree, chosen_zone(utc=False, local=False))
