"""Job types: functions that may be run in the background by a name, as graphs of one node.

Named by the setting ``EVERYRUN_JOBS`` (``name=module:function, …``), which wins, and by installed
packages in the entry-point group ``everyrun.jobs``. A job is an execution of that graph: it waits
for an engine, survives whoever asked for it, and is allowed where ``python`` nodes are.
"""

import logging
import threading
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from inspect import isawaitable
from pathlib import Path
from typing import Any

from everyrun.domain.errors import EveryrunError, SettingsError
from everyrun.domain.graph import InputDefinition, InputType, NodeDefinition, WorkflowDefinition
from everyrun.nodes.python import find_function
from everyrun.tracking.capturing_output import capture_output
from everyrun.tracking.logging_handler import Handler

GROUP = "everyrun.jobs"
"""The entry-point group in which packages name their job types."""

VARIABLE = "EVERYRUN_JOBS"
PERFORM = f"{__name__}:perform"
NODE = "run"
ARGUMENTS = "arguments"
TAG = "job"


class UnknownJobType(EveryrunError, LookupError):
    """There is no job type and no workflow of this name."""

    status_code = 404


class JobTypeTaken(EveryrunError):
    """A workflow has the name of this job type; rename one of them."""

    status_code = 409


def job_types(setting: str) -> dict[str, str]:
    """Name -> ``module:function``, of packages and of the setting. Raises :class:`SettingsError`
    for a setting that cannot be read.
    """
    found = dict(_of_packages())
    for part in setting.split(","):
        if not part.strip():
            continue
        name, equals, function = (piece.strip() for piece in part.partition("="))
        module, colon, attribute = function.partition(":")
        if not (name and equals and module and colon and attribute):
            raise SettingsError(f"{VARIABLE}: {part.strip()!r} is not name=module:function")
        found[name] = function
    return found


@cache
def _of_packages() -> Mapping[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=GROUP)}


def graph_of(name: str, function: str) -> WorkflowDefinition:
    """The graph whose executions are the jobs of a type."""
    return WorkflowDefinition(
        workflow=name,
        description=f"Background job: {function}",
        tags=[TAG],
        inputs={ARGUMENTS: InputDefinition(type=InputType.OBJECT, default={})},
        nodes={
            NODE: NodeDefinition(
                type="python",
                parameters={
                    "function": PERFORM,
                    "arguments": {
                        "function": function,
                        "arguments": f"{{{{ inputs.{ARGUMENTS} }}}}",
                    },
                },
            )
        },
        output=f"{{{{ nodes.{NODE}.output }}}}",
    )


def is_job_graph(definition: Mapping[str, Any]) -> bool:
    """Whether a version's definition is that of a job type, not somebody's own workflow."""
    node = definition.get("nodes", {}).get(NODE, {})
    return bool(node.get("with", {}).get("function") == PERFORM)


def perform(function: str, arguments: Mapping[str, Any]) -> Any:
    """Call a job's function; what it prints and logs goes on record with the job."""
    called = find_function(function, Path.cwd())
    with _on_record():
        result = called(**arguments)
    return _awaited(result) if isawaitable(result) else result


async def _awaited(result: Awaitable[Any]) -> Any:
    with _on_record():
        return await result


@contextmanager
def _on_record() -> Iterator[None]:
    with capture_output(), _HANDLER.listening():
        yield


class _JobHandler(Handler):
    """Hears the standard library's log records while any job runs here."""

    def __init__(self) -> None:
        super().__init__()
        self._jobs = 0
        self._counting = threading.Lock()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen, unless the program has a handler of ours already."""
        root = logging.getLogger()
        with self._counting:
            self._jobs += 1
            if not any(isinstance(each, Handler) for each in root.handlers):
                root.addHandler(self)
        try:
            yield
        finally:
            with self._counting:
                self._jobs -= 1
                if not self._jobs:
                    root.removeHandler(self)


_HANDLER = _JobHandler()
