"""What all activities of one run share: where they are, what they may, whom they answer."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from everyrun.domain.clock import Clock
from everyrun.domain.events import AnyEvent
from everyrun.domain.payloads import Capturer
from everyrun.nodes.context import NodeSettings
from everyrun.workflows.running.event_loop import EventLoop
from everyrun.workflows.running.places import GraphPlace, NodePlace

if TYPE_CHECKING:
    from everyrun.workflows.running.activities import Activity, Returned
    from everyrun.workflows.running.failing import Failure

Send = Callable[["Activity", "Returned | Failure", NodePlace], None]


class Surroundings:
    """Shared by the activities of one run."""

    def __init__(
        self,
        *,
        place: GraphPlace,
        directory: Path,
        settings: NodeSettings,
        clock: Clock,
        capturer: Capturer,
        event_loop: EventLoop,
        send: Send,
        tell: Callable[[AnyEvent], None],
    ) -> None:
        self.place = place
        self.directory = directory
        self.settings = settings
        self.clock = clock
        self.capturer = capturer
        self.output_capturer = Capturer(settings.output_limit, capturer.redactor)
        self.event_loop = event_loop
        self.send = send
        self.tell = tell

    def await_in_loop(self, activity: "Activity", awaitable: Awaitable[Any] | None = None) -> None:
        """Go on with an activity on the event loop."""
        activity.cancel_task = self.event_loop.start(activity.work_in_loop(awaitable))
        if activity.place.to_stop:
            activity.cancel_task()
