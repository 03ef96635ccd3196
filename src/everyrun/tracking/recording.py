"""The current recorder of this process.

The recorder itself is loaded when something is first recorded, so that a program that imports
Everyrun and records nothing does not pay for it.
"""

from typing import TYPE_CHECKING, Any

from everyrun.domain.errors import SettingsError
from everyrun.tracking.trouble import Trouble, tell_once

if TYPE_CHECKING:
    from everyrun.tracking.recorder import Recorder
    from everyrun.tracking.settings import Settings

_current: "Recorder | None" = None


def current() -> "Recorder":
    """The recorder that this process records with; made of the environment when first asked for.

    Never raises: a variable that cannot be used is warned of and its default taken.
    """
    return _current or _make_from_environment()


def configure(**overrides: Any) -> None:
    """Record with these settings from now on; the environment's hold where none is given.

    What was recorded before is shipped to where it was bound, for up to ``flush_at_exit`` seconds.
    Each call stands for itself. Raises :class:`SettingsError` and then changes nothing.
    """
    from everyrun.tracking.settings import Settings

    previous = use(make_recorder(Settings.from_environment(**overrides)))
    if previous is not None:
        previous.close()


def use(recorder: "Recorder | None") -> "Recorder | None":
    """Record with this one from now on, and hand back the one before, still open.

    None makes one of the environment when it is next asked for.
    """
    global _current
    previous, _current = _current, recorder
    return previous


def flush(timeout: float | None = None) -> bool:
    """Wait until everything recorded so far is in the ledger; whether it is.

    ``timeout`` in seconds; None waits as long as the end of the process would.
    """
    recorder = _current
    return recorder is None or recorder.flush(timeout)


def make_recorder(settings: "Settings") -> "Recorder":
    """A recorder that does as it is told, also when that is nothing."""
    from everyrun.tracking.recorder import Recorder, SilentRecorder

    return Recorder(settings) if settings.enabled else SilentRecorder(settings)


def _make_from_environment() -> "Recorder":
    global _current  # noqa: PLW0603 - see above
    from everyrun.tracking.settings import Settings

    settings = Settings.from_environment(on_problem=_tell)
    made = make_recorder(settings)
    # No lock, because one that is held during a fork is held in the child for ever. A recorder
    # that loses this race has recorded nothing and leaves no trace.
    if _current is None:
        _current = made
    return _current


def _tell(problem: SettingsError) -> None:
    tell_once(Trouble.SETTING, problem)
