"""What a scheduler may be told by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from everyrun.domain.errors import SettingsError
from everyrun.workflows.settings import settings_from


@dataclass(frozen=True, kw_only=True)
class SchedulerSettings:
    """How one process schedules. Raises :class:`SettingsError` that names the variable."""

    lease_seconds: float = 10.0
    """Seconds without a sign of life after which another scheduler takes the lead."""
    poll_seconds: float = 1.0
    """Seconds between two looks for schedules that were added and leases that ran out."""
    at_once: int = 4
    """Executions from the queue that run in this process at once; 0 runs none here."""
    batches_at_once: int = 2
    """Batches without a runner that this process runs at once; 0 runs none here."""
    drain_seconds: float = 10.0
    """Seconds that what runs has to end, when the scheduler is told to stop."""
    patience_seconds: float = 60.0
    """Seconds after which an execution that nobody takes is told of in the log."""

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise SettingsError(f"{VARIABLES[name]} must be {least:g} or more")

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **overrides: Any
    ) -> "SchedulerSettings":
        """``EVERYRUN_SCHEDULER_…`` variables over the defaults; overrides that are not None win."""
        return settings_from(cls, VARIABLES, environ, overrides)


VARIABLES = {
    each.name: f"EVERYRUN_SCHEDULER_{each.name.upper()}" for each in fields(SchedulerSettings)
}
"""Setting -> its environment variable."""

_LEAST = {
    "lease_seconds": 0.5,
    "poll_seconds": 0.01,
    "at_once": 0,
    "batches_at_once": 0,
    "drain_seconds": 0.0,
    "patience_seconds": 1.0,
}
