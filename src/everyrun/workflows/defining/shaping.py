"""What people write -> the canonical definition, with every problem of its shape."""

import os
import re
from typing import Any

from everyrun.domain.graph import (
    QUEUE_PATTERN,
    Edge,
    InputDefinition,
    InputType,
    Join,
    KeyLimit,
    NodeDefinition,
    Overlap,
    Position,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.workflows.defining import fields as read
from everyrun.workflows.defining.edges import written_edges
from everyrun.workflows.defining.fields import NOTHING, Reader
from everyrun.workflows.problems import Code, Findings, Path

NO_TYPE = ""
"""Stands for the type of a node that was written without one."""


def shape(written: Any, findings: Findings, directory: str | None = None) -> WorkflowDefinition:
    """The definition as far as it can be read; what cannot is noted and left out.

    ``directory`` is the folder that the definition was found in.
    """
    if not isinstance(written, dict):
        message = "a workflow must be a mapping with workflow: and nodes:"
        findings.add(Code.WRONG_TYPE, message, ())
        return WorkflowDefinition(workflow="", nodes={})
    found = read.fields(written, (), findings, _WORKFLOW)
    for name in ("workflow", "nodes"):
        if written.get(name) is None:
            findings.add(Code.MISSING_FIELD, f"a workflow needs {name}:", ())
    found.setdefault("workflow", "")
    found.setdefault("nodes", {})
    if directory is not None:
        joined = os.path.join(directory, found.get("directory", ""))  # noqa: PTH118 - no disk here
        found["directory"] = os.path.normpath(joined)
    return WorkflowDefinition(**found)


def _struct(kind: type[Any], readers: dict[str, tuple[str, Reader]]) -> Reader:
    def take(value: Any, path: Path, findings: Findings) -> Any:
        if not isinstance(value, dict):
            return read.refuse(findings, path, "a mapping", value)
        return kind(**read.fields(value, path, findings, readers))

    return take


def _same(**readers: Reader) -> dict[str, tuple[str, Reader]]:
    """Fields that are written by their own names."""
    return {name: (name, reader) for name, reader in readers.items()}


_RETRY = _struct(
    Retry,
    _same(
        max_retries=read.whole_number,
        delay=read.span,
        backoff=read.number,
        maximum_delay=read.span,
        jitter=read.number,
        on=read.texts,
    ),
)


def _retry(value: Any, path: Path, findings: Findings) -> Any:
    if isinstance(value, dict):
        return _RETRY(value, path, findings)
    if isinstance(value, int) and not isinstance(value, bool):
        return Retry(max_retries=value)
    return read.refuse(findings, path, "a number of retries or a mapping", value)


def _concurrency(value: Any, path: Path, findings: Findings) -> Any:
    if isinstance(value, str):
        return KeyLimit(key=value)
    if not isinstance(value, dict):
        return read.refuse(findings, path, "a key or a mapping with key and limit", value)
    found = read.fields(value, path, findings, _same(key=read.text, limit=read.whole_number))
    if value.get("key") is None:
        findings.add(Code.MISSING_FIELD, "concurrency needs key:", path, at_key=True)
    return KeyLimit(**found) if "key" in found else NOTHING


def _queue(value: Any, path: Path, findings: Findings) -> Any:
    name = read.text(value, path, findings)
    if name is NOTHING or re.match(QUEUE_PATTERN, name):
        return name
    wanted = "queue must be letters, digits and . : _ -, 100 at most"
    findings.add(Code.WRONG_VALUE, f"{wanted}, not {read.kind_of(value)}", path)
    return NOTHING


def _position(value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, dict):
        return read.refuse(findings, path, "a mapping with x and y", value)
    found = read.fields(value, path, findings, _same(x=read.number, y=read.number))
    missing = [name for name in ("x", "y") if value.get(name) is None]
    if missing:
        findings.add(Code.MISSING_FIELD, f"position needs {missing[0]}:", path, at_key=True)
    return Position(**found) if len(found) == len(("x", "y")) else NOTHING


def _needs(value: Any, path: Path, findings: Findings) -> Any:
    edges = []
    for written in written_edges(value):
        if written.node is None:
            findings.add(Code.WRONG_TYPE, str(written.problem), (*path, *written.path))
        else:
            edges.append(Edge(node=written.node, outcome=written.outcome))
    return edges


def _node(value: Any, path: Path, findings: Findings) -> NodeDefinition:
    if not isinstance(value, dict):
        message = f"{path[-1]} must be a mapping with type:, not {read.kind_of(value)}"
        findings.add(Code.WRONG_TYPE, message, path, at_key=True)
        return NodeDefinition(type=NO_TYPE)
    found = read.fields(value, path, findings, _NODE)
    if value.get("type") is None:
        findings.add(Code.MISSING_FIELD, f"{path[-1]} needs type:", path, at_key=True)
    found.setdefault("type", NO_TYPE)
    return NodeDefinition(**found)


def _nodes(value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, dict):
        return read.refuse(findings, path, "a mapping of keys to nodes", value)
    return {key: _node(node, (*path, key), findings) for key, node in value.items()}


_INPUT = _struct(
    InputDefinition,
    _same(
        type=read.one_of(InputType),
        default=read.anything,
        description=read.text,
        choices=read.values,
    ),
)
_input_type = read.one_of(InputType)


def _input(value: Any, path: Path, findings: Findings) -> Any:
    if value is None:
        return InputDefinition()
    if isinstance(value, dict):
        return _INPUT(value, path, findings)
    kind = _input_type(value, path, findings)
    return kind if kind is NOTHING else InputDefinition(type=kind)


def _inputs(value: Any, path: Path, findings: Findings) -> Any:
    if not isinstance(value, dict):
        return read.refuse(findings, path, "a mapping of names to types", value)
    inputs = {name: _input(each, (*path, name), findings) for name, each in value.items()}
    # One that could not be read is there all the same: templates that mention it are in order.
    return {name: InputDefinition() if each is NOTHING else each for name, each in inputs.items()}


_NODE = _same(
    type=read.text,
    needs=_needs,
    join=read.one_of(Join),
    retry=_retry,
    timeout=read.span,
    concurrency=_concurrency,
    allow_failure=read.flag,
    in_process=read.flag,
    queue=_queue,
    title=read.text,
    description=read.text,
    position=_position,
    do=_nodes,
) | {"with": ("parameters", read.mapping)}
_POLICY = _same(
    timeout=read.span,
    overlap=read.one_of(Overlap),
    concurrency=read.whole_number,
    max_executions=read.whole_number,
    priority=read.whole_number,
)
_WORKFLOW = _same(
    workflow=read.text,
    description=read.text,
    tags=read.texts,
    inputs=_inputs,
    variables=read.mapping,
    policy=_struct(RunPolicy, _POLICY),
    nodes=_nodes,
    output=read.anything,
    directory=read.text,
)
