"""Pages for people who open the server's address."""

from starlette.responses import HTMLResponse, Response

from everyrun.server.openapi import describe
from everyrun.server.pages.describing import draw_description
from everyrun.server.pages.index import draw_index
from everyrun.server.routing import PUBLIC, Routes
from everyrun.server.visit import Visit

routes = Routes("", tag="pages")


@routes.get("/", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
def index(visit: Visit) -> Response:
    """What this is, and where to go from here."""
    address = str(visit.request.base_url).rstrip("/")
    return HTMLResponse(draw_index(address, visit.language))


@routes.get("/api/docs", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
def api_docs(visit: Visit) -> Response:
    """The API's description, for people."""
    return HTMLResponse(draw_description(describe(visit.request.app), visit.language))
