"""Loops: turns, limits, ends."""

from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.workflows.running import Engine
from tests.support import graph_functions
from tests.support.graphs import ran

FUNCTIONS = "tests.support.graph_functions"


def test_no_items_are_no_turns(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        """
        workflow: loops
        nodes:
          each:
            type: for_each
            with: {items: []}
            do: {x: {type: set, with: {values: {a: 1}}}}
        """,
    )

    assert Status.COMPLETED == run.finished.status
    assert [] == run.rows["each"].output


def test_so_many_turns_at_once_and_no_more(engine: Engine, database: Database) -> None:
    ran(
        engine,
        database,
        f"""
        workflow: loops
        nodes:
          each:
            type: for_each
            with: {{items: "{{{{ range(8) | list }}}}", parallel: 2}}
            do: {{x: {{type: python, with: {{function: "{FUNCTIONS}:count_at_once"}}}}}}
        """,
    )

    assert 2 == graph_functions.AT_ONCE[1]


def test_a_failed_turn_leaves_the_others_alone_unless_told_otherwise(
    engine: Engine, database: Database
) -> None:
    text = f"""
        workflow: loops
        nodes:
          each:
            type: for_each
            with: {{items: [1, 0, 2, 3], parallel: 1, stop_on_failure: STOP}}
            do:
              check:
                type: python
                with:
                  function: "{FUNCTIONS}:{{{{ 'say' if item else 'fail' }}}}"
        """
    whole = ran(engine, database, text.replace("STOP", "false"))
    broken_off = ran(engine, database, text.replace("STOP", "true"))

    assert "1 of 4 items failed: 1" == whole.rows["each"].error_message
    assert ["said", None, "said", "said"] == whole.rows["each"].output
    assert "1 of 4 items failed: 1; 2 were not begun" == broken_off.rows["each"].error_message


def test_loops_in_loops_have_labels_of_their_own(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        """
        workflow: loops
        nodes:
          outer:
            type: for_each
            with: {items: [[1, 2], [3]]}
            do:
              inner:
                type: for_each
                with: {items: "{{ item }}"}
                do: {value: {type: set, with: {values: {v: "{{ item * 10 }}"}}}}
        """,
    )

    assert [[{"v": 10}, {"v": 20}], [{"v": 30}]] == run.rows["outer"].output
    assert {"outer.inner[0]", "outer.inner.value[0/1]", "outer.inner.value[1/0]"} <= run.rows.keys()


def test_again_until_it_is_enough(engine: Engine, database: Database) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: loops
        nodes:
          poll:
            type: repeat
            with: {{until: "{{{{ nodes.sum.output >= 3 }}}}", max_turns: 9, delay: 1ms}}
            do:
              sum:
                type: python
                with:
                  function: "{FUNCTIONS}:add"
                  arguments: {{one: "{{{{ previous or 0 }}}}", other: 1}}
          never:
            type: repeat
            with: {{until: "{{{{ false }}}}", max_turns: 2}}
            do: {{x: {{type: set, with: {{values: {{a: 1}}}}}}}}
        """,
    )

    assert 3 == run.rows["poll"].output
    assert {"poll.sum[0]", "poll.sum[1]", "poll.sum[2]"} <= run.rows.keys()
    assert "did not come to an end in 2 turns" == run.rows["never"].error_message


def test_a_loop_whose_time_is_out_takes_its_turns_with_it(
    engine: Engine, database: Database
) -> None:
    run = ran(
        engine,
        database,
        f"""
        workflow: loops
        nodes:
          each:
            type: for_each
            timeout: 200ms
            with: {{items: [1, 2]}}
            do: {{x: {{type: python, with: {{function: "{FUNCTIONS}:hold_async"}}}}}}
          after: {{needs: {{each: failure}}, type: set, with: {{values: {{a: 1}}}}}}
        """,
    )

    assert {
        "each": "failed",
        "each.x[0]": "cancelled",
        "each.x[1]": "cancelled",
        "after": "completed",
    } == run.statuses()
