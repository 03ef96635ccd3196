"""The client: a server's API, resource by resource."""

import os
from collections.abc import Mapping
from typing import Self

from everyrun.client.resources.access import Audit, Tokens, Users
from everyrun.client.resources.batches import Batches
from everyrun.client.resources.celery import Celery
from everyrun.client.resources.changes import Changes
from everyrun.client.resources.executions import Executions
from everyrun.client.resources.logs import Logs
from everyrun.client.resources.schedules import Schedules
from everyrun.client.resources.statistics import Statistics
from everyrun.client.resources.workflows import Workflows
from everyrun.client.transport import Transport
from everyrun.domain.errors import SettingsError


class Client:
    """An Everyrun server, asked over HTTP. Threads may share one.

    ``token`` is what the server knows the caller by. ``timeout`` are seconds for each step of a
    request. What only reads is tried again while the server is away or busy; what changes
    something is sent once.

    What the server refuses is raised as the error that it raised, where this process has loaded its
    class (those of ``everyrun.domain.errors`` always), else as
    :class:`~everyrun.client.ServerError`: an ``EveryrunError`` with its ``code`` in any case.
    :class:`~everyrun.client.ServerUnreachable` where nobody answers, and
    :class:`~everyrun.client.TokenRefused`.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        language: str | None = None,
        timeout: float = 30.0,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise SettingsError(f"a server's address begins with http:// or https://, not {url!r}")
        self.transport = Transport(url, token=token, language=language, timeout=timeout)
        self.executions = Executions(self.transport)
        self.logs = Logs(self.transport)
        self.workflows = Workflows(self.transport)
        self.schedules = Schedules(self.transport)
        self.batches = Batches(self.transport)
        self.celery = Celery(self.transport)
        self.statistics = Statistics(self.transport)
        self.changes = Changes(self.transport)
        self.tokens = Tokens(self.transport)
        self.users = Users(self.transport)
        self.audit = Audit(self.transport)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """The server of ``EVERYRUN_URL``, by ``EVERYRUN_TOKEN``. Raises ``SettingsError``."""
        found = os.environ if environ is None else environ
        return cls(found.get("EVERYRUN_URL", ""), token=found.get("EVERYRUN_TOKEN") or None)

    @property
    def url(self) -> str:
        """The server's address."""
        return self.transport.url

    def close(self) -> None:
        """Close the connections; asking afterwards opens them anew."""
        self.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
