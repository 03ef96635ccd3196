"""``/api/scripts``: workflows of whatever kind, as the seeds' scripts (seeds 000 and 001)."""

from typing import Any

import msgspec

from everyrun.domain.errors import AmbiguousId, EveryrunError, StaleVersion
from everyrun.domain.roles import Role
from everyrun.domain.status import TriggerType, WorkflowKind
from everyrun.server.contract.envelopes import Done
from everyrun.server.contract.finding import (
    ScriptNotFound,
    numbers_for_workflows,
    script_of,
)
from everyrun.server.contract.messages import say
from everyrun.server.contract.script_rows import (
    ScriptAnswer,
    ScriptList,
    row_of,
)
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.scripts import (
    HasHistory,
    ScriptExists,
    ScriptRecord,
    change_script,
    create_script,
    delete_script,
    list_scripts,
    make_graph,
    order_scripts,
    require_free_name,
    with_numbers,
)
from everyrun.store.versions import find_version
from everyrun.workflows.asking import ExternalIdTaken, TooManyExecutions, start
from everyrun.workflows.defining import read_value
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.launching import (
    ExecutionAlreadyRunning,
    LaunchRequest,
    WorkflowInactive,
)
from everyrun.workflows.problems import InvalidDefinition
from everyrun.workflows.saving import save

LONGEST_NAME = 200

routes = Routes("/api/scripts", tag="scripts")


class NotRunnable(EveryrunError):
    """This script has no definition, so Everyrun cannot run it; whoever runs it reports it here."""

    status_code = 409


class InvalidScript(EveryrunError, ValueError):
    """A script cannot be like this."""

    status_code = 422


class NameIsIdentity(EveryrunError):
    """A script's name is what its history is filed under; make another script instead."""

    status_code = 409


class NewScript(msgspec.Struct, kw_only=True):
    """A script to make. With a ``definition`` (``docs/reference/workflow-file.md``) Everyrun runs
    it; without one others run it and report it here.
    """

    name: str
    description: str | None = None
    active: bool = True
    definition: dict[str, Any] | None = None


class ChangedScript(msgspec.Struct, kw_only=True):
    """What to change of a script; what is left out stays as it is."""

    name: str | None = None
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    active: bool | None = None
    execution_order: int | None = None
    definition: dict[str, Any] | None = None


class Activity(msgspec.Struct, kw_only=True):
    """Whether a script takes part in running all, and in schedules."""

    active: bool


class PlaceInOrder(msgspec.Struct, kw_only=True):
    """A script's place in the execution order."""

    id: int | str
    order: int | None = None
    execution_order: int | None = None


class ExecuteRequest(msgspec.Struct, kw_only=True):
    """The inputs of an execution, and the caller's own id for it."""

    inputs: dict[str, Any] = {}
    execution_id: str | None = None


class StartedScript(msgspec.Struct, kw_only=True):
    """An execution that was asked for."""

    execution_id: str
    script_id: int
    status: str


class StartedAnswer(msgspec.Struct, kw_only=True):
    """An execution that was asked for."""

    success: bool = True
    message: str
    data: StartedScript


@routes.get("", role=Role.VIEWER, answers=ScriptList, polled=True)
def all_scripts(visit: Visit, active: bool | None = None) -> ScriptList:
    """All scripts in their execution order, but the deleted ones."""
    with visit.reading() as connection:
        found = list_scripts(connection, active=active)
    numbers = numbers_for_workflows(visit, [script.id for script in found])
    rows = [
        row_of(script._replace(number=numbers[script.id]))
        for script in found
        if script.id in numbers
    ]
    return ScriptList(message=say(visit, "scripts"), data=rows, count=len(rows))


@routes.post(
    "",
    role=Role.OPERATOR,
    body=NewScript,
    answers=ScriptAnswer,
    audit="script.create",
    raises=(ScriptExists, InvalidScript, InvalidDefinition),
)
def new_script(visit: Visit, body: NewScript) -> ScriptAnswer:
    """Make a script, with a definition or without."""
    name = body.name.strip()
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise InvalidScript(f"a name has 1 to {LONGEST_NAME} characters, none of them NUL")
    if body.definition is None:
        visit.database.transact(
            lambda connection: create_script(
                connection, name, body.description, body.active, visit.now
            )
        )
    else:
        visit.database.transact(lambda connection: require_free_name(connection, name))
        _save(visit, name, body.definition, body.description)
    return _answer(visit, _changed(visit, name, active=body.active), "script_created")


@routes.put(
    "/order",
    role=Role.OPERATOR,
    body=list[PlaceInOrder | int],
    answers=Done,
    audit="script.order",
    raises=(ScriptNotFound, InvalidScript),
)
def put_scripts_in_order(visit: Visit, body: list[PlaceInOrder | int]) -> Done:
    """Say in which order scripts run: ``[{id, order}, …]``, or just ids in their order."""
    return _ordered(visit, body)


@routes.patch(
    "/order",
    role=Role.OPERATOR,
    body=list[PlaceInOrder | int],
    answers=Done,
    audit="script.order",
    raises=(ScriptNotFound, InvalidScript),
)
def change_order_of_scripts(visit: Visit, body: list[PlaceInOrder | int]) -> Done:
    """The same as PUT."""
    return _ordered(visit, body)


def _ordered(visit: Visit, body: list[PlaceInOrder | int]) -> Done:
    def work(connection: Connection) -> list[dict[str, int]]:
        places = [_place(connection, at, entry) for at, entry in enumerate(body, 1)]
        order_scripts(connection, [(script.id, place) for script, place in places], visit.now)
        numbered = with_numbers(connection, [script for script, _ in places])
        orders = (place for _, place in places)
        return [
            {"id": script.number, "order": order}
            for script, order in zip(numbered, orders, strict=True)
        ]

    orders = visit.database.transact(work)
    return Done(message=say(visit, "scripts_ordered"), data={"orders": orders})


def _place(connection: Connection, at: int, entry: PlaceInOrder | int) -> tuple[ScriptRecord, int]:
    if isinstance(entry, int):
        return script_of(connection, entry), at
    given = entry.execution_order if entry.order is None else entry.order
    place = at if given is None else given
    if not 0 <= place < 1 << 31:
        raise InvalidScript(f"a place in the order is 0 or more, not {place}")
    return script_of(connection, entry.id), place


@routes.get(
    "/{script_id}",
    role=Role.VIEWER,
    answers=ScriptAnswer,
    polled=True,
    raises=(ScriptNotFound, AmbiguousId),
)
def one_script(visit: Visit, script_id: str) -> ScriptAnswer:
    """One script with its definition, by its number, its id or its name."""
    with visit.reading() as connection:
        found = script_of(connection, script_id)
        definition = None
        if found.version is not None:
            definition = find_version(connection, found.name).definition
    number = numbers_for_workflows(visit, [found.id])[found.id]
    row = row_of(found._replace(number=number), definition)
    return ScriptAnswer(message=say(visit, "script"), data=row)


@routes.put(
    "/{script_id}",
    role=Role.OPERATOR,
    body=ChangedScript,
    answers=ScriptAnswer,
    audit="script.change",
    raises=(
        ScriptNotFound,
        AmbiguousId,
        NameIsIdentity,
        ScriptExists,
        HasHistory,
        StaleVersion,
        InvalidScript,
        InvalidDefinition,
    ),
)
def update_script(visit: Visit, script_id: str, body: ChangedScript) -> ScriptAnswer:
    """Change a script. A definition becomes its newest version; one that has run without any keeps
    doing so.
    """
    with visit.reading() as connection:
        found = script_of(connection, script_id)
    if body.name is not None and body.name.strip() != found.name:
        raise NameIsIdentity
    if body.definition is not None:
        checked = _definition(found.name, body.definition, found.description)
        visit.database.transact(lambda connection: make_graph(connection, found))
        save(visit.database, checked, visit.by, visit.now)
    values: dict[str, Any] = {}
    if body.description is not msgspec.UNSET:
        values["description"] = body.description
    if body.active is not None:
        values["active"] = body.active
    if body.execution_order is not None:
        if not 0 <= body.execution_order < 1 << 31:
            raise InvalidScript("a place in the order is 0 or more")
        values["execution_order"] = body.execution_order
    return _answer(visit, _changed(visit, found.id, **values), "script_updated")


@routes.delete(
    "/{script_id}",
    role=Role.OPERATOR,
    answers=Done,
    audit="script.delete",
    raises=(ScriptNotFound, AmbiguousId),
)
def remove_script(visit: Visit, script_id: str) -> Done:
    """Take a script off the list (R1.6). What it did stays on record, and in the statistics."""

    def work(connection: Connection) -> int:
        [found] = with_numbers(connection, [script_of(connection, script_id)])
        delete_script(connection, found.id, visit.now)
        return found.number

    return Done(message=say(visit, "script_deleted"), data={"id": visit.database.transact(work)})


@routes.patch(
    "/{script_id}/active",
    role=Role.OPERATOR,
    body=Activity,
    answers=ScriptAnswer,
    audit="script.switch",
    raises=(ScriptNotFound, AmbiguousId),
)
def switch_script(visit: Visit, script_id: str, body: Activity) -> ScriptAnswer:
    """Switch a script on or off (R1.6)."""
    return _switched(visit, script_id, body)


@routes.put(
    "/{script_id}/active",
    role=Role.OPERATOR,
    body=Activity,
    answers=ScriptAnswer,
    audit="script.switch",
    raises=(ScriptNotFound, AmbiguousId),
)
def put_script_active(visit: Visit, script_id: str, body: Activity) -> ScriptAnswer:
    """The same as PATCH."""
    return _switched(visit, script_id, body)


def _switched(visit: Visit, script_id: str, body: Activity) -> ScriptAnswer:
    changed = _changed(visit, script_id, active=body.active)
    return _answer(visit, changed, "script_on" if body.active else "script_off")


@routes.post(
    "/{script_id}/execute",
    role=Role.OPERATOR,
    body=ExecuteRequest,
    answers=StartedAnswer,
    status=202,
    audit="script.execute",
    raises=(
        ScriptNotFound,
        AmbiguousId,
        NotRunnable,
        WorkflowInactive,
        ExecutionAlreadyRunning,
        ExternalIdTaken,
        InvalidInput,
        TooManyExecutions,
    ),
)
def execute_script(visit: Visit, script_id: str, body: ExecuteRequest) -> StartedAnswer:
    """Have a script with a definition run: the execution waits for an engine, whoever asked."""
    [script] = visit.database.transact(
        lambda connection: with_numbers(connection, [script_of(connection, script_id)])
    )
    if script.kind != WorkflowKind.GRAPH.value or script.version is None:
        raise NotRunnable
    request = LaunchRequest(
        workflow=script.name,
        input=body.inputs,
        trigger=TriggerType.API.value,
        by=visit.by,
        external_id=body.execution_id,
    )
    asked = start(visit.database, request, visit.now, most=visit.settings.most_executions)
    started = StartedScript(execution_id=asked.id, script_id=script.number, status=asked.status)
    return StartedAnswer(message=say(visit, "script_started"), data=started)


def _save(visit: Visit, name: str, written: dict[str, Any], description: str | None) -> None:
    save(visit.database, _definition(name, written, description), visit.by, visit.now)


def _definition(name: str, written: dict[str, Any], description: str | None) -> Any:
    """A definition as it was sent, under its script's name. Raises :class:`InvalidDefinition`."""
    said = {"description": description} if description else {}
    read = read_value({**said, **written, "workflow": name})
    if read.definition is None:
        raise InvalidDefinition(read.problems)
    return read.definition


def _changed(visit: Visit, given: str, **values: Any) -> ScriptRecord:
    def work(connection: Connection) -> ScriptRecord:
        found = script_of(connection, given)
        if values:
            change_script(connection, found.id, visit.now, **values)
        return with_numbers(connection, [script_of(connection, found.id)])[0]

    return visit.database.transact(work)


def _answer(visit: Visit, script: ScriptRecord, sentence: str) -> ScriptAnswer:
    return ScriptAnswer(message=say(visit, sentence), data=row_of(script))
