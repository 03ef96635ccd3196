"""Whether each node is of a type that there is, with parameters that it takes."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import InputDefinition, NodeDefinition
from everyrun.nodes.base import NodeType
from everyrun.nodes.parameters import problems_in
from everyrun.workflows.defining.shaping import NO_TYPE
from everyrun.workflows.inputs import problem_with
from everyrun.workflows.problems import Code, Findings, Path
from everyrun.workflows.templates import is_template
from everyrun.workflows.validating.scopes import Scope

SUB_WORKFLOW = "workflow"
"""The node type that runs another workflow."""


class Catalogue(Protocol):
    """Where node types are found: ``nodes.catalogue``, or what a test has instead."""

    def find(self, name: str) -> type[NodeType]:
        """The type of this name. Raises ``LookupError`` where there is none."""
        ...

    def names(self) -> list[str]:
        """All names."""
        ...


KnownWorkflows = Mapping[str, Mapping[str, InputDefinition]]
"""The workflows that a node may run, each with its inputs."""


class Kinds:
    """The node types of a definition, each looked for once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._found: dict[str, type[NodeType] | None] = {NO_TYPE: None}
        self._problems: dict[str, tuple[Code, str]] = {}

    def find(self, name: str) -> type[NodeType] | None:
        """The type of this name; None where there is none, or none that works."""
        if name not in self._found:
            self._found[name] = self._look_for(name)
        return self._found[name]

    def _look_for(self, name: str) -> type[NodeType] | None:
        try:
            return self._catalogue.find(name)
        except LookupError as error:
            self._problems[name] = Code.UNKNOWN_NODE_TYPE, str(error)
        except (EveryrunError, ImportError) as error:
            self._problems[name] = Code.UNUSABLE_NODE_TYPE, str(error)
        return None

    def note_problem(self, name: str, path: Path, findings: Findings) -> None:
        """Note why a type was not found, if so, for the node at ``path``."""
        if name in self._problems:
            code, message = self._problems[name]
            unknown = code is Code.UNKNOWN_NODE_TYPE
            suggestion = findings.closest(name, self._catalogue.names()) if unknown else None
            findings.add(code, message, (*path, "type"), suggestion=suggestion)

    def branches(self, node: NodeDefinition) -> tuple[str, ...] | None:
        """The branches that a node may choose; None where only its run will tell."""
        kind = self.find(node.type)
        if kind is None:
            return None
        try:
            branches = kind.branches_of(node.parameters)
        except Exception:  # noqa: BLE001 - anybody's code, on parameters of any type
            return None
        return branches if branches or not _has_branches(kind) else None


def _has_branches(kind: type[NodeType]) -> bool:
    own = getattr(kind.branches_of, "__func__", None)
    return own is not NodeType.branches_of.__func__  # type: ignore[attr-defined]


def judge_nodes(
    scope: Scope, kinds: Kinds, known_workflows: KnownWorkflows | None, findings: Findings
) -> None:
    """Note unknown types, bodies out of place, and parameters that cannot work."""
    for key, node in scope.nodes.items():
        kind, path = kinds.find(node.type), scope.path_of(key)
        if kind is None:
            kinds.note_problem(node.type, path, findings)
            continue
        _judge_body(key, node, kind, path, findings)
        _judge_parameters(key, node, kind, path, findings)
        if node.type == SUB_WORKFLOW and known_workflows is not None:
            _judge_sub_workflow(node, known_workflows, path, findings)


def _judge_body(
    key: str, node: NodeDefinition, kind: type[NodeType], path: Path, findings: Findings
) -> None:
    if kind.has_body and not node.do:
        message = f"{key} needs do: with the nodes that {node.type} repeats"
        findings.add(Code.BODY_MISSING, message, path, at_key=True)
    elif node.do and not kind.has_body:
        message = f"{key} has do:, which nodes of type {node.type} do not take"
        findings.add(Code.BODY_NOT_ALLOWED, message, (*path, "do"), at_key=True)


def _judge_parameters(
    key: str, node: NodeDefinition, kind: type[NodeType], path: Path, findings: Findings
) -> None:
    given, known = node.parameters, _names_of(kind)
    try:
        problems = problems_in(kind, given, is_template)
    except Exception as error:  # noqa: BLE001 - anybody's code, on parameters of any type
        message = f"{key}: node type {node.type} cannot judge its parameters: {error!r}"
        findings.add(Code.WRONG_PARAMETER, message, (*path, "with"), at_key=True)
        return
    for name, sentence in problems:
        message = f"{key}: {sentence}"
        if name not in given:
            at = (*path, "with") if given else path
            findings.add(Code.MISSING_PARAMETER, message, at, at_key=True)
        elif name in known:
            findings.add(Code.WRONG_PARAMETER, message, (*path, "with", name))
        else:
            at = (*path, "with", name)
            suggestion = findings.closest(name, known)
            findings.add(Code.UNKNOWN_PARAMETER, message, at, at_key=True, suggestion=suggestion)


@cache
def _names_of(kind: type[NodeType]) -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(kind))


def _judge_sub_workflow(
    node: NodeDefinition, known: KnownWorkflows, path: Path, findings: Findings
) -> None:
    name: Any = node.parameters.get("workflow")
    given: Any = node.parameters.get("inputs", {})
    if not isinstance(name, str) or is_template(name):
        return
    if name not in known:
        suggestion = findings.closest(name, known)
        message = f"there is no workflow {name!r}"
        findings.add(
            Code.UNKNOWN_WORKFLOW, message, (*path, "with", "workflow"), suggestion=suggestion
        )
    elif isinstance(given, dict):
        _judge_inputs(name, known[name], given, (*path, "with", "inputs"), findings)


def _judge_inputs(
    workflow: str,
    declared: Mapping[str, InputDefinition],
    given: dict[str, Any],
    path: Path,
    findings: Findings,
) -> None:
    for name, value in given.items():
        if name not in declared:
            suggestion = findings.closest(name, declared)
            message = f"workflow {workflow!r} has no input {name}"
            at = (*path, name)
            findings.add(Code.UNKNOWN_INPUT, message, at, at_key=True, suggestion=suggestion)
        elif not is_template(value) and (problem := problem_with(value, declared[name])):
            findings.add(Code.WRONG_INPUT, f"input {name} {problem}", (*path, name))
    for name, each in declared.items():
        if each.required and name not in given:
            message = f"workflow {workflow!r} needs its input {name}, which has no default"
            findings.add(Code.INPUT_MISSING, message, path, at_key=True)
