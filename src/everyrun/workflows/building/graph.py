"""A graph in Python."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from everyrun.domain.graph import InputDefinition, RunPolicy, WorkflowDefinition, to_plain
from everyrun.workflows.building.functions import function_name
from everyrun.workflows.building.nodes import Nodes
from everyrun.workflows.building.references import Value, plainly
from everyrun.workflows.building.spots import Spots, calling_frame, calling_spot
from everyrun.workflows.building.writing import Writer
from everyrun.workflows.checking import Checked, check_value
from everyrun.workflows.problems import InvalidDefinition, Problem

if TYPE_CHECKING:
    from everyrun.store.versions import SavedVersion
    from everyrun.workflows.running import Finished

_TYPES: dict[Any, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "list",
    dict: "object",
    object: "any",
    Any: "any",
}


class Graph(Nodes):
    """A workflow as a graph of nodes.

    ``inputs`` are names and types (``"string"`` or ``str``), or mappings with ``type``,
    ``default``, ``description`` and ``choices``; ``policy`` is a mapping as in a workflow file.
    ``output``, a node or any value, is what an execution gives back. ``directory`` is where
    relative paths start, by default the folder of the file that makes the graph.
    """

    def __init__(
        self,
        name: str,
        *,
        description: str | None = None,
        tags: str | list[str] | tuple[str, ...] = (),
        inputs: Mapping[str, Any] | None = None,
        variables: Mapping[str, Any] | None = None,
        policy: Mapping[str, Any] | RunPolicy | None = None,
        output: Any = None,
        directory: str | Path | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.description = description
        self.tags = [tags] if isinstance(tags, str) else list(tags)
        self.inputs = dict(inputs or {})
        self.variables = dict(variables or {})
        self.policy = policy
        self.output = output
        self.directory = _folder(directory)
        self._spot = calling_spot()

    def input(self, name: str) -> Value:
        """An input of the run, wherever a value is wanted."""
        return Value("inputs")[name]

    def variable(self, name: str) -> Value:
        """A variable of the graph, wherever a value is wanted."""
        return Value("variables")[name]

    @property
    def definition(self) -> WorkflowDefinition:
        """The canonical definition. Raises ``InvalidDefinition`` where it cannot run."""
        checked = self._checked()
        if checked.definition is None:
            raise InvalidDefinition(checked.problems)
        return checked.definition

    def validate(self) -> list[Problem]:
        """Every problem that keeps the graph from running, each with the line of its node."""
        return self._checked().problems

    def save(self, *, by: str | None = None) -> "SavedVersion":
        """Make it the newest version of its workflow, in the ledger that the settings name.

        Raises ``InvalidDefinition``.
        """
        from everyrun.workflows.building.launching import save_definition

        return save_definition(self.definition, by)

    def run(self, inputs: Mapping[str, Any] | None = None, /, **named: Any) -> "Finished":
        """Save it, run it here to its end, and answer how that was: ``status``, ``output`` …

        Ctrl-C cancels the run, a second one kills it. Raises ``InvalidDefinition`` and
        ``InvalidInput``.
        """
        from everyrun.workflows.building.launching import run_definition

        return run_definition(self.definition, {**(inputs or {}), **named})

    def _checked(self) -> Checked:
        spots = Spots(self._spot)
        writer = Writer(lambda function: function_name(function, self.directory), spots)
        written = {
            "workflow": self.name,
            "description": self.description,
            "tags": self.tags,
            "inputs": {name: _input(each) for name, each in self.inputs.items()},
            "variables": plainly(self.variables),
            "policy": _policy(self.policy),
            "nodes": writer.write(self),
            "output": plainly(self.output),
        }
        return check_value(written, directory=str(self.directory), places=spots)


def _folder(given: str | Path | None) -> Path:
    if given is not None:
        return Path(given).resolve()
    file = calling_frame().f_globals.get("__file__")
    return Path.cwd() if file is None else Path(file).resolve().parent


def _input(declared: Any) -> Any:
    if isinstance(declared, InputDefinition):
        return to_plain(declared)
    if isinstance(declared, Mapping):
        return {**declared, "type": _input(declared.get("type"))}
    return _TYPES.get(declared, declared) if declared is not None else None


def _policy(policy: Mapping[str, Any] | RunPolicy | None) -> Any:
    return to_plain(policy) if isinstance(policy, RunPolicy) else plainly(policy)
