"""Pages for people who open the server's address."""

from starlette.responses import HTMLResponse, Response

from everyrun.domain.errors import NotOnRecord
from everyrun.server.openapi import describe
from everyrun.server.pages.built import built_page
from everyrun.server.pages.describing import draw_description
from everyrun.server.pages.index import draw_index
from everyrun.server.routing import PUBLIC, Routes
from everyrun.server.visit import Visit

routes = Routes("", tag="pages")

PAGES = (
    "executions",
    "workflows",
    "batches",
    "schedules",
    "celery",
    "failures",
    "logs",
    "storage",
    "settings",
)
"""The first words of the page's own addresses. What follows them is the page's to understand."""

_FOR_EVER = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"


def _page(visit: Visit) -> Response:
    page = built_page()
    if page is None:
        address = str(visit.request.base_url).rstrip("/")
        return HTMLResponse(draw_index(address, visit.language))
    headers = {"Cache-Control": _ASKED_AGAIN, "Vary": "Accept-Language"}
    depth = visit.request.scope["path"].count("/") - 1
    return HTMLResponse(page.index_at(depth, visit.language), headers=headers)


@routes.get("/", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
def index(visit: Visit) -> Response:
    """The page; without it, what this is and where to go from here."""
    return _page(visit)


def _add(name: str) -> None:
    @routes.get(f"/{name}", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
    def page(visit: Visit) -> Response:
        """The page at one of its own addresses."""
        return _page(visit)

    @routes.get(f"/{name}/{{one}}", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
    def page_of_one(visit: Visit, one: str) -> Response:
        """The page of one thing."""
        return _page(visit)

    @routes.get(
        f"/{name}/{{one}}/{{part}}", role=PUBLIC, answers=str, media_type="text/html", hidden=True
    )
    def page_of_a_part(visit: Visit, one: str, part: str) -> Response:
        """The page of a part of one thing."""
        return _page(visit)


for _name in PAGES:
    _add(_name)


@routes.get("/assets/{name}", role=PUBLIC, answers=str, hidden=True, raises=(NotOnRecord,))
def asset(visit: Visit, name: str) -> Response:
    """A file of the page. Its name holds a hash of its content: it never changes."""
    page = built_page()
    found = None if page is None else page.assets.get(name)
    if found is None:
        raise NotOnRecord(f"there is no file {name!r} in this build of the page")
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if found.packed is not None and _takes_gzip(visit.request.headers.get("accept-encoding", "")):
        packed = {**headers, "Content-Encoding": "gzip"}
        return Response(found.packed, headers=packed, media_type=found.media_type)
    return Response(found.content, headers=headers, media_type=found.media_type)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip without refusing it (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() == "gzip":
            return weight.strip() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


@routes.get("/api/docs", role=PUBLIC, answers=str, media_type="text/html", hidden=True)
def api_docs(visit: Visit) -> Response:
    """The API's description, for people."""
    return HTMLResponse(draw_description(describe(visit.request.app), visit.language))
