"""What the ledger and this host's spools take up."""

from everyrun.domain.roles import Role
from everyrun.domain.views.storage import StorageUse
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.storage import storage_use
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.measuring import spool_use

routes = Routes("/api/v1", tag="server")


@routes.get("/storage", role=Role.VIEWER, answers=StorageUse, polled=True)
def storage(visit: Visit) -> StorageUse:
    """How much the ledger takes up, table by table, and how much waits in this host's spools.

    Also from when until when the record reaches, and how many events recorders had to drop.
    """
    with visit.reading() as connection:
        found = storage_use(connection)
    found.spools = spool_use(Settings.from_environment().home)
    return found
