"""The canonical form of a definition, and its digest."""

from hypothesis import given

from everyrun.domain.graph import (
    Edge,
    NodeDefinition,
    Retry,
    WorkflowDefinition,
    digest_of,
    from_plain,
    to_plain,
)
from tests.support.definitions import definitions


def _with(node: NodeDefinition) -> WorkflowDefinition:
    return WorkflowDefinition(workflow="w", nodes={"a": node})


@given(definitions)
def test_the_canonical_form_is_the_definition(definition: WorkflowDefinition) -> None:
    back = from_plain(to_plain(definition))

    assert definition == back
    assert digest_of(definition) == digest_of(back)


def test_a_default_that_is_spelled_out_changes_no_digest() -> None:
    spelled_out = "".join(["succ", "ess"])
    plainly = NodeDefinition(type="x", needs=[Edge(node="b")], retry=Retry())
    in_full = NodeDefinition(
        type="x",
        needs=[Edge(node="b", outcome=spelled_out)],
        retry=Retry(delay=float("1"), jitter=float("0.1"), on=[]),
        parameters={},
    )

    assert to_plain(_with(plainly)) == to_plain(_with(in_full))
    assert digest_of(_with(plainly)) == digest_of(_with(in_full))


def test_nothing_is_written_that_is_a_default() -> None:
    assert {"workflow": "w", "nodes": {"a": {"type": "x"}}} == to_plain(
        _with(NodeDefinition(type="x"))
    )
