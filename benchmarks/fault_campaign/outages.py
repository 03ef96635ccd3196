"""What happens to a ledger while processes record: it stops, crashes, or takes no writes."""

import random
import sqlite3
import threading
from contextlib import closing
from typing import Protocol

import psycopg

from tests.support.postgresql_server import PostgresqlServer


class Ledger(Protocol):
    """A ledger that can be troubled."""

    url: str

    def trouble(self, kind: str, stop: threading.Event) -> None:
        """Cause one outage and end it; at once when ``stop`` is set."""
        ...


class PostgresqlLedger:
    """A server of our own: stopped in order, crashed, or set to read-only."""

    kinds = ("stopped", "crashed", "read-only")

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self.url = server.url()

    def trouble(self, kind: str, stop: threading.Event) -> None:
        if kind == "read-only":
            self._set_read_only("on")
            stop.wait(random.uniform(1.0, 3.0))
            self._set_read_only("off")
            return
        if kind == "stopped":
            self._server.stop()
        else:
            self._server.crash()
        stop.wait(random.uniform(0.2, 2.0))
        self._server.start()

    def _set_read_only(self, value: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            connection.execute("SELECT pg_reload_conf()")


class SqliteLedger:
    """A file: locked by somebody else for a while, so that nobody can write."""

    kinds = ("locked",)

    def __init__(self, path: str) -> None:
        self._path = path
        self.url = f"sqlite:///{path}"

    def trouble(self, kind: str, stop: threading.Event) -> None:
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            stop.wait(random.uniform(1.0, 3.0))
            connection.execute("ROLLBACK")


class Outages(threading.Thread):
    """Troubles a ledger again and again until told to stop; ``counts`` says how often and how.

    A test server dies with the thread that started it, so this one stays until it is dismissed.
    """

    def __init__(self, ledger: "PostgresqlLedger | SqliteLedger") -> None:
        super().__init__(name="outages")
        self._ledger = ledger
        self._stop_asked = threading.Event()
        self._quiet = threading.Event()
        self._dismissed = threading.Event()
        self.counts: dict[str, int] = dict.fromkeys(ledger.kinds, 0)
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._stop_asked.wait(random.uniform(1.0, 4.0)):
                kind = random.choice(self._ledger.kinds)
                self._ledger.trouble(kind, self._stop_asked)
                self.counts[kind] += 1
        except BaseException as error:  # noqa: BLE001 - told by end(), in the main thread
            self.error = error
        self._quiet.set()
        self._dismissed.wait()

    def end(self) -> None:
        """End the trouble, with the ledger in order; raise what went wrong with causing it."""
        self._stop_asked.set()
        self._quiet.wait()
        if self.error is not None:
            raise self.error

    def dismiss(self) -> None:
        """The ledger is no longer needed."""
        self._stop_asked.set()
        self._dismissed.set()
        self.join()
