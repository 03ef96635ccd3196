"""The dashboard's figures."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.roles import Role
from everyrun.domain.views.dashboard import DashboardFigures
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.figures import dashboard_figures

routes = Routes("/api/v1", tag="statistics")

Zone = Annotated[
    str | None,
    Query(max_length=64, description="A zone's name, like Asia/Seoul; else the server's."),
]
UseCache = Annotated[bool, Query(description="False counts anew.")]


@routes.get(
    "/dashboard", role=Role.VIEWER, answers=DashboardFigures, polled=True, raises=(InvalidQuery,)
)
def dashboard(visit: Visit, tz: Zone = None, use_cache: UseCache = True) -> DashboardFigures:
    """The day so far, for the day that it is in a zone, and all days.

    What was counted is kept for five minutes, but no longer than it is true.
    """
    zone, now = visit.zone(tz), visit.now
    found = dashboard_figures(visit.database, now, zone, use_cache=use_cache)
    # Of the answer's state, not of when it was counted: the same figures are the same answer.
    visit.known(*(getattr(found, name) for name in found.__struct_fields__[:-2]))
    return found
