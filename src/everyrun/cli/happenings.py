"""Telling what happens in a process that serves, a line each, from whichever thread it is in."""

import sys
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from everyrun.cli import marks, terminal, wording
from everyrun.cli.messages import say
from everyrun.domain.clock import to_datetime

if TYPE_CHECKING:
    from everyrun.scheduler.firing import Fired
    from everyrun.store.batches import BatchRecord
    from everyrun.store.leaderships import Leader
    from everyrun.workflows.rescuing import Rescued
    from everyrun.workflows.running import Finished


class Teller:
    """Says what happens: for people, or as one JSON document a line. ``quiet`` tells nothing."""

    def __init__(self, own_id: str, *, quiet: bool, as_json: bool) -> None:
        self._own_id = own_id
        self.quiet = quiet and not as_json
        self.as_json = as_json
        self._lock = Lock()

    def begun(self, ledger: str) -> None:
        """It is there."""
        if self.as_json:
            self.tell({"what": "begun", "id": self._own_id, "ledger": ledger}, [])
        elif not self.quiet:
            terminal.aside(say("scheduler_here", id=self._own_id, ledger=ledger))

    def led(self, leader: "Leader") -> None:
        """The lead went to somebody."""
        ours = leader.owner == self._own_id
        said = say("scheduler_leads") if ours else say("scheduler_stands_by", host=leader.host)
        what = {"what": "led", "leads": ours, "owner": leader.owner, "host": leader.host}
        self.tell(what, [(said, "cyan")])

    def fired(self, fired: "Fired") -> None:
        """Due times of a schedule were decided."""
        from everyrun.cli.schedule.wording import FIRE_STYLES

        for fire in fired.fires:
            what = {
                "what": "fired",
                "workflow": fired.schedule.workflow,
                "schedule": fired.schedule.name,
                "due_at": to_datetime(fire.due_at),
                "outcome": fire.outcome,
                "execution_id": fire.execution_id,
                "reason": fire.reason,
            }
            line = [(say(f"fire_{fire.outcome}"), FIRE_STYLES.get(fire.outcome, ""))]
            line.append((f"  {fired.schedule.workflow}", "bold"))
            line.append((f"  {fired.schedule.name}  {fire.execution_id or ''}", "bright_black"))
            line.append((f"  {fire.reason or ''}", "yellow"))
            self.tell(what, line)

    def rescued(self, rescued: "Rescued") -> None:
        """An execution that was left waits for an engine again."""
        what = {"what": "rescued", **rescued._asdict()}
        said = say("scheduler_rescued", evidence=rescued.evidence)
        line = [(rescued.workflow, "bold"), (f"  {rescued.execution_id}", "bright_black")]
        self.tell(what, [*line, (f"  {said}", "magenta")])

    def finished(self, finished: "Finished") -> None:
        """An execution that ran here ended."""
        what = {
            "what": "finished",
            "execution_id": finished.execution_id,
            "status": finished.status,
            "error": finished.error_message,
        }
        line = [(marks.mark(finished.status), marks.style(finished.status))]
        line.append((f"  {finished.execution_id}", "bright_black"))
        line.append((f"  {finished.error_message or ''}", "red"))
        self.tell(what, line)

    def batch_ended(self, batch: "BatchRecord") -> None:
        """A batch that ran here ended."""
        from everyrun.cli.batch.wording import counts
        from everyrun.server.shaping.batches import batch_detail

        shown = batch_detail(batch)
        line = [(marks.mark(batch.status), marks.style(batch.status))]
        line.append((f"  {batch.name}", "bold"))
        self.tell({"what": "batch", "batch": shown}, [*line, (f"  {counts(shown)}", "")])

    def ending(self, drain_seconds: float) -> None:
        """It was told to end."""
        if not self.quiet and not self.as_json:
            terminal.aside(say("scheduler_ending", span=wording.duration(drain_seconds)))

    def tell(self, what: dict[str, Any], line: list[tuple[str, str]]) -> None:
        """Tell one thing, as a document or as a line with its time."""
        if self.quiet:
            return
        now = datetime.now(UTC)
        with self._lock:
            if self.as_json:
                terminal.write_json_line({"at": now, **what})
            else:
                at = f"{now.astimezone():%H:%M:%S}  "
                terminal.write_spans([(at, "bright_black"), *line])
            sys.stdout.flush()
