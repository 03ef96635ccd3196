"""What runs at once, what may run, and where it runs."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running import Engine
from tests.support import graph_functions
from tests.support.graphs import ran, saved

FUNCTIONS = "tests.support.graph_functions"
COUNTS = f"{{type: python, with: {{function: '{FUNCTIONS}:count_at_once'}}"


def test_an_execution_runs_so_many_nodes_at_once(engine: Engine, database: Database) -> None:
    nodes = "\n".join(f"  n{number}: {COUNTS}}}" for number in range(6))
    ran(engine, database, f"workflow: wide\npolicy: {{concurrency: 2}}\nnodes:\n{nodes}\n")

    assert 2 == graph_functions.AT_ONCE[1]


def test_a_key_is_shared_by_all_executions(engine: Engine, database: Database) -> None:
    key = "concurrency: {key: 'api {{ inputs.name }}', limit: 1}"
    nodes = "\n".join(f"  n{number}: {COUNTS}, {key}}}" for number in range(3))
    saved(database, f"workflow: keyed\ninputs: {{name: string}}\nnodes:\n{nodes}\n")
    request = LaunchRequest(workflow="keyed", input={"name": "one"})
    ids = [engine.launch(request).execution_id for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        finished = list(pool.map(engine.run, ids))

    assert {Status.COMPLETED} == {each.status for each in finished}
    assert 1 == graph_functions.AT_ONCE[1]


def test_a_node_type_that_is_not_allowed_does_not_run(engine: Engine, database: Database) -> None:
    careful = Engine(database, replace(engine.settings, node_types="set, condition"))
    run = ran(
        careful,
        database,
        f"""
        workflow: careful
        nodes:
          code: {{type: python, with: {{function: "{FUNCTIONS}:say"}}}}
        """,
    )
    careful.close()

    assert "node type python may not run here" in str(run.rows["code"].error_message)
    assert [] == graph_functions.CALLS


def test_a_node_runs_in_a_process_of_its_own_on_request(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        """
        workflow: apart
        nodes:
          pid: {type: python, in_process: true, with: {function: "os:getpid"}}
          raises:
            type: python
            in_process: true
            with: {function: "os:fspath", arguments: {path: 1}}
          ends:
            type: python
            in_process: true
            with: {function: "os:_exit", arguments: {status: 3}}
          stuck:
            type: python
            in_process: true
            timeout: 2s
            with: {function: "signal:pause"}
        """,
    )

    assert os.getpid() != run.rows["pid"].output
    assert "TypeError" == run.rows["raises"].error_type
    assert "the process of this node exited with code 3" == run.rows["ends"].error_message
    assert "did not end within 2 s" == run.rows["stuck"].error_message


def test_what_one_node_changes_another_does_not_see(engine: Engine, database: Database) -> None:
    rows = 'arguments: {rows: "{{ nodes.make.output }}"}'
    run = ran(
        engine,
        database,
        f"""
        workflow: shares
        nodes:
          make: {{type: python, with: {{function: "{FUNCTIONS}:say", arguments: {{text: [1, 2]}}}}}}
          one: {{needs: make, type: python, with: {{function: "{FUNCTIONS}:change", {rows}}}}}
          two: {{needs: one, type: python, with: {{function: "{FUNCTIONS}:change", {rows}}}}}
        """,
    )

    assert [1, 2, 99] == run.rows["one"].output == run.rows["two"].output
