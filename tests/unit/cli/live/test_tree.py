"""What is known of a run, told by its events."""

from everyrun.cli.live.tree import LINES_KEPT, RunTree
from everyrun.domain import events
from everyrun.domain.status import Status
from tests.unit.cli.live.telling import BEGAN, RUN, Teller, moment


def _statuses(tree: RunTree) -> dict[str, str]:
    return {node.node: node.status for node in tree.nodes}


def test_planned_nodes_are_pending_before_they_begin() -> None:
    tree = Teller("fetch", "parse").tree

    assert {"fetch": "pending", "parse": "pending"} == _statuses(tree)
    assert (2, 0) == (tree.total(), tree.settled())


def test_a_node_keeps_the_place_that_was_planned_for_it() -> None:
    told = Teller("fetch", "parse").begin("parse", 1).end("parse", 2, began=1)

    assert ["fetch", "parse"] == [node.node for node in told.tree.nodes]
    assert {"fetch": "pending", "parse": "completed"} == _statuses(told.tree)
    assert {"pending": 1, "completed": 1} == {k: v for k, v in told.tree.counts.items() if v}


def test_a_node_runs_from_its_first_attempt_to_its_end() -> None:
    told = Teller("fetch").begin("fetch", 1)
    told.retry("fetch", 3, attempt=1, began=1, error="refused")
    told.begin("fetch", 4, attempt=2).end("fetch", 6, began=4, attempt=2)
    (node,) = told.tree.nodes
    (attempt,) = told.tree.attempts

    assert (Status.COMPLETED, 2, moment(1), 5.0) == (
        node.status,
        node.attempts,
        node.started_at,
        node.duration_seconds,
    )
    assert (1, 2.0, "ConnectError: refused") == (
        attempt.attempt,
        attempt.duration_seconds,
        attempt.error,
    )


def test_between_attempts_a_node_is_retrying() -> None:
    told = Teller("fetch").begin("fetch", 1)
    told.retry("fetch", 3, attempt=1, began=1, error="refused")

    assert {"fetch": "retrying"} == _statuses(told.tree)
    assert 1 == told.tree.counts[Status.RETRYING]


def test_turns_of_a_loop_stand_below_it() -> None:
    told = Teller("each").begin("each", 0)
    told.begin("each.check", 1, iteration="0", parent_node_execution_id="each")
    _each, turn = told.tree.nodes

    assert ("each.check", "0", "each") == (
        turn.node,
        turn.iteration,
        turn.parent_node_execution_id,
    )
    assert 2 == told.tree.total()


def test_what_runs_for_a_node_in_another_execution_stands_below_that_node() -> None:
    told = Teller("child").begin("child", 0)
    told.tell(events.ExecutionStarted, 1, execution_id="inner", parent_node_execution_id="child")
    told.begin("load", 2, execution_id="inner")
    _child, load = told.tree.nodes

    assert ("load", "child") == (load.node, load.parent_node_execution_id)
    assert 1 == told.tree.total()


def test_events_of_strangers_are_let_pass() -> None:
    told = Teller("fetch").begin("other", 1, execution_id="stranger")
    told.tell(events.ExecutionFinished, 2, execution_id="stranger", status=Status.FAILED)

    assert ({"fetch": "pending"}, Status.PENDING) == (_statuses(told.tree), told.tree.status)


def test_progress_is_of_the_current_attempt() -> None:
    told = Teller("fetch").begin("fetch", 0)
    told.tell(
        events.NodeProgressed, 1, node="fetch", node_execution_id="fetch", current=3.0, total=4.0
    )
    (node,) = told.tree.nodes
    reached = (node.progress_current, node.progress_total)
    told.begin("fetch", 2, attempt=2)

    assert (3.0, 4.0) == reached
    assert node.progress_current is None


def test_the_last_log_lines_of_a_failed_node_are_kept() -> None:
    told = Teller("fetch", "parse").begin("fetch", 0).begin("parse", 0)
    for number in range(LINES_KEPT + 2):
        for key in ("fetch", "parse"):
            told.tell(
                events.LineLogged,
                1,
                id=str(number),
                message=f"line {number}",
                node=key,
                node_execution_id=key,
            )
    told.fail("fetch", 2, "broken").end("parse", 2)

    assert tuple(f"line {number}" for number in range(2, 7)) == told.tree.lines_of("fetch")
    assert () == told.tree.lines_of("parse")


def test_an_execution_goes_from_its_start_to_its_end() -> None:
    told = Teller().tell(events.ExecutionStarted, 1)
    while_it_runs = (told.tree.status, told.tree.seconds())
    told.tell(
        events.ExecutionFinished,
        3.5,
        status=Status.FAILED,
        error_type="everyrun.NodeFailed",
        error_message="fetch failed",
        output={"rows": 3},
    )

    assert (Status.RUNNING, None) == while_it_runs
    assert (Status.FAILED, 2.5) == (told.tree.status, told.tree.seconds())
    assert ("NodeFailed: fetch failed", {"rows": 3}) == (told.tree.error, told.tree.output)


def test_what_is_on_record_already_stands_in_its_planned_places() -> None:
    before = Teller("fetch", "parse").begin("fetch", 0).end("fetch", 1, began=0)
    before.begin("parse", 1)
    recorded = list(before.tree.nodes)
    told = Teller(
        tree=RunTree(RUN, "report", BEGAN, ["fetch", "parse", "send"], reversed(recorded))
    )
    told.tell(
        events.NodeLost, 2, node="parse", node_execution_id="parse", reason="its engine is gone"
    )
    lost = _statuses(told.tree)
    told.begin("parse", 3, attempt=2)

    assert {"fetch": "completed", "parse": "lost", "send": "pending"} == lost
    assert ["fetch", "parse", "send"] == [node.node for node in told.tree.nodes]
    assert 1 == told.tree.counts[Status.RUNNING]


def test_failed_nodes_are_told_in_drawing_order() -> None:
    told = Teller("a", "b", "c").fail("c", 1, "no").fail("a", 2, "no").end("b", 3)

    assert ["a", "c"] == [node.node for node in told.tree.failed()]
