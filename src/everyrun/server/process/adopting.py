"""Taking in what processes of this host left in their spools, for as long as the server runs."""

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from threading import Event, Thread

from everyrun.domain.errors import SinkUnavailable
from everyrun.store.sql_sink import SqlSink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.adoption import adopting

_log = logging.getLogger("everyrun.server")


class SpoolAdopter:
    """Looks for spools that were left, again and again, in a thread of its own.

    They are those bound for the ledger itself and those bound for ``addresses`` of this server.
    """

    def __init__(self, settings: Settings, addresses: Sequence[str]) -> None:
        self._settings = settings
        self._urls = (settings.url, *addresses)
        self._stop = Event()
        self._thread = Thread(target=self._run, name="spools", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch that is being taken in."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end."""
        self._thread.join(timeout)

    def look(self) -> int:
        """Take in what was left; how many events that was. What cannot be taken in now waits."""
        events = 0
        with closing(SqlSink(self._settings.url)) as sink:
            for url in self._urls:
                with closing(adopting(replace(self._settings, url=url), sink)) as batches:
                    for shipped in batches:
                        events += shipped
                        if self._stop.is_set():
                            return events
        return events

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except (SinkUnavailable, OSError) as error:
                _log.warning("what was left in spools waits: %s", error)
            self._stop.wait(self._settings.adoption_interval)
