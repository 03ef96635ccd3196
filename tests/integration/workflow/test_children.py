"""A node that is another workflow, and workflows that overlap."""

import pytest

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.history import children_of, read_execution
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.launching import LaunchRequest, WorkflowInactive
from everyrun.workflows.running import Engine
from tests.support.graphs import ran, saved, status_of

FUNCTIONS = "tests.support.graph_functions"
CHILD = f"""
workflow: child
inputs: {{number: integer}}
nodes:
  double:
    type: python
    with:
      function: "{FUNCTIONS}:add"
      arguments: {{one: "{{{{ inputs.number }}}}", other: "{{{{ inputs.number }}}}"}}
output: "{{{{ nodes.double.output }}}}"
"""
PARENT = """
workflow: parent
nodes:
  call: {type: workflow, with: {workflow: child, inputs: {number: 21}}}
output: "{{ nodes.call.output }}"
"""


def test_a_child_is_an_execution_of_its_own(engine: Engine, database: Database) -> None:
    saved(database, CHILD)
    run = ran(engine, database, PARENT)

    assert (Status.COMPLETED, 42) == (run.finished.status, run.finished.output)
    with database.reading() as connection:
        (child,) = children_of(connection, run.finished.execution_id)
        found = read_execution(connection, child)
    assert (run.rows["call"].id, "parent") == (found.parent_node_execution_id, found.trigger)


def test_a_child_that_fails_fails_its_node(engine: Engine, database: Database) -> None:
    saved(database, CHILD.replace(":add", ":fail").replace("one:", "message:"))
    run = ran(engine, database, PARENT)

    assert Status.FAILED == run.finished.status
    assert "double failed" in str(run.finished.error_message)


def test_a_child_that_is_not_there_fails_its_node(engine: Engine, database: Database) -> None:
    run = ran(engine, database, PARENT)

    assert "there is no workflow 'child'" == run.rows["call"].error_message


@pytest.mark.parametrize(
    ("policy", "second"), [("allow", "pending"), ("skip", "skipped"), ("queue", "pending")]
)
def test_a_workflow_that_runs_meets_its_overlap_policy(
    engine: Engine, database: Database, policy: str, second: str
) -> None:
    saved(database, f"{CHILD}policy: {{overlap: {policy}}}\n")
    request = LaunchRequest(workflow="child", input={"number": 1})
    first = engine.launch(request)
    again = engine.launch(request)

    assert second == status_of(database, again.execution_id)
    assert (policy == "allow") == again.owned
    assert Status.COMPLETED == engine.run(first.execution_id).status
    if second == "pending":
        assert Status.COMPLETED == engine.run(again.execution_id).status


def test_inputs_are_checked_before_anything_is_made(engine: Engine, database: Database) -> None:
    saved(database, CHILD)

    with pytest.raises(InvalidInput, match=r"other: no such input.*number: must be a whole number"):
        engine.launch(LaunchRequest(workflow="child", input={"number": "x", "other": 1}))


def test_a_workflow_that_is_switched_off_does_not_start(engine: Engine, database: Database) -> None:
    from everyrun.store.versions import set_active

    saved(database, CHILD)
    database.transact(lambda connection: set_active(connection, "child", False, 1))

    with pytest.raises(WorkflowInactive):
        engine.launch(LaunchRequest(workflow="child", input={"number": 1}))
