"""Workflows of every kind by their rows: found, made without a definition, described.

What has versions is in ``store.versions``.
"""

from typing import cast

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.identifiers import canonical_id, new_id
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.reading.matching import as_stored
from everyrun.store.tables import Workflow, WorkflowNumber
from everyrun.store.versions import WorkflowRecord, workflow_record, workflow_records

workflows = cast("Table", Workflow.__table__)
numbers = cast("Table", WorkflowNumber.__table__)

LARGEST_NUMBER = (1 << 63) - 1

_w = workflows.c


class WorkflowExists(EveryrunError):
    """There is a workflow of this name and kind already."""

    status_code = 409


def find_workflow(connection: Connection, target: str, kind: str) -> WorkflowRecord:
    """The workflow that ``target`` names: its name among those of its kind, its id or its number.

    A name goes before an id or a number that is spelled alike. One that was deleted is found by
    its id or number alone. Raises :class:`NotOnRecord`.
    """
    named = and_(_w.kind == kind, _w.name == as_stored(target), _w.deleted_at.is_(None))
    for condition in (named, _by_id(target), _by_number(target)):
        if condition is None:
            continue
        row = connection.execute(workflow_records().where(condition)).one_or_none()
        if row is not None:
            return workflow_record(row)
    raise NotOnRecord(f"there is no workflow {target!r} of kind {kind}")


def _by_id(target: str) -> ColumnElement[bool] | None:
    try:
        return _w.id == canonical_id(target)
    except ValueError:
        return None


def _by_number(target: str) -> ColumnElement[bool] | None:
    is_number = target.isascii() and target.isdigit() and len(target) <= len(str(LARGEST_NUMBER))
    if not is_number or int(target) > LARGEST_NUMBER:
        return None
    return _w.id.in_(select(numbers.c.workflow_id).where(numbers.c.number == int(target)))


def is_there(connection: Connection, name: str, kind: str, *, deleted: bool = False) -> bool:
    """Whether there is a workflow of this name and kind; or one that was ``deleted``."""
    query = select(_w.id).where(
        _w.kind == kind, _w.name == name, _w.deleted_at.is_not(None) == deleted
    )
    return connection.execute(query).first() is not None


def create_workflow(
    connection: Connection,
    name: str,
    kind: str,
    now: int,
    *,
    description: str | None = None,
    active: bool = True,
) -> str:
    """Make a workflow without a definition, the last of its kind in order; answers its id.

    A deleted one of this name comes back, with its history. Raises :class:`WorkflowExists`.
    """
    moment = to_datetime(now)
    last = select(func.coalesce(func.max(_w.execution_order), 0)).where(_w.kind == kind)
    values = {
        "description": description,
        "active": active,
        "execution_order": connection.execute(last).scalar_one() + 1,
        "updated_at": moment,
    }
    id_ = new_id()
    row = {"id": id_, "kind": kind, "name": name, "created_at": moment, **values}
    insert_if_absent(connection, workflows, [row])
    query = select(_w.id, _w.deleted_at).where(_w.kind == kind, _w.name == name)
    kept = connection.execute(query.with_for_update(key_share=True)).one()
    if kept.id == id_:
        return id_
    if kept.deleted_at is None:
        raise WorkflowExists(f"there is a {kind} {name!r} already")
    found: str = kept.id
    connection.execute(update(workflows).where(_w.id == found).values(**values, deleted_at=None))
    return found


def describe_workflow(connection: Connection, id_: str, description: str | None, now: int) -> None:
    """Say what a workflow without a definition is for."""
    connection.execute(
        update(workflows)
        .where(_w.id == id_)
        .values(description=description, updated_at=to_datetime(now))
    )
