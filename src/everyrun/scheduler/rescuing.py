"""The chore of putting back into the queue what nobody runs any more."""

from collections.abc import Callable
from functools import partial

from everyrun.store import leases
from everyrun.store.database import Database
from everyrun.workflows.rescuing import Rescued, rescue

MOST_AT_ONCE = 100
IsSurelyDead = Callable[[str, str], bool]
"""(owner, host) -> whether the process behind it is known to have ended."""


def rescue_all(
    database: Database,
    now: int,
    *,
    host: str,
    is_surely_dead: IsSurelyDead = lambda _owner, _host: False,
    on_rescued: Callable[[Rescued], None] | None = None,
) -> int:
    """Put back what nobody runs any more; answers how much that was.

    That is what has a lease that ran out, and what an engine of this ``host`` holds whose process
    is known to have ended.
    """
    with database.reading() as connection:
        left = [lease.execution_id for lease in leases.expired(connection, now, MOST_AT_ONCE)]
        dead = [o for o in leases.owners_on(connection, host) if is_surely_dead(o, host)]
        left += [
            lease.execution_id for owner in dead for lease in leases.held_by(connection, owner)
        ]
    count = 0
    for execution_id in dict.fromkeys(left):
        rescued = database.transact(partial(rescue, execution_id=execution_id, now=now, dead=dead))
        if rescued is not None:
            count += 1
            if on_rescued is not None:
                on_rescued(rescued)
    return count
