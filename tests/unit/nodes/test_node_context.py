"""The context that node types are tested with."""

import asyncio
import threading
from pathlib import Path

from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Answer, Context
from everyrun.testing import HandClock, node_context


class Greet(NodeType):
    """Say hello."""

    who: str = "world"

    def run(self, context: Context) -> str:
        """Say it."""
        context.log("info", f"greeting {self.who}", politely=True)
        context.progress(1, 2, "half")
        return f"Hello {self.who}"


class Ask(NodeType):
    """Ask somebody."""

    async def run(self, context: Context) -> Answer:
        """Wait for the answer."""
        return await context.answer()


def test_a_node_type_is_run_as_it_is() -> None:
    context = node_context()

    assert "Hello Kim" == Greet(who="Kim").run(context)
    assert ["greeting Kim"] == context.messages
    assert {"politely": True} == context.lines[0].data
    assert (1, 2, "half") == context.reached[0]


def test_it_knows_where_and_when(tmp_path: Path) -> None:
    clock = HandClock()
    context = node_context(tmp_path, clock=clock, attempt=2)
    clock.forward(seconds=1)

    assert tmp_path == context.directory
    assert 1_000_000 == context.now() - context.first_started_at
    assert 2 == context.attempt


def test_it_stops_whoever_asked_to_be_told() -> None:
    context, told = node_context(), []
    context.on_stop(lambda: told.append("before"))
    context.stop()
    context.on_stop(lambda: told.append("after"))

    assert ["before", "after"] == told
    assert context.stopping


def test_an_answer_given_before_the_question_is_kept() -> None:
    context = node_context()
    context.tell("answer", {"approved": True}, by="kim")
    answer = asyncio.run(Ask().run(context))

    assert ("answer", {"approved": True}, "kim") == (answer.action, answer.data, answer.asked_by)


def test_an_answer_reaches_a_node_that_waits() -> None:
    context, answers = node_context(), []
    thread = threading.Thread(target=lambda: answers.append(asyncio.run(Ask().run(context))))
    thread.start()
    while not context.is_awaiting_answer:
        thread.join(0.001)
    context.tell("signal", 3)
    thread.join(10)

    assert [3] == [answer.data for answer in answers]
