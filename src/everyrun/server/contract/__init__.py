"""The seeds' endpoints, as their documents write them, translated onto the ledger.

``docs/reference/seed-endpoints.md`` says which line of which seed each one serves, and what was
decided where a seed leaves something open.
"""

from everyrun.server.contract import dashboard, jobs, node_logs, pipelines, records, scripts
from everyrun.server.routing import Routes

ALL: tuple[Routes, ...] = (
    node_logs.routes,
    scripts.routes,
    records.routes,
    dashboard.routes,
    jobs.routes,
    pipelines.routes,
)
