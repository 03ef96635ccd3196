"""Executions that a server runs, watched to their end by asking what has changed."""

from typing import TYPE_CHECKING, Self

from everyrun.cli import terminal
from everyrun.cli.exits import ExitCode
from everyrun.cli.following import outlasting
from everyrun.cli.ledgers.there.patience import Pace
from everyrun.cli.ledgers.there.polled import Polled
from everyrun.cli.ledgers.there.signals import Watching
from everyrun.cli.live.telling import tell_of_end
from everyrun.cli.live.tree import RunTree
from everyrun.cli.live.views import view_for
from everyrun.cli.messages import say
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import SETTLED

if TYPE_CHECKING:
    from collections.abc import Collection

    from everyrun.cli.ledgers.ports import RunRequest
    from everyrun.client import Client
    from everyrun.domain.views.controlling import RerunRequest
    from everyrun.domain.views.executions import ExecutionDetail
    from everyrun.domain.views.nodes import EarlierAttempt


class RunsThere:
    """Has a server run executions, and shows them as the options of the command ask for.

    Each method answers the exit code that says how it ended.
    """

    def __init__(self, client: "Client", *, quiet: bool, as_json: bool) -> None:
        self._client = client
        self._quiet = quiet or as_json
        self._as_json = as_json

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """What runs, goes on."""

    def launch(self, request: "RunRequest") -> int:
        """Run a workflow."""
        with Watching() as watching:
            started = self._client.executions.start(
                request.workflow, request.input, version=request.version, tags=request.tags
            )
            return self._watch(watching, started.id, started.reason)

    def rerun(self, execution_id: str, request: "RerunRequest") -> int:
        """Run an execution again."""
        preview = self._client.executions.preview_rerun(
            execution_id,
            request.mode,
            nodes=request.nodes,
            inputs=request.inputs,
            edits=request.edits,
        )
        reused = frozenset(each.node for each in preview.reused)
        with Watching() as watching:
            started = self._client.executions.rerun(
                execution_id,
                request.mode,
                nodes=request.nodes,
                inputs=request.inputs,
                edits=request.edits,
            )
            return self._watch(watching, started.id, started.reason, reused)

    def go_on(self, execution_id: str) -> int:
        """Watch an execution that is on record."""
        with Watching() as watching:
            return self._watch(watching, execution_id)

    def _watch(
        self,
        watching: Watching,
        execution_id: str,
        reason: str | None = None,
        reused: "Collection[str]" = (),
    ) -> int:
        watching.follow(lambda kill: self._stop(execution_id, kill=kill))
        detail = self._client.executions.get(execution_id)
        tree = RunTree(detail.id, detail.workflow, detail.created_at, self._planned(detail))
        tree.waits_for = reason
        polled = Polled(self._read_attempts, reused)
        view = view_for(tree, quiet=self._quiet)
        pace = Pace(watching.pause)
        while True:
            told = polled.changes(detail)
            tree.feed(told)
            shown = [event for event in told if not polled.is_reused(event)]
            view.show(shown, _hint(watching.asked))
            if detail.status in SETTLED:
                break
            if watching.leaves():
                view.end()
                terminal.aside(say("run_goes_on", id=execution_id))
                return watching.exit_code or ExitCode.INTERRUPTED
            pace.wait(moved=bool(told))
            detail = outlasting(lambda: self._client.executions.get(execution_id), watching.pause)
        view.end()
        signalled = watching.exit_code
        version = None if detail.graph is None else detail.graph.version
        return tell_of_end(tree, version, None, as_json=self._as_json, signalled=signalled)

    def _read_attempts(self, execution_id: str) -> "list[EarlierAttempt]":
        return self._client.executions.attempts(execution_id).items

    def _planned(self, detail: "ExecutionDetail") -> list[str]:
        if detail.graph is None:
            return []
        version = self._client.workflows.version(
            detail.workflow, detail.graph.version, form="canonical"
        )
        return list(version.definition["nodes"])

    def _stop(self, execution_id: str, *, kill: bool) -> None:
        try:
            self._client.executions.cancel(execution_id, kill=kill, reason="Ctrl-C")
        except EveryrunError:  # settled a moment ago, or the server is away: the next answer says
            return


def _hint(asked: int) -> str:
    if not asked:
        return ""
    return say("killing" if asked > 1 else "cancelling")
