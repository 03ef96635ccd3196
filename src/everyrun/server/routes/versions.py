"""Versions of graphs: what was saved when, as a file, and what changed."""

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from everyrun.domain.errors import InvalidCursor, NotOnRecord
from everyrun.domain.graph import from_plain
from everyrun.domain.roles import Role
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.workflows import VersionDetail, VersionDifference, VersionPage
from everyrun.server.answering import ASKED_AGAIN
from everyrun.server.definitions import version_tag
from everyrun.server.etags import is_known
from everyrun.server.routing import Routes
from everyrun.server.shaping.workflows import Form, version_detail, version_summary
from everyrun.server.visit import NotModified, Visit
from everyrun.store.connections import Connection
from everyrun.store.reading.cursors import NumberCursor, page_of
from everyrun.store.versions import VersionRecord, find_version, list_versions
from everyrun.store.workflows import find_workflow
from everyrun.workflows.comparing import compare
from everyrun.workflows.exporting import export_yaml

routes = Routes("/api/v1/workflows/{name}", tag="workflows")

LARGEST = (1 << 31) - 1
VERSIONS = NumberCursor(b"v", LARGEST)
Number = Annotated[int, Path(ge=1, le=LARGEST)]


def version_of(connection: Connection, target: str, number: int | None = None) -> VersionRecord:
    """A version of the graph that is named, the newest when None. Raises :class:`NotOnRecord`."""
    record = find_workflow(connection, target, WorkflowKind.GRAPH)
    return find_version(connection, record.name, number)


@routes.get(
    "/versions",
    role=Role.VIEWER,
    answers=VersionPage,
    polled=True,
    raises=(NotOnRecord, InvalidCursor),
)
def workflow_versions(
    visit: Visit,
    name: str,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: str | None = None,
) -> VersionPage:
    """The versions of a graph, newest first."""
    before = None if cursor is None else VERSIONS.read(cursor)
    with visit.reading() as connection:
        record = find_workflow(connection, name, WorkflowKind.GRAPH)
        rows = list_versions(connection, record.name, limit + 1, before)
    kept, following = page_of(rows, limit, lambda each: VERSIONS.after(each.version))
    return VersionPage(items=[version_summary(each) for each in kept], next=following)


@routes.get(
    "/versions/{number}",
    role=Role.VIEWER,
    answers=VersionDetail,
    polled=True,
    raises=(NotOnRecord,),
)
def workflow_version(
    visit: Visit, name: str, number: Number, form: Form = Form.FILE
) -> VersionDetail:
    """One version of a graph, whole."""
    with visit.reading() as connection:
        return version_detail(version_of(connection, name, number), form)


@routes.get(
    "/versions/{number}/diff",
    role=Role.VIEWER,
    answers=VersionDifference,
    polled=True,
    raises=(NotOnRecord,),
)
def workflow_difference(
    visit: Visit,
    name: str,
    number: Number,
    other: Annotated[
        int | None,
        Query(alias="with", ge=1, le=LARGEST, description="The version after; default: newest."),
    ] = None,
) -> VersionDifference:
    """What changed from a version to another one, or to the newest."""
    with visit.reading() as connection:
        before = version_of(connection, name, number)
        after = version_of(connection, name, other)
    difference = compare(from_plain(before.definition), from_plain(after.definition))
    return VersionDifference(
        workflow=before.workflow,
        before=before.version,
        after=after.version,
        difference=difference,
    )


@routes.get(
    "/definition.yaml",
    role=Role.VIEWER,
    answers=str,
    media_type="application/yaml",
    raises=(NotOnRecord,),
)
def workflow_as_yaml(
    visit: Visit,
    name: str,
    version: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> Response:
    """A version of a graph as the text of a workflow file, the newest by default.

    Its ETag names the version; sent back as If-Match, a save refuses to undo somebody else's.
    """
    with visit.reading() as connection:
        found = version_of(connection, name, version)
    tag = version_tag(found.version)
    if is_known(visit.request.headers.get("if-none-match"), tag):
        raise NotModified(tag)
    text = export_yaml(from_plain(found.definition))
    return Response(text, headers={**ASKED_AGAIN, "ETag": tag}, media_type="application/yaml")
