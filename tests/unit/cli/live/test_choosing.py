"""Which nodes are drawn while there is not room for all."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.cli.live.choosing import what_fits, worth_seeing
from everyrun.cli.node_tree import arrange
from everyrun.domain.status import Status
from everyrun.domain.views.nodes import NodeSummary
from tests.unit.cli.live.telling import moment


def node(
    id_: str,
    status: str = Status.COMPLETED,
    parent: str | None = None,
    ended: float | None = None,
) -> NodeSummary:
    return NodeSummary(
        id=id_,
        node=id_,
        node_type=None,
        status=status,
        attempts=1,
        execution_order=None,
        parent_node_execution_id=parent,
        iteration=None,
        started_at=None,
        ended_at=None if ended is None else moment(ended),
        duration_seconds=None,
        progress_current=None,
        progress_total=None,
        progress_message=None,
        error=None,
        lost_reason=None,
    )


def one_line(_node: NodeSummary) -> int:
    return 1


def test_all_are_drawn_where_there_is_room() -> None:
    assert what_fits([node("a"), node("b")], 2, one_line) is None


def test_what_runs_comes_before_what_failed_before_what_ended_before_what_waits() -> None:
    nodes = [
        node("waits", Status.PENDING),
        node("early", ended=1),
        node("late", ended=2),
        node("failed", Status.FAILED, ended=1),
        node("runs", Status.RUNNING),
    ]

    assert ["runs", "failed", "late", "early", "waits"] == [each.id for each in worth_seeing(nodes)]


def test_what_works_comes_before_the_loop_that_waits_for_it() -> None:
    nodes = [node("loop", Status.RUNNING), node("turn", Status.RUNNING, "loop")]

    assert ["turn", "loop"] == [each.id for each in worth_seeing(nodes)]


def test_the_loops_around_a_node_are_drawn_with_it() -> None:
    nodes = [
        *(node(f"done{number}", ended=number) for number in range(10)),
        node("loop", Status.RUNNING),
        node("turn", Status.RUNNING, "loop"),
    ]

    assert {"loop", "turn"} == what_fits(nodes, 4, one_line)


def test_lines_below_a_node_count() -> None:
    nodes = [node("tall", Status.RUNNING), *(node(str(number)) for number in range(9))]
    kept = what_fits(nodes, 5, lambda each: 3 if each.id == "tall" else 1)

    assert {"tall", "0"} == kept


def test_a_node_that_is_too_tall_leaves_its_room_to_others() -> None:
    nodes = [node("tall", Status.RUNNING), node("low", Status.RUNNING), node("x"), node("y")]
    kept = what_fits(nodes, 3, lambda each: 9 if each.id == "tall" else 1)

    assert {"low", "x"} == kept


@st.composite
def forests(draw: st.DrawFn) -> list[NodeSummary]:
    statuses = st.sampled_from([each.value for each in Status])
    nodes: list[NodeSummary] = []
    for number in range(draw(st.integers(0, 40))):
        parents = st.sampled_from([None, *(each.id for each in nodes)])
        nodes.append(node(f"n{number}", draw(statuses), draw(parents), ended=float(number)))
    return nodes


@given(forests(), st.integers(1, 30))
def test_what_is_chosen_never_takes_more_lines_than_there_are(
    nodes: list[NodeSummary], room: int
) -> None:
    rows = arrange(nodes, what_fits(nodes, room, one_line))

    assert len(rows) <= room
