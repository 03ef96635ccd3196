"""A saved workflow, for people: what it says of itself, its inputs, its graph."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import msgspec
from rich.text import Text

from everyrun.cli import terminal, wording
from everyrun.cli.execution_view import Field, moment
from everyrun.cli.messages import say
from everyrun.cli.terminal import one_line, styled
from everyrun.cli.workflow.graph_tree import GraphRow, graph_rows
from everyrun.domain.graph import ALWAYS, SUCCESS, Edge, Overlap, RunPolicy

if TYPE_CHECKING:
    from everyrun.cli.workflow.showing import ShownWorkflow
    from everyrun.domain.graph import WorkflowDefinition

_GUIDE = "bright_black"


def title(shown: "ShownWorkflow") -> Text:
    """The name with its version, and whether it is switched on."""
    text = styled(shown.name, "bold")
    text.append(f"  v{shown.version}", "cyan")
    style = "green" if shown.active else "yellow"
    return text.append(f"  {say('switched_on' if shown.active else 'switched_off')}", style)


def fields(
    shown: "ShownWorkflow", definition: "WorkflowDefinition", now: datetime, zone: tzinfo
) -> list[Field]:
    """What it says of itself, as far as it does."""
    saved = moment(shown.created_at, now, zone)
    if shown.created_by:
        saved.append(f"  {say('k_by')} {one_line(shown.created_by)}")
    found: list[Field] = [
        ("k_description", Text(terminal.harmless((definition.description or "").strip()))),
        ("k_saved", saved),
        ("k_tags", styled(", ".join(definition.tags))),
        ("k_policy", styled(", ".join(_policy(definition.policy)))),
        ("k_directory", styled(definition.directory or "")),
        ("k_inputs", _inputs(definition)),
        ("k_output", styled(_shown(definition.output) if definition.output is not None else "")),
    ]
    return [field for field in found if field[1].plain]


def _policy(policy: RunPolicy) -> Iterator[str]:
    if policy.timeout is not None:
        yield say("policy_timeout", span=wording.duration(policy.timeout))
    if policy.overlap is not Overlap.ALLOW:
        yield say("policy_overlap", overlap=policy.overlap.value)
    if policy.concurrency is not None:
        yield say("policy_concurrency", count=policy.concurrency)
    if policy.max_executions is not None:
        yield say("policy_max_executions", count=policy.max_executions)
    if policy.priority:
        yield say("policy_priority", priority=policy.priority)


def _inputs(definition: "WorkflowDefinition") -> Text:
    lines = []
    for name, declared in definition.inputs.items():
        line = styled(name, "bold").append(f": {declared.type.value}")
        if not declared.required:
            line.append_text(styled(f" = {_shown(declared.default)}"))
        if declared.choices:
            line.append_text(styled(f"  ({' | '.join(map(_shown, declared.choices))})"))
        if declared.description:
            line.append_text(styled(f"  {declared.description}", _GUIDE))
        lines.append(line)
    return Text("\n").join(lines)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def graph_lines(definition: "WorkflowDefinition", width: int | None) -> Iterator[Text]:
    """The graph as a tree, a node a line."""
    rows = graph_rows(definition.nodes)
    names = [_name(row) for row in rows]
    widest = max((name.cell_len for name in names), default=0)
    if width is not None:
        widest = min(widest, max(width // 2, 20))
    for row, name in zip(rows, names, strict=True):
        name.truncate(widest, overflow="ellipsis", pad=True)
        name.append(f"  {one_line(row.definition.type)}", "cyan")
        for remark in _remarks(row):
            name.append(f"  {one_line(remark)}", _GUIDE)
        if width is not None:
            name.truncate(width, overflow="ellipsis")
        name.rstrip()
        yield name


def _name(row: GraphRow) -> Text:
    text = Text().append(row.guide, _GUIDE)
    if row.in_body:
        text.append("⟳ ", _GUIDE)
    return text.append(one_line(row.key), "bold")


def _remarks(row: GraphRow) -> Iterator[str]:
    outcomes = [edge.outcome for edge in row.edges if edge.outcome != SUCCESS]
    if ALWAYS in outcomes:
        yield say("always")
    elif outcomes:
        yield say("on_outcome", outcome=" | ".join(outcomes))
    if row.others:
        yield say("needs_besides", nodes=", ".join(map(_edge, row.others)))
    definition = row.definition
    if definition.title:
        yield definition.title
    if definition.timeout is not None:
        yield say("policy_timeout", span=wording.duration(definition.timeout))
    if definition.retry is not None and definition.retry.max_retries:
        yield say("retried_times", count=definition.retry.max_retries)
    if definition.allow_failure:
        yield say("may_fail")


def _edge(edge: Edge) -> str:
    return edge.node if edge.outcome == SUCCESS else f"{edge.node}: {edge.outcome}"
