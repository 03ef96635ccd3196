"""A definition made ready to be run: node types found, what is no template built once."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from inspect import iscoroutinefunction
from typing import Any, NamedTuple

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import PATH_SEPARATOR, NodeDefinition
from everyrun.nodes import catalogue
from everyrun.nodes.base import BadParameters, NodeType
from everyrun.nodes.for_each import ForEach
from everyrun.nodes.repeat import Repeat
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.workflows.planning import dependents_of
from everyrun.workflows.running.ordering import longest_paths
from everyrun.workflows.templates import Templates, is_template


class CannotRun(EveryrunError):
    """This definition cannot be run here."""

    status_code = 422


class Lane(Enum):
    """Which places a node takes while it runs: a thread's, a task's, or none that is counted."""

    THREAD = "thread"
    TASK = "task"
    FREE = "free"

    # Members are one of a kind. Enum hashes their names instead, which a chain feels.
    __hash__ = object.__hash__


class _Kind(NamedTuple):
    """What is to be known of a node type, whatever its parameters."""

    is_loop: bool
    is_structure: bool
    is_async: bool


@cache
def _kind_of(node_type: type[NodeType]) -> _Kind:
    is_loop = issubclass(node_type, ForEach | Repeat)
    return _Kind(
        is_loop=is_loop,
        is_structure=is_loop or issubclass(node_type, SubWorkflow),
        is_async=iscoroutinefunction(node_type.run),
    )


class Prepared:
    """A node of a definition, ready to be run many times. ``key`` is its full key on record."""

    def __init__(
        self,
        key: str,
        definition: NodeDefinition,
        templates: Templates,
        usual_seconds: Mapping[str, float],
    ) -> None:
        self.key = key
        self.definition = definition
        self.node_type = catalogue.find(definition.type)
        self.is_loop, self.is_structure, self.is_async = _kind_of(self.node_type)
        self.lane = self._lane()
        self.body: PreparedGraph | None = None
        if definition.do:
            self.body = PreparedGraph(definition.do, templates, usual_seconds, key)
        self._templates = templates
        late = self.node_type.left_as_written
        self._written = {k: v for k, v in definition.parameters.items() if k in late}
        self._rendered = {k: v for k, v in definition.parameters.items() if k not in late}
        self._fixed: NodeType | None = None
        self._is_fixed = not is_template(self._rendered)
        self.fixed_input: Any = None
        self.names_of_parameters = tuple(definition.parameters)

    def _lane(self) -> Lane:
        if self.is_structure or self.node_type.quick or self.node_type.waiting:
            return Lane.FREE
        return Lane.TASK if self.is_async else Lane.THREAD

    @property
    def is_fixed(self) -> bool:
        """Whether the parameters hold no template."""
        return self._is_fixed

    def parameters(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with their templates rendered over ``names``."""
        if self._is_fixed:
            return self._rendered
        rendered: dict[str, Any] = self._templates.render(self._rendered, names, self.key)
        return rendered

    def node(self, parameters: Mapping[str, Any]) -> NodeType:
        """The node with these parameters. Raises :class:`BadParameters`."""
        if self._is_fixed:
            if self._fixed is None:
                self._fixed = self._build(parameters)
            return self._fixed
        return self._build(parameters)

    def _build(self, parameters: Mapping[str, Any]) -> NodeType:
        return catalogue.build(self.node_type, {**parameters, **self._written}, self.key)

    def evaluate(self, expression: str, names: Mapping[str, Any]) -> Any:
        """What an expression gives that was left as it is written."""
        return self._templates.evaluate(expression, names, self.key)

    def text(self, template: str, names: Mapping[str, Any]) -> str:
        """A template of the definition beside the parameters, as text."""
        return str(self._templates.render(template, names, self.key))


class PreparedGraph:
    """The nodes of an execution, or of a loop's body."""

    def __init__(
        self,
        definitions: Mapping[str, NodeDefinition],
        templates: Templates,
        usual_seconds: Mapping[str, float],
        loop: str | None = None,
    ) -> None:
        self.definitions = definitions
        prefix = "" if loop is None else loop + PATH_SEPARATOR
        self.nodes = {
            key: Prepared(prefix + key, definition, templates, usual_seconds)
            for key, definition in definitions.items()
        }
        known = {
            key: usual_seconds[prefix + key] for key in definitions if prefix + key in usual_seconds
        }
        self.lengths = longest_paths(definitions, known)
        self.dependents = dependents_of(definitions)
        self.leaves = [key for key, dependents in self.dependents.items() if not dependents]

    def types(self) -> dict[str, str]:
        """Every full key, bodies included -> the node's type."""
        types = {}
        for node in self.nodes.values():
            types[node.key] = node.definition.type
            if node.body is not None:
                types |= node.body.types()
        return types


def prepare(
    definitions: Mapping[str, NodeDefinition],
    templates: Templates,
    usual_seconds: Mapping[str, float],
) -> PreparedGraph:
    """A definition's nodes, ready. Raises :class:`CannotRun`, for a node type unknown here."""
    try:
        return PreparedGraph(definitions, templates, usual_seconds)
    except (LookupError, ImportError, BadParameters) as error:
        raise CannotRun(str(error)) from error
