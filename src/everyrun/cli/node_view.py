"""One node execution: its payloads, every attempt, and the tracebacks."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from rich.text import Text

from everyrun.cli import marks, terminal, wording
from everyrun.cli.execution_view import elapsed, error_line, moment, print_fields, title
from everyrun.cli.messages import say
from everyrun.cli.node_tree import label
from everyrun.cli.terminal import harmless, one_line, styled
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.domain.views.nodes import NodeAttemptDetail, NodeDetail

_LINE_END = "\n"


def print_node(node: "NodeDetail", now: datetime, zone: tzinfo) -> None:
    """Print everything that is on record of one node execution."""
    fields = [
        ("k_id", styled(node.id)),
        ("k_type", styled(node.node_type or "")),
        ("k_attempt", styled(str(node.attempts))),
        ("k_started", moment(node.started_at, now, zone)),
        ("k_ended", moment(node.ended_at, now, zone)),
        ("k_duration", elapsed(node, now)),
        ("k_error", Text(harmless(error_line(node)), "red")),
        ("k_lost", styled(node.lost_reason or "", marks.style(Status.LOST))),
    ]
    print_fields(title(label(node), node.status), [field for field in fields if field[1].plain])
    _print_payload("k_input", node.input)
    _print_payload("k_output", node.output)
    if len(node.attempt_details) > 1:
        for attempt in node.attempt_details:
            _print_attempt(attempt)
    elif node.error_traceback:
        _print_section(say("traceback"))
        _print_traceback(node.error_traceback)


def _print_payload(key: str, value: Any) -> None:
    if value is None or value == {}:
        return
    import msgspec

    _print_section(say(key))
    terminal.write_text(Text(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()))


def _print_attempt(attempt: "NodeAttemptDetail") -> None:
    heading = say("attempt_heading", attempt=attempt.attempt)
    text = styled(f"{marks.mark(attempt.status)}  ", marks.style(attempt.status))
    text.append(wording.duration(attempt.duration_seconds))
    text.append(f"  {one_line(error_line(attempt).partition(_LINE_END)[0])}", "red")
    text.rstrip()
    _print_section(heading)
    terminal.write_text(text)
    if attempt.error_traceback:
        _print_traceback(attempt.error_traceback)


def _print_traceback(traceback: str) -> None:
    terminal.write_text(Text(harmless(traceback.rstrip()), "bright_black"))


def _print_section(heading: str) -> None:
    terminal.write_text(Text())
    terminal.write_text(styled(heading, "bold"))
