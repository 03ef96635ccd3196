"""Whether the server lives, whether it can work, and what it counts."""

import msgspec
from starlette.responses import Response

from everyrun.domain.errors import EveryrunError
from everyrun.domain.roles import Role
from everyrun.server.routing import PUBLIC, Routes
from everyrun.server.visit import Visit
from everyrun.store.explaining import explained

routes = Routes("", tag="server")

_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Health(msgspec.Struct, kw_only=True):
    """``ok``."""

    status: str = "ok"


class NotReady(EveryrunError):
    """The server cannot answer now."""

    status_code = 503
    retry_after = 2.0


@routes.get("/healthz", role=PUBLIC, answers=Health)
def healthz(visit: Visit) -> Health:
    """Whether the process lives. It asks nothing else."""
    return Health()


@routes.get("/readyz", role=PUBLIC, answers=Health, raises=(NotReady,))
def readyz(visit: Visit) -> Health:
    """Whether requests can be answered: the ledger is there, with the schema of this version.

    A server that is told to end says no, so that a load balancer sends it nothing more.
    """
    if visit.server.is_ending:
        raise NotReady("the server is ending")
    try:
        with explained():
            visit.database.require_current_schema()
    except EveryrunError as error:
        raise NotReady(f"the ledger cannot be used: {type(error).__name__}") from error
    return Health()


@routes.get("/metrics", role=Role.VIEWER, answers=str, media_type="text/plain")
def metrics(visit: Visit) -> Response:
    """What the server counts, in Prometheus' text format.

    Give the scraper a token of a viewer's. Several processes of one server are answered for as
    one.
    """
    server = visit.server
    with explained():
        text = server.metrics.text() + server.figures.text()
    return Response(text, headers={"Cache-Control": "no-store"}, media_type=_TEXT)
