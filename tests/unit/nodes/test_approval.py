"""``approval``: who says what, and what follows."""

from typing import Any

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.nodes.approval import Approval, Rejected
from everyrun.nodes.base import Chosen
from everyrun.nodes.deadlines import TimedOut
from everyrun.testing import HandClock, node_context
from everyrun.testing.node_contexts import NodeContext
from tests.support.running_nodes import failure_of, output_of, problem_with

SECOND = 1_000_000
YES = {"approved": True, "comment": "좋아요"}
NO = {"approved": False, "comment": "not yet"}


@pytest.fixture
def context() -> NodeContext:
    return node_context()


def _said(context: NodeContext, data: dict[str, Any], by: str | None = "kim") -> dict[str, Any]:
    return {**data, "by": by, "at": to_datetime(context.now())}


def test_a_yes_completes_it(context: NodeContext) -> None:
    context.tell("answer", YES, by="kim")

    assert _said(context, YES) == output_of(Approval, context, message="Publish?")
    assert ["Publish?"] == context.messages


def test_a_no_fails_it_with_the_comment(context: NodeContext) -> None:
    context.tell("answer", NO, by="kim")
    failure = failure_of(Approval, context, message="Publish?")

    assert (Rejected, "rejected by kim: not yet") == (type(failure), str(failure))
    assert _said(context, NO) == failure.output


def test_a_no_without_words_fails_it(context: NodeContext) -> None:
    context.tell("answer", {"approved": False}, by=None)

    assert "rejected" == str(failure_of(Approval, context, message="Publish?"))


@pytest.mark.parametrize(("data", "branch"), [(YES, "approved"), (NO, "rejected")])
def test_both_are_branches_when_asked(
    context: NodeContext, data: dict[str, Any], branch: str
) -> None:
    context.tell("answer", data, by="kim")

    assert Chosen(branch, _said(context, data)) == output_of(
        Approval, context, message="Publish?", on_reject="branch"
    )


def test_its_branches_are_known_beforehand() -> None:
    assert () == Approval.branches_of({"message": "?"})
    assert ("approved", "rejected") == Approval.branches_of({"on_reject": "branch"})


def test_only_those_who_are_asked_may_answer(context: NodeContext) -> None:
    context.tell("answer", YES, by="mallory")
    context.tell("answer", YES, by=None)
    context.tell("answer", NO, by="lee")
    failure = failure_of(Approval, context, message="Publish?", approvers=["kim", "lee"])

    assert "rejected by lee: not yet" == str(failure)
    assert [
        ("warning", "passed over: the answer of mallory, who is not asked"),
        ("warning", "passed over: the answer of somebody, who is not asked"),
    ] == [(line.level, line.message) for line in context.lines[1:]]


@pytest.mark.parametrize("data", [None, "yes", {}, {"approved": "yes"}, {"approved": None}])
def test_what_says_neither_yes_nor_no_is_passed_over(context: NodeContext, data: Any) -> None:
    context.tell("signal", data)
    context.tell("answer", YES)

    assert output_of(Approval, context, message="Publish?")["approved"]
    assert "passed over: a signal that says neither yes nor no" == context.messages[1]


@pytest.fixture
def late() -> NodeContext:
    """A node that began an hour ago."""
    clock = HandClock()
    return node_context(clock=clock, first_started_at=clock.now() - 3600 * SECOND)


def test_no_answer_in_time_is_a_failure(late: NodeContext) -> None:
    failure = failure_of(Approval, late, message="Publish?", at_most="59m")

    assert (TimedOut, "nobody answered in time") == (type(failure), str(failure))


def test_no_answer_in_time_may_mean_yes_or_no(late: NodeContext) -> None:
    parameters = {"message": "Publish?", "at_most": "59m"}
    approved = output_of(Approval, late, **parameters, on_timeout="approve")
    rejected = failure_of(Approval, late, **parameters, on_timeout="reject")

    assert (True, None, "nobody answered in time") == (
        approved["approved"],
        approved["by"],
        approved["comment"],
    )
    assert "rejected: nobody answered in time" == str(rejected)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "parameter 'message' is missing"),
        ({"message": " "}, "parameter 'message' is empty"),
        ({"message": "?", "approvers": "kim"}, "parameter 'approvers' must be a list"),
        ({"message": "?", "on_reject": "stop"}, "parameter 'on_reject' cannot be 'stop'"),
        ({"message": "?", "at_most": "x"}, "parameter 'at_most': 'x' is no span of time"),
        ({"message": "?", "on_timeout": "approve"}, "parameter 'on_timeout' needs 'at_most'"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    assert sentence in problem_with(Approval, parameters)


def test_what_edges_depend_on_is_no_template() -> None:
    problems = Approval.problems_of({"message": "{{ a }}", "on_reject": "{{ b }}"})

    assert ["on_reject"] == [parameter for parameter, _ in problems]
