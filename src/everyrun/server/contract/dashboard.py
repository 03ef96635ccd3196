"""``/api/dashboard/stats``: the day so far (seed 001)."""

import msgspec

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.roles import Role
from everyrun.server.contract.messages import say
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.figures import dashboard_figures

routes = Routes("/api/dashboard", tag="dashboard")


class DashboardStats(msgspec.Struct, kw_only=True):
    """The dashboard's values (R1.2), and those of all days (R0.8)."""

    total_scripts: int
    today_executions: int
    today_failed_scripts: int
    inactive_scripts: int
    all_executions: int
    all_failed_scripts: int


class DashboardAnswer(msgspec.Struct, kw_only=True):
    """The dashboard's values."""

    success: bool = True
    message: str
    data: DashboardStats


@routes.get(
    "/stats", role=Role.VIEWER, answers=DashboardAnswer, polled=True, raises=(InvalidQuery,)
)
def dashboard_stats(visit: Visit, use_cache: bool = True, tz: str | None = None) -> DashboardAnswer:
    """The dashboard's values for the day it is in ``tz``, or in the server's zone (R1.1-R1.3).

    Cached values are at most five minutes old and never of another day or from before a change;
    ``use_cache=false`` counts anew (R1.4, R1.5, R1.7).
    """
    found = dashboard_figures(visit.database, visit.now, visit.zone(tz), use_cache=use_cache)
    stats = DashboardStats(
        total_scripts=found.total_workflows,
        today_executions=found.today_executions,
        today_failed_scripts=found.today_failed_workflows,
        inactive_scripts=found.inactive_workflows,
        all_executions=found.all_executions,
        all_failed_scripts=found.all_failed_workflows,
    )
    return DashboardAnswer(message=say(visit, "dashboard"), data=stats)
