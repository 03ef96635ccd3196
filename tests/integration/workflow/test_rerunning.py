"""Reruns take over what completed, run the rest again, and say so beforehand."""

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.workflows.rerunning import Mode, preview, rerun
from everyrun.workflows.running import Engine
from tests.support import graph_functions
from tests.support.graphs import ran, rows_of

FUNCTIONS = "tests.support.graph_functions"
SHAKY = f"""
workflow: shaky
inputs: {{text: {{type: string, default: hello}}}}
nodes:
  first:
    type: python
    with: {{function: "{FUNCTIONS}:say", arguments: {{text: "{{{{ inputs.text }}}}"}}}}
  apart: {{type: python, with: {{function: "{FUNCTIONS}:say", arguments: {{text: apart}}}}}}
  broken:
    needs: first
    type: python
    with: {{function: "{FUNCTIONS}:fail_first", arguments: {{times: 1, name: broken}}}}
  last:
    needs: [broken, first]
    type: python
    with: {{function: "{FUNCTIONS}:say", arguments: {{text: "{{{{ nodes.first.output }}}}!"}}}}
output: "{{{{ nodes.last.output }}}}"
"""


def test_a_rerun_from_the_failed_node_takes_the_rest_over(
    engine: Engine, database: Database
) -> None:
    run = ran(engine, database, SHAKY)
    origin = run.finished.execution_id
    plan = preview(database, origin, Mode.FAILED)

    assert Status.FAILED == run.finished.status
    assert ["first", "apart"] == [each.node for each in plan.reused]
    assert [("broken", "did not complete"), ("last", "needs broken")] == plan.run
    graph_functions.CALLS[:] = ["broken"]
    again = rerun(database, origin, Mode.FAILED, by="me", owner=engine.owner)
    finished = engine.run(again.execution_id)

    assert (Status.COMPLETED, "hello!") == (finished.status, finished.output)
    assert ["broken", "broken", "hello!"] == graph_functions.CALLS
    with database.reading() as connection:
        assert origin == read_execution(connection, again.execution_id).origin_execution_id
    assert {"first", "apart", "broken", "last"} == rows_of(database, again.execution_id).keys()


def test_a_chosen_node_runs_again_with_an_edit(engine: Engine, database: Database) -> None:
    graph_functions.CALLS.append("broken")
    origin = ran(engine, database, SHAKY).finished.execution_id
    edits = {"last": {"arguments": {"text": "edited"}}}
    plan = preview(database, origin, Mode.FROM_NODES, edits=edits)

    assert ["last"] == [each.node for each in plan.run]
    again = rerun(database, origin, Mode.FROM_NODES, edits=edits, owner=engine.owner)
    assert "edited" == engine.run(again.execution_id).output


def test_a_changed_input_runs_what_reads_it_again(engine: Engine, database: Database) -> None:
    graph_functions.CALLS.append("broken")
    origin = ran(engine, database, SHAKY).finished.execution_id
    again = rerun(database, origin, Mode.FAILED, inputs={"text": "other"}, owner=engine.owner)

    assert "other!" == engine.run(again.execution_id).output


def test_only_the_turns_of_a_loop_that_failed_run_again(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: loops
        nodes:
          each:
            type: for_each
            with: {{items: [a, b, c]}}
            do:
              work:
                type: python
                with:
                  function: "{FUNCTIONS}:fail_first"
                  arguments: {{times: "{{{{ 1 if item == 'b' else 0 }}}}", name: "{{{{ item }}}}"}}
        """,
    )
    origin = run.finished.execution_id
    plan = preview(database, origin, Mode.FAILED)

    assert "1 of 3 items failed: 1" == run.rows["each"].error_message
    assert ["each.work[0]", "each.work[2]"] == [each.node for each in plan.reused]
    again = rerun(database, origin, Mode.FAILED, owner=engine.owner)
    assert Status.COMPLETED == engine.run(again.execution_id).status
    assert ["a", "b", "b", "c"] == sorted(graph_functions.CALLS)


def test_a_node_whose_output_is_gone_runs_again_when_it_is_needed(
    engine: Engine, database: Database
) -> None:
    text = f"""
    workflow: objects
    nodes:
      make: {{type: python, with: {{function: "{FUNCTIONS}:give_object"}}}}
      use:
        needs: make
        type: python
        with:
          function: "{FUNCTIONS}:is_lock"
          arguments: {{value: "{{{{ nodes.make.output }}}}"}}
    """
    run = ran(engine, database, text)
    plan = preview(database, run.finished.execution_id, Mode.FROM_NODES, nodes=["use"])

    assert run.rows["use"].output is True
    assert {"make", "use"} == {each.node for each in plan.run}
