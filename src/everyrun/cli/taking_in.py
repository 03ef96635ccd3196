"""What ended processes left in their spools is taken into the ledger before it is read.

Whoever asks what happened right after a crash is the next process on the machine, and must see it.
"""

import time
from contextlib import closing
from typing import TYPE_CHECKING

from everyrun.cli.messages import say
from everyrun.domain.errors import SinkUnavailable

if TYPE_CHECKING:
    from everyrun.tracking.settings import Settings

PATIENCE = 3.0
"""Seconds that a command takes for it; the rest waits for ``everyrun spool replay``."""


def take_in_what_waits(settings: "Settings") -> None:
    """Ship what gone processes of this machine left for this ledger, for a moment at most.

    Never keeps a command from reading: what cannot be shipped now is told aside and stays.
    """
    from everyrun.tracking.spool.layout import spool_directories, spools_of

    if not spool_directories(spools_of(settings.home, settings.url)):
        return
    from everyrun.cli import terminal
    from everyrun.tracking.sinks import open_sink
    from everyrun.tracking.spool.adoption import adopting

    end = None
    try:
        with closing(open_sink(settings)) as sink, closing(adopting(settings, sink)) as batches:
            for _events in batches:
                if end is None:  # with the first the ledger is opened, or made
                    end = time.monotonic() + PATIENCE
                elif time.monotonic() > end:
                    terminal.aside(say("more_waits"))
                    return
    except (SinkUnavailable, OSError):
        terminal.aside(say("more_waits"))
