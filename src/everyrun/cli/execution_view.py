"""The header of an execution: what it is, when, where, who, and how it went."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.text import Text

from everyrun.cli import marks, terminal, wording
from everyrun.cli.messages import say
from everyrun.cli.terminal import harmless, styled
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionDetail

PAYLOAD_SUMMARY = 300
"""Characters of a payload that a header shows; ``--input`` and ``--output`` show all."""
_MOVING = frozenset({Status.RUNNING, Status.RETRYING})

Field = tuple[str, Text]


def title(name: str, status: str) -> Text:
    """A name with its status, as the first line of a view."""
    text = styled(f"{marks.mark(status)}  ", marks.style(status))
    return text.append_text(styled(name, "bold"))


def header(detail: "ExecutionDetail", now: datetime, zone: tzinfo) -> tuple[Text, list[Field]]:
    """The title and the fields of an execution, those that say something."""
    graph = detail.graph
    fields = [
        ("k_id", styled(detail.id)),
        ("k_external_id", styled(detail.external_id or "")),
        ("k_kind", styled(detail.kind)),
        ("k_version", styled("" if graph is None else str(graph.version))),
        ("k_trigger", styled(_trigger(detail))),
        ("k_tags", styled(", ".join(detail.tags))),
        ("k_process", styled(_process(detail))),
        ("k_parent", styled(detail.parent_execution_id or "")),
        ("k_origin", styled(detail.origin_execution_id or "")),
        ("k_batch", styled(detail.batch_id or "")),
        *_times(detail, now, zone),
        ("k_paused", moment(None if graph is None else graph.paused_at, now, zone)),
        ("k_progress", styled(_progress(detail))),
        ("k_nodes", _nodes(detail)),
        ("k_input", payload(detail.input)),
        ("k_output", payload(detail.output)),
        ("k_error", Text(harmless(error_line(detail)), "red")),
        ("k_lost", _lost(detail)),
    ]
    return title(detail.workflow, detail.status), [field for field in fields if field[1].plain]


def print_fields(heading: Text, fields: Sequence[Field]) -> None:
    """A title and fields under it, names in one column, values folded within the terminal."""
    terminal.write_text(heading)
    names = [(Text(f"  {say(key)}"), value) for key, value in fields]
    widest = max((name.cell_len for name, _ in names), default=0)
    for name, value in names:
        name.append(" " * (widest - name.cell_len + 2))
        name.stylize("bright_black")
        for position, line in enumerate(_folded(value, widest + 2)):
            lead = Text(" " * (widest + 2)) if position else name
            terminal.write_text(lead + line)


def _folded(value: Text, indent: int) -> Iterable[Text]:
    if not terminal.for_people():
        return value.split("\n")
    console = terminal.out()
    return value.wrap(console, max(console.width - indent, 20), overflow="fold")


def payload(value: Any) -> Text:
    """A payload on one line, cut where it gets long; nothing for an empty one."""
    if value is None or value == {} or value == []:
        return Text()
    import msgspec

    text = msgspec.json.encode(value).decode()
    cut = text if len(text) <= PAYLOAD_SUMMARY else f"{text[:PAYLOAD_SUMMARY]}…"
    return styled(cut)


def error_line(detail: Any) -> str:
    """``ValueError: the message`` of an execution, a node or an attempt; empty without an error."""
    message = (detail.error_message or "").strip()
    if detail.error_type and message:
        return f"{detail.error_type}: {message}"
    return detail.error_type or message


def moment(at: datetime | None, now: datetime, zone: tzinfo) -> Text:
    """A moment in its zone, and how long ago it was."""
    if at is None:
        return Text()
    text = styled(wording.absolute(at, zone))
    return text.append(f"  ({wording.ago(at, now, zone)})", "bright_black")


def elapsed(subject: Any, now: datetime) -> Text:
    """How long something took, or has taken so far."""
    if subject.status in _MOVING and subject.started_at is not None:
        span = wording.duration((now - subject.started_at).total_seconds())
        return styled(say("so_far", span=span), "cyan")
    return styled(
        "" if subject.duration_seconds is None else wording.duration(subject.duration_seconds)
    )


def _times(detail: "ExecutionDetail", now: datetime, zone: tzinfo) -> list[Field]:
    first = (
        ("k_started", moment(detail.started_at, now, zone))
        if detail.started_at is not None
        else ("k_created", moment(detail.created_at, now, zone))
    )
    return [
        first,
        ("k_ended", moment(detail.ended_at, now, zone)),
        ("k_duration", elapsed(detail, now)),
    ]


def _lost(detail: "ExecutionDetail") -> Text:
    if detail.status != Status.LOST:
        return Text()
    return styled(detail.lost_reason or "", marks.style(Status.LOST))


def _trigger(detail: "ExecutionDetail") -> str:
    by = (detail.metadata or {}).get("triggered_by")
    return f"{detail.trigger}, {say('k_by')} {by}" if by else detail.trigger


def _process(detail: "ExecutionDetail") -> str:
    if detail.recorder_host is None:
        return ""
    key = "on_host" if detail.recorder_program else "pid_on_host"
    return say(
        key,
        program=detail.recorder_program,
        pid=detail.recorder_pid,
        host=detail.recorder_host,
    )


def _progress(detail: "ExecutionDetail") -> str:
    if detail.progress_current is None:
        return ""
    current, total = detail.progress_current, detail.progress_total
    text = (
        f"{current:,.10g} / {total:,.10g} ({current / total:.0%})" if total else f"{current:,.10g}"
    )
    return f"{text}  {detail.progress_message}" if detail.progress_message else text


def _nodes(detail: "ExecutionDetail") -> Text:
    counts = {
        Status.COMPLETED: detail.nodes_completed,
        Status.FAILED: detail.nodes_failed,
        Status.CANCELLED: detail.nodes_cancelled,
        Status.SKIPPED: detail.nodes_skipped,
    }
    total = max(detail.nodes_total, detail.nodes_planned or 0)
    if not total:
        return Text()
    text = styled(wording.number(total))
    for status, count in counts.items():
        if count:
            text.append(
                f"  {marks.icon(status)} {wording.number(count)} {marks.word(status)}",
                marks.style(status),
            )
    return text
