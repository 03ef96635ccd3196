"""What a server may be told by the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from everyrun.domain.errors import SettingsError
from everyrun.server.access.settings import AccessSettings
from everyrun.workflows.settings import settings_from

DEFAULT_PORT = 8321
_CONNECTIONS_ASIDE = 2
"""For notes, and for what is counted for ``/metrics``."""


@dataclass(frozen=True, kw_only=True)
class ServerSettings(AccessSettings):
    """How one server answers. Raises :class:`SettingsError` that names the variable."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = DEFAULT_PORT
    """The port to listen on; 0 takes a free one."""
    server_workers: int = 1
    """Processes that answer requests."""
    threads: int = 12
    """Requests of one process that are worked on at once, at most."""
    jobs: str = ""
    """The job types that may be started by name: ``name=module:function``, separated by commas."""
    timezone: str = ""
    """The zone of "today" where a request names none; empty takes the machine's."""
    body_limit: int = 8 << 20
    """Bytes of a request's body, at most, also once it is decompressed."""
    json_depth: int = 64
    """How deep the lists and objects of a body may lie in each other."""
    batch_limit: int = 10_000
    """Events in one batch, at most."""
    ingest_at_once: int = 2
    """Batches of events that one process takes into the ledger at once."""
    ingest_waiting: int = 16
    """Batches that may wait for that; further ones are told to come again later (429)."""
    drain_seconds: float = 10.0
    """Seconds that requests being answered have to end, when the server is told to stop."""
    query_seconds: float = 10.0
    """Seconds after which a question to the ledger is cut off."""
    search_seconds: float = 5.0
    """Seconds after which a search through logs is cut off."""
    most_executions: int = 1_000
    """Executions that may wait and run at once before starting another is refused (429)."""
    remembered_seconds: float = 0.25
    """How old, in seconds, the state may be by which a poll is answered; writing here ends it."""
    rate_limit: float = 200.0
    """Requests a second that one caller may make for long; 0 for no limit."""
    rate_burst: int = 1_000
    """Requests that one caller may make at once before the rate holds."""
    celery_broker_url: str = field(default="", repr=False)
    """The broker of a Celery application, for commands to its workers: `redis://…`, `amqp://…`."""

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise SettingsError(f"{VARIABLES[name]} must be from {least:g} to {most:g}")
        self.check_access()
        if self.jobs:
            from everyrun.workflows.job_types import job_types  # loads what runs nodes

            job_types(self.jobs)

    @property
    def connections(self) -> int:
        """Connections to the ledger that one process uses at once when it is busy."""
        return self.threads + self.ingest_at_once + _CONNECTIONS_ASIDE

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **overrides: Any
    ) -> "ServerSettings":
        """``EVERYRUN_…`` variables over the defaults; overrides that are not None over both."""
        return settings_from(cls, VARIABLES, environ, overrides)


VARIABLES = {each.name: f"EVERYRUN_{each.name.upper()}" for each in fields(ServerSettings)}
"""Setting -> its environment variable."""

_RANGES: dict[str, tuple[float, float]] = {
    "port": (0, 65_535),
    "server_workers": (1, 64),
    "threads": (1, 256),
    "body_limit": (1_024, 1 << 30),
    "json_depth": (4, 1_000),
    "batch_limit": (1, 100_000),
    "ingest_at_once": (1, 64),
    "ingest_waiting": (0, 10_000),
    "drain_seconds": (0, 3_600),
    "query_seconds": (0.1, 3_600),
    "search_seconds": (0.1, 3_600),
    "most_executions": (1, 1_000_000),
    "remembered_seconds": (0, 60),
    "rate_limit": (0, 1e6),
    "rate_burst": (1, 1_000_000),
}
