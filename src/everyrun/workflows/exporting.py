"""A definition -> YAML for people, which reads back to an equal definition.

Spans are ``2h`` where that is exact, what has a short form has it, and nothing is written that is
a default anyway.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import copysign
from typing import Any

import msgspec

from everyrun.domain.graph import (
    SUCCESS,
    Edge,
    InputDefinition,
    KeyLimit,
    NodeDefinition,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.domain.spans import format_span
from everyrun.workflows.writing_yaml import Short, lines_of

_NODE_FIELDS = (
    "title",
    "description",
    "type",
    "needs",
    "join",
    "with",
    "retry",
    "timeout",
    "concurrency",
    "allow_failure",
    "in_process",
    "queue",
    "position",
    "do",
)
_IN_BLOCKS = ("inputs", "variables", "policy", "nodes", "output")
"""Fields of a workflow that a blank line stands before."""


def export_yaml(definition: WorkflowDefinition) -> str:
    """The text of a YAML file that says the same."""
    return "\n".join([*_lines(as_written(definition)), ""])


def as_written(definition: WorkflowDefinition) -> dict[str, Any]:
    """The definition as people write it: plain values in the form of a workflow file."""
    plain: dict[str, Any] = msgspec.to_builtins(definition)
    if definition.inputs:
        plain["inputs"] = {name: _input(each) for name, each in definition.inputs.items()}
    if definition.policy == RunPolicy():
        plain.pop("policy", None)
    else:
        plain["policy"] = _with_spans(plain["policy"], ("timeout",))
    plain["nodes"] = _nodes(definition.nodes)
    directory = plain.pop("directory", None)
    return plain if directory is None else {**plain, "directory": directory}


def _lines(written: dict[str, Any]) -> Iterator[str]:
    for name, value in written.items():
        if name in _IN_BLOCKS:
            yield ""
        if name != "nodes" or not value:
            yield from lines_of({name: value})
            continue
        yield "nodes:"
        for number, (key, node) in enumerate(value.items()):
            if number:
                yield ""
            yield from lines_of({key: node}, 2)


def _nodes(nodes: dict[str, NodeDefinition]) -> dict[str, Any]:
    return {key: _node(node) for key, node in nodes.items()}


def _node(node: NodeDefinition) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(node)
    if node.needs:
        plain["needs"] = _needs(node.needs)
    if node.retry is not None:
        plain["retry"] = _retry(node.retry)
    if node.timeout is not None:
        plain["timeout"] = _span(node.timeout)
    if node.concurrency is not None:
        plain["concurrency"] = _key_limit(node.concurrency)
    if node.position is not None:
        plain["position"] = Short(x=_number(node.position.x), y=_number(node.position.y))
    if node.do:
        plain["do"] = _nodes(node.do)
    return {name: plain[name] for name in _NODE_FIELDS if name in plain}


def _needs(edges: Iterable[Edge]) -> Any:
    """The shortest form that keeps the order: a key, a mapping, or a list of them."""
    written: list[Any] = []
    for node, group in groupby(edges, lambda edge: edge.node):
        outcomes = [_outcome(edge.outcome) for edge in group]
        if outcomes == [SUCCESS]:
            written.append(node)
        else:
            written.append(Short({node: outcomes[0] if len(outcomes) == 1 else outcomes}))
    return written[0] if len(written) == 1 else written


def _outcome(outcome: str) -> str | bool:
    return {"true": True, "false": False}.get(outcome, outcome)


def _retry(retry: Retry) -> Any:
    if retry == Retry(max_retries=retry.max_retries) and retry.max_retries is not None:
        return retry.max_retries
    return _with_spans(msgspec.to_builtins(retry), ("delay", "maximum_delay"))


def _key_limit(limit: KeyLimit) -> Any:
    return limit.key if limit == KeyLimit(key=limit.key) else msgspec.to_builtins(limit)


def _input(declared: InputDefinition) -> Any:
    if declared == InputDefinition(type=declared.type):
        return declared.type.value
    return msgspec.to_builtins(declared)


def _with_spans(plain: dict[str, Any], spans: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: _span(value) if name in spans and value is not None else _number(value)
        for name, value in plain.items()
    }


def _span(seconds: float) -> str | float:
    text = format_span(seconds)
    return _number(seconds) if "." in text or not seconds else text


def _number(value: Any) -> Any:
    """A float without a fraction as the integer that is read back to it; -0.0 has none."""
    if not isinstance(value, float) or not value.is_integer() or abs(value) > 1e15:
        return value
    return value if copysign(1, value) < 0 == value else int(value)
