"""Workflows of every kind, and the versions of graphs."""

from collections.abc import Iterator, Sequence
from typing import Any

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport, part
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.workflows import (
    DuplicatedWorkflow,
    DuplicateRequest,
    NewWorkflowRequest,
    NodeTypes,
    SavedWorkflow,
    Validation,
    VersionDetail,
    VersionDifference,
    VersionPage,
    VersionSummary,
    WorkflowChange,
    WorkflowDetail,
    WorkflowOrder,
    WorkflowOrderRequest,
    WorkflowPage,
    WorkflowSummary,
)

_PATH = f"{API}/workflows"
_YAML = {"Content-Type": "application/yaml"}
GRAPH = "graph"


class Workflows:
    """``client.workflows``. A workflow is named by its name, its id or its number."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        *,
        kind: str | None = None,
        active: bool | None = None,
        text: str | None = None,
        deleted: bool = False,
        recent_hours: int | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> WorkflowPage:
        """A page of workflows in execution order, each with its last run and its recent ones."""
        return self._transport.get(
            _PATH,
            WorkflowPage,
            kind=kind,
            active=active,
            text=text,
            deleted=deleted or None,
            recent_hours=recent_hours,
            limit=limit,
            cursor=cursor,
        )

    def all(self, **filters: Any) -> Iterator[WorkflowSummary]:
        """All of them; the filters of :meth:`page`."""
        return every(lambda cursor: self.page(**{"limit": 500, **filters, "cursor": cursor}))

    def get(
        self, name: str, *, kind: str = GRAPH, form: str = "file", runs: int = 5
    ) -> WorkflowDetail:
        """One workflow with its newest definition and its last runs.

        ``form`` is ``file``, or ``canonical`` with everything spelled out. Raises ``NotOnRecord``.
        """
        path = f"{_PATH}/{part(name)}"
        return self._transport.get(path, WorkflowDetail, kind=kind, form=form, runs=runs)

    def create(
        self,
        *,
        definition: dict[str, Any] | None = None,
        name: str | None = None,
        kind: str = GRAPH,
        description: str | None = None,
        active: bool = True,
    ) -> WorkflowDetail:
        """Make a workflow: a graph by its definition, anything else by its name."""
        body = NewWorkflowRequest(
            name=name,
            kind=WorkflowKind(kind),
            definition=definition,
            description=description,
            active=active,
        )
        return self._transport.send("POST", _PATH, WorkflowDetail, body)

    def save(
        self,
        name: str,
        definition: dict[str, Any] | str,
        *,
        expected_version: int | None = None,
    ) -> SavedWorkflow:
        """Make a definition the newest version of a graph, unless it is that already.

        A text is YAML. ``expected_version`` is the version that was changed, 0 for none. Raises
        ``StaleVersion`` where somebody saved another version since.
        """
        path = f"{_PATH}/{part(name)}"
        is_text = isinstance(definition, str)
        body = definition.encode() if isinstance(definition, str) else definition
        return self._transport.send(
            "PUT",
            path,
            SavedWorkflow,
            body,
            headers=_YAML if is_text else None,
            expected_version=expected_version,
        )

    def validate(self, definition: dict[str, Any] | str) -> Validation:
        """Every problem of a definition, each with its place. A text is YAML."""
        path = f"{_PATH}/validate"
        if isinstance(definition, str):
            return self._transport.send(
                "POST", path, Validation, definition.encode(), headers=_YAML
            )
        return self._transport.send("POST", path, Validation, definition)

    def change(self, name: str, *, kind: str = GRAPH, **changes: Any) -> WorkflowDetail:
        """Switch a workflow, describe it or move it: ``active``, ``description``, ``order``."""
        path = f"{_PATH}/{part(name)}"
        body = WorkflowChange(**changes)
        return self._transport.send("PATCH", path, WorkflowDetail, body, kind=kind)

    def enable(self, name: str, *, kind: str = GRAPH) -> WorkflowDetail:
        """Switch a workflow on."""
        path = f"{_PATH}/{part(name)}/enable"
        return self._transport.send("POST", path, WorkflowDetail, kind=kind)

    def disable(self, name: str, *, kind: str = GRAPH) -> WorkflowDetail:
        """Switch a workflow off: nothing starts it any more."""
        path = f"{_PATH}/{part(name)}/disable"
        return self._transport.send("POST", path, WorkflowDetail, kind=kind)

    def order(self, names: Sequence[str], *, kind: str = GRAPH) -> list[str]:
        """Put workflows first; answers all names in the order that follows."""
        body = WorkflowOrderRequest(workflows=list(names), kind=WorkflowKind(kind))
        return self._transport.send("POST", f"{_PATH}/order", WorkflowOrder, body).workflows

    def duplicate(
        self, name: str, copy: str, *, active: bool | None = None, kind: str = GRAPH
    ) -> DuplicatedWorkflow:
        """Make a workflow like this one that is called ``copy``."""
        path = f"{_PATH}/{part(name)}/duplicate"
        body = DuplicateRequest(name=copy, active=active)
        return self._transport.send("POST", path, DuplicatedWorkflow, body, kind=kind)

    def delete(self, name: str, *, kind: str = GRAPH) -> None:
        """Delete a workflow; its history stays."""
        self._transport.tell("DELETE", f"{_PATH}/{part(name)}", kind=kind)

    def versions(self, name: str, *, limit: int = 50, cursor: str | None = None) -> VersionPage:
        """A page of a graph's versions, newest first."""
        path = f"{_PATH}/{part(name)}/versions"
        return self._transport.get(path, VersionPage, limit=limit, cursor=cursor)

    def all_versions(self, name: str) -> Iterator[VersionSummary]:
        """All versions of a graph, newest first."""
        return every(lambda cursor: self.versions(name, limit=500, cursor=cursor))

    def version(self, name: str, number: int, *, form: str = "file") -> VersionDetail:
        """One version, whole; ``form`` as in :meth:`get`. Raises ``NotOnRecord``."""
        path = f"{_PATH}/{part(name)}/versions/{number}"
        return self._transport.get(path, VersionDetail, form=form)

    def difference(self, name: str, before: int, after: int | None = None) -> VersionDifference:
        """What changed from a version to another one, or to the newest."""
        path = f"{_PATH}/{part(name)}/versions/{before}/diff"
        return self._transport.get(path, VersionDifference, with_=after)

    def as_yaml(self, name: str, *, version: int | None = None) -> str:
        """A version as the text of a workflow file."""
        path = f"{_PATH}/{part(name)}/definition.yaml"
        return self._transport.fetch(path, version=version).decode()

    def node_types(self) -> NodeTypes:
        """The node types that a graph can have on this server."""
        return self._transport.get(f"{API}/node-types", NodeTypes)
