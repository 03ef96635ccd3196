"""An engine takes graphs to their end, and the record tells it as it was."""

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.workflows.running import Engine
from tests.support import graph_functions
from tests.support.graphs import ran

FUNCTIONS = "tests.support.graph_functions"


def test_a_chain_runs_in_order_and_hands_its_outputs_on(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: sums
        inputs: {{start: integer}}
        nodes:
          one:
            type: python
            with:
              function: "{FUNCTIONS}:add"
              arguments: {{one: "{{{{ inputs.start }}}}", other: 1}}
          two:
            needs: one
            type: python
            with:
              function: "{FUNCTIONS}:add"
              arguments: {{one: "{{{{ nodes.one.output }}}}", other: 10}}
        output: "{{{{ nodes.two.output }}}}"
        """,
        start=5,
    )

    assert Status.COMPLETED == run.finished.status
    assert 16 == run.finished.output
    assert {"one": 6, "two": 16} == run.outputs()
    assert (run.rows["one"].ended_at or 0) <= (run.rows["two"].started_at or 0)


def test_a_failure_fails_the_execution_and_skips_what_needs_it(
    engine: Engine, database: Database
) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: breaks
        nodes:
          broken: {{type: python, with: {{function: "{FUNCTIONS}:fail"}}}}
          after: {{needs: broken, type: python, with: {{function: "{FUNCTIONS}:nothing"}}}}
          apart: {{type: python, with: {{function: "{FUNCTIONS}:nothing"}}}}
          mourn: {{needs: {{broken: failure}}, type: set, with: {{values: {{sad: true}}}}}}
          always: {{needs: {{after: always}}, type: set, with: {{values: {{x: 1}}}}}}
        """,
    )

    assert Status.COMPLETED == run.finished.status  # its failure was handled
    assert {
        "broken": "failed",
        "after": "skipped",
        "apart": "completed",
        "mourn": "completed",
        "always": "completed",
    } == run.statuses()
    assert "ValueError" == run.rows["broken"].error_type
    assert "it broke" == run.rows["broken"].error_message


def test_a_failure_nobody_handles_names_the_node(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: breaks
        nodes:
          broken: {{type: python, with: {{function: "{FUNCTIONS}:fail"}}}}
        """,
    )

    assert Status.FAILED == run.finished.status
    assert "broken failed: it broke" == run.finished.error_message


def test_retries_are_attempts_on_record(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: shaky
        nodes:
          shaky:
            type: python
            retry: {{max_retries: 2, delay: 10ms, on: [ConnectionError]}}
            with: {{function: "{FUNCTIONS}:fail_first", arguments: {{times: 2, name: shaky}}}}
        """,
    )

    assert Status.COMPLETED == run.finished.status
    assert 3 == run.rows["shaky"].attempt
    assert 3 == graph_functions.CALLS.count("shaky")


def test_each_item_is_a_row_of_its_own(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: loops
        nodes:
          each:
            type: for_each
            with: {{items: [3, 4, 5], parallel: 2}}
            do:
              double:
                type: python
                with:
                  function: "{FUNCTIONS}:add"
                  arguments: {{one: "{{{{ item }}}}", other: "{{{{ item }}}}"}}
              more:
                needs: double
                type: set
                with: {{values: {{twice: "{{{{ nodes.double.output }}}}", at: "{{{{ index }}}}"}}}}
        """,
    )

    assert Status.COMPLETED == run.finished.status
    assert [{"twice": 6, "at": 0}, {"twice": 8, "at": 1}, {"twice": 10, "at": 2}] == run.rows[
        "each"
    ].output
    assert {"each", "each.double[0]", "each.more[2]"} <= run.rows.keys()
    assert run.rows["each"].id == run.rows["each.double[1]"].parent_node_execution_id


def test_a_condition_chooses(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        """
        workflow: choice
        nodes:
          check: {type: condition, with: {if: "{{ 2 > 1 }}"}}
          yes: {needs: {check: true}, type: set, with: {values: {a: 1}}}
          no: {needs: {check: false}, type: set, with: {values: {a: 2}}}
        """,
    )

    assert {"check": "completed", "yes": "completed", "no": "skipped"} == run.statuses()


def test_templates_know_the_execution_that_they_are_in(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        """
        workflow: knows itself
        nodes:
          tell:
            type: set
            with:
              values:
                id: "{{ execution.id }}"
                workflow: "{{ execution.workflow }}"
                year: "{{ execution.started_at.year }}"
        """,
    )

    told = run.rows["tell"].output
    assert {"id": run.finished.execution_id, "workflow": "knows itself"} == {
        "id": told["id"],
        "workflow": told["workflow"],
    }
    assert told["year"] >= 2026
