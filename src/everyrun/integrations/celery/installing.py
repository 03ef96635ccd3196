"""``install(app)``: from here on a Celery application is on record."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from celery import signals

from everyrun.integrations.celery.afterwards import listen
from everyrun.integrations.celery.filing import file_lines
from everyrun.integrations.celery.joining import Joining
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.presence import Presence
from everyrun.integrations.celery.publishing import Publishing
from everyrun.integrations.celery.running import Running
from everyrun.integrations.celery.settling import Settling
from everyrun.tracking import recording
from everyrun.tracking.harmless import harmless

if TYPE_CHECKING:
    from celery import Celery

_UID = "everyrun"
SHARE = 0.05
"""The part of the time of a process with many small tasks that shipping may take: what cannot be
shipped meanwhile waits on the disk, safe from the process's end."""

CLOSING = 5.0
"""Seconds that a pool's child process waits at its end for what it recorded to be shipped."""


def install(
    app: "Celery",
    *,
    names: Mapping[str, str] | Callable[[str], str | None] | None = None,
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    logs: bool = True,
) -> None:
    """Put every task of ``app`` on record, alone and in whatever canvas (R4.4-R4.8).

    Call it where the application is made, so that whatever imports it, web process, beat or
    worker, has it. Nothing else changes: no task, no argument.

    ``names`` gives tasks other names on record (a mapping, or a function that may answer None).
    ``include`` and ``exclude`` are patterns of task names (``reports.*``); a task that is left out
    has no node execution, what it starts has. ``logs`` files what tasks log and print under them.

    Celery's signals are the process's, not the application's: the latest call holds for all of
    them. Needs task protocol 2, Celery's default.
    """
    recording.current().make_way(SHARE)
    chosen = Names(names, _listed(include), _listed(exclude))
    joining = Joining(chosen)
    publishing = Publishing(chosen, joining)
    running = Running(chosen, joining, publishing)
    settling = Settling(chosen, running)
    _connect(signals.before_task_publish, publishing.before)
    _connect(signals.after_task_publish, publishing.after)
    _connect(signals.task_prerun, running.prerun)
    _connect(signals.task_postrun, running.postrun)
    _connect(signals.task_received, settling.received)
    _connect(signals.task_failure, settling.failed)
    _connect(signals.task_retry, settling.retried)
    _connect(signals.task_revoked, settling.revoked)
    _connect(signals.task_unknown, settling.unknown)
    listen(settling.succeeded_after_all)
    _connect(signals.worker_process_shutdown, _close)
    presence = Presence()
    _connect(signals.worker_ready, presence.ready)
    _connect(signals.worker_shutdown, presence.shutdown)
    if logs:
        _connect(signals.after_setup_logger, file_lines)
        _connect(signals.after_setup_task_logger, file_lines)
        _connect(signals.worker_process_init, _file_lines_of_root)
    _connect(signals.worker_init, _begin_worker(logs))


def _listed(patterns: str | Iterable[str]) -> tuple[str, ...]:
    return (patterns,) if isinstance(patterns, str) else tuple(patterns)


def _connect(signal: Any, handler: Callable[..., None]) -> None:
    """``handler`` in the place of the one that an earlier call connected."""
    signal.disconnect(dispatch_uid=_UID)
    signal.connect(handler, weak=False, dispatch_uid=_UID)


@harmless
def _close(**_: Any) -> None:
    """A child of a pool ends without the interpreter's own farewell."""
    recording.current().close(CLOSING)


def _file_lines_of_root(**_: Any) -> None:
    file_lines()


def _begin_worker(logs: bool) -> Callable[..., None]:
    """What a worker's main process does before it forks its pool."""

    @harmless
    def begin(sender: Any = None, **_: Any) -> None:
        recorder = recording.current()
        recorder.program = f"celery worker {sender.hostname}"
        recorder.prepare_to_fork()
        if logs:
            file_lines()

    return begin
