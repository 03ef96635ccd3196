"""Nodes that contain others: for each item of a list, again until, and another workflow."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from everyrun.domain.errors import EveryrunError
from everyrun.domain.payloads import CapturedError
from everyrun.nodes.for_each import ForEach
from everyrun.nodes.repeat import Repeat
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.workflows.running.activities import Activity, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.outputs import flowing
from everyrun.workflows.running.scopes import Scope

if TYPE_CHECKING:
    from everyrun.workflows.running.run import Run

NAMED_FAILURES = 5
"""Failed turns that an error names; more are counted."""


class Loop(Protocol):
    """What the turns of a loop know of it."""

    activity: Activity
    stopped: bool

    def begin(self) -> None:
        """Open the first turns."""
        ...

    def turn_ended(self, scope: Scope) -> None:
        """All nodes of a turn have settled."""
        ...


class _Looping:
    """What both loops do: open turns, and give back what came of them."""

    def __init__(self, run: "Run", activity: Activity) -> None:
        self.run = run
        self.activity = activity
        self.stopped = False

    def begin(self) -> None:
        """Open the first turns."""
        raise NotImplementedError

    def turn_ended(self, scope: Scope) -> None:
        """All nodes of a turn have settled."""
        raise NotImplementedError

    def _turn(self, index: int, names: Mapping[str, Any]) -> Scope:
        outer = self.activity.scope
        body = self.activity.prepared.body
        assert body is not None
        label = str(index) if outer.label is None else f"{outer.label}/{index}"
        return Scope(
            body,
            {**outer.names, "index": index, **names},
            results=self.run.past.results(body, label),
            outer=outer,
            loop=self,
            label=label,
            index=index,
        )

    def _complete(self, output: Any) -> None:
        self.run.end(self.activity, Returned(*flowing(self.run.output_capturer, output)))

    def _fail(self, message: str, output: Any = None) -> None:
        plain = None if output is None else self.run.output_capturer.plain(output)
        error = CapturedError("everyrun.LoopFailed", message, "")
        self.run.end(self.activity, Failure(error, frozenset({"LoopFailed"}), plain))


class EachItem(_Looping):
    """One turn for each item, so many at once."""

    def __init__(self, run: "Run", activity: Activity, node: ForEach) -> None:
        super().__init__(run, activity)
        self._items = list(node.items)
        self._at_once = node.parallel or run.turns_at_once
        self._stop_on_failure = node.stop_on_failure
        self._next = 0
        self._open = 0
        self._outputs: list[Any] = [None] * len(self._items)
        self._failed: list[int] = []
        self._opening = False

    def begin(self) -> None:
        """Open the first turns."""
        self._go_on()

    def turn_ended(self, scope: Scope) -> None:
        """A turn is through: the next one, or the end."""
        self._open -= 1
        self._take(scope)
        self._go_on()

    def _take(self, scope: Scope) -> None:
        self._outputs[scope.index] = scope.output()
        if scope.plan.failures():
            self._failed.append(scope.index)
        done = self._next - self._open
        self.activity.progress(done, len(self._items))

    def _go_on(self) -> None:
        if self._opening:  # a turn that was over before it began; the loop below goes on
            return
        self._opening = True
        while self._has_more() and self._open < self._at_once:
            scope = self._turn(self._next, {"item": self._items[self._next]})
            self._next += 1
            self._open += 1
            self.run.open(scope)
        self._opening = False
        if not self._open and not self._has_more() and not self.stopped:
            self._finish()

    def _has_more(self) -> bool:
        broken = self._stop_on_failure and self._failed
        return self._next < len(self._items) and not broken and not self.stopped

    def _finish(self) -> None:
        if not self._failed:
            self._complete(self._outputs)
            return
        self._failed.sort()
        named = ", ".join(str(index) for index in self._failed[:NAMED_FAILURES])
        more = len(self._failed) - NAMED_FAILURES
        message = f"{len(self._failed)} of {len(self._items)} items failed: {named}"
        message += f" and {more} more" if more > 0 else ""
        left = len(self._items) - self._next
        message += f"; {left} were not begun" if left else ""
        self._fail(message, self._outputs)


class UntilDone(_Looping):
    """One turn after the other until a condition holds."""

    def __init__(self, run: "Run", activity: Activity, node: Repeat) -> None:
        super().__init__(run, activity)
        self._node = node
        self._index = 0
        self._previous: Any = None
        self._ended: Scope | None = None
        self._opening = False

    def begin(self) -> None:
        """Open the first turn."""
        self._open_turns()

    def turn_ended(self, scope: Scope) -> None:
        """Whether that was the last turn, and else the next one."""
        if self._opening:  # over before it began: the loop below goes on
            self._ended = scope
        elif not self.stopped and not self._is_over(scope):
            self._go_on()

    def _go_on(self) -> None:
        self._index += 1
        if self._node.delay:
            self.run.timers.after(self._node.delay, self._open_turns)
        else:
            self._open_turns()

    def _open_turns(self) -> None:
        """Open a turn; and further ones while they are over at once, as they are on record."""
        while not self.stopped:
            ended = self._open_turn()
            if ended is None or self._is_over(ended):
                return
            self._index += 1
            left = self._rest_of_delay(ended)
            if left > 0:
                self.run.timers.after(left, self._open_turns)
                return

    def _rest_of_delay(self, ended: Scope) -> float:
        """Seconds that are left of the pause after a turn that is on record."""
        keys = [prepared.key for prepared in ended.graph.nodes.values()]
        ended_at = self.run.past.ended_at(keys, ended.label)
        if not self._node.delay or ended_at is None:
            return self._node.delay
        return self._node.delay - (self.run.equipment.clock.now() - ended_at) / 1e6

    def _open_turn(self) -> Scope | None:
        """Open a turn; answers it when it is over already."""
        self._ended, self._opening = None, True
        self.run.open(self._turn(self._index, {"previous": self._previous}))
        self._opening = False
        return self._ended

    def _is_over(self, scope: Scope) -> bool:
        output = scope.output()
        self._previous = output
        self.activity.progress(self._index + 1)
        if scope.plan.failures():
            self._fail(f"turn {self._index} failed")
            return True
        try:
            enough = bool(self.activity.prepared.evaluate(self._node.until, scope.names))
        except EveryrunError as error:
            self._fail(str(error))
            return True
        if enough:
            self._complete(output)
            return True
        if self._index + 1 >= self._node.max_turns:
            self._fail(f"did not come to an end in {self._node.max_turns} turns", output)
            return True
        return False


class AnotherWorkflow:
    """An execution of another workflow, run here as a child."""

    stopped = False

    def __init__(self, run: "Run", activity: Activity, node: SubWorkflow) -> None:
        self.run = run
        self.activity = activity
        self._node = node

    def begin(self) -> None:
        """Launch the child, or go on with the one that is on record."""
        self.run.begin_child(self.activity, self._node)

    def turn_ended(self, scope: Scope) -> None:
        """It has no turns."""
        raise AssertionError(scope)
