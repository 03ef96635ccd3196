"""Executions whose engine is gone are told as lost before the ledger is read.

Whoever asks right after a crash must not be told that they still run.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everyrun.store.database import Database
    from everyrun.tracking.settings import Settings


def tell_of_lost_engines(database: "Database", settings: "Settings") -> None:
    """Put on record what engines left that have died here, or were not heard of in time.

    It waits for an engine then: ``everyrun resume`` or a scheduler goes on with it.
    """
    from everyrun.domain.clock import SystemClock
    from everyrun.store import leases

    now, host = SystemClock().now(), os.uname().nodename
    with database.reading() as connection:
        held = leases.owners_on(connection, host) or leases.expired(connection, now, 1)
    if not held:
        return
    from everyrun.scheduler.rescuing import rescue_all
    from everyrun.workflows.running.presence import who_is_dead

    rescue_all(database, now, host=host, is_surely_dead=who_is_dead(settings.home))
