"""A process that forks while its ledger is open: python -m tests.support.forking_process WHAT URL.

It prints how each child ended: 0, or what ended it.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable

from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.leaderships import lead, leader_of

CHILDREN = 8
MOST_SECONDS = 20
"""After which a child that waits in vain is ended."""


def write(database: Database, role: str) -> None:
    """Put something small on record."""
    database.transact(lambda c: lead(c, role, new_id(), "host-a", 1, 2))


def fork(work: Callable[[], None]) -> int:
    """The id of a child that does this."""
    child = os.fork()
    if child:
        return child
    signal.alarm(MOST_SECONDS)
    work()
    os._exit(0)


def ended(child: int) -> int:
    """How a child ended."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def while_writing(url: str) -> list[int]:
    """Children write, each with a ledger of its own opening, whose parent never ceases to write."""
    database, is_over = Database(url), threading.Event()

    def write_on() -> None:
        while not is_over.is_set():
            write(database, "parent")

    writer = threading.Thread(target=write_on)
    writer.start()
    ends = [ended(fork(lambda: write(Database(url), new_id()))) for _ in range(CHILDREN)]
    is_over.set()
    writer.join()
    return ends


def outliving(url: str) -> list[int]:
    """A child writes after its parent, who had the ledger open as well, has closed it."""
    database = Database(url)
    write(database, "parent")
    is_open, is_closed = os.pipe(), os.pipe()

    def live_on() -> None:
        own = Database(url)
        with own.reading() as connection:
            assert leader_of(connection, "parent") is not None
        os.write(is_open[1], b".")
        os.read(is_closed[0], 1)
        write(own, "child")

    child = fork(live_on)
    os.read(is_open[0], 1)
    database.close()
    os.write(is_closed[1], b".")
    return [ended(child)]


if __name__ == "__main__":
    chosen = {"while-writing": while_writing, "outliving": outliving}[sys.argv[1]]
    sys.stdout.write(f"{chosen(sys.argv[2])}\n")
