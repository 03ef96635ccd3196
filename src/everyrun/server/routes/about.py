"""What this server is."""

from datetime import datetime

import msgspec

from everyrun.domain.clock import to_datetime
from everyrun.domain.roles import Role
from everyrun.domain.version import VERSION
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit

routes = Routes("/api/v1", tag="server")


class About(msgspec.Struct, kw_only=True):
    """A server: its version, its ledger's database, its time and its zone."""

    version: str
    database: str
    time: datetime
    timezone: str


@routes.get("/about", role=Role.VIEWER, answers=About)
def about(visit: Visit) -> About:
    """What this server is, and what time it has."""
    return About(
        version=VERSION,
        database=visit.database.dialect,
        time=to_datetime(visit.now),
        timezone=visit.zone(None),
    )
