"""The engine's pulse: it keeps leases from running out, and hears what is asked of executions."""

from collections.abc import Callable, Iterable
from threading import Event, Thread

from everyrun.domain.clock import Clock
from everyrun.store.database import Database, is_unavailable
from everyrun.store.leases import held_by, renew
from everyrun.store.requests import Request, requests_of_many

RENEWALS_A_LEASE = 3
"""How often a lease is renewed before it would run out."""


class Keeper:
    """Looks at the ledger for all executions that an engine holds, in a thread of its own."""

    def __init__(
        self,
        database: Database,
        owner: str,
        clock: Clock,
        *,
        poll_seconds: float,
        lease_seconds: float,
        held: Callable[[], Iterable[str]],
        on_request: Callable[[Request], None],
        on_paused: Callable[[str, bool], None],
        on_gone: Callable[[str], None],
        on_broken: Callable[[Exception], None],
    ) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._lease = int(lease_seconds * 1e6)
        self._held = held
        self._on_request = on_request
        self._on_paused = on_paused
        self._on_gone = on_gone
        self._on_broken = on_broken
        self._heard: dict[str, str | None] = {}
        self._renew_at = 0
        self._end = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin, unless it has."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name="everyrun-keeper", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def hear(self, execution_id: str) -> None:
        """Begin with what was asked of an execution before it was held here."""
        with self._database.reading() as connection:
            found = requests_of_many(connection, {execution_id: None})[execution_id]
        self._tell(found)
        self._heard.setdefault(execution_id, None)

    def forget(self, execution_id: str) -> None:
        """It is not held any more."""
        self._heard.pop(execution_id, None)

    def _work(self) -> None:
        while not self._end.wait(self._poll_seconds):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - told to whoever can do something
                # The lease outlasts a database that is away for a moment.
                if not is_unavailable(error):
                    self._on_broken(error)
                    return

    def _look(self) -> None:
        now = self._clock.now()
        held = set(self._held())
        if not held:
            return
        if now >= self._renew_at:
            expires = now + self._lease
            kept = self._database.transact(
                lambda connection: renew(connection, self._owner, held, expires)
            )
            self._renew_at = now + self._lease // RENEWALS_A_LEASE
            for execution_id in held - kept:
                self._on_gone(execution_id)
        with self._database.reading() as connection:
            after = {id_: self._heard.get(id_) for id_ in held}
            found = requests_of_many(connection, after)
            leases = held_by(connection, self._owner)
        for requests in found.values():
            self._tell(requests)
        for lease in leases:
            self._on_paused(lease.execution_id, lease.paused_at is not None)

    def _tell(self, requests: Iterable[Request]) -> None:
        for request in requests:
            known = self._heard.get(request.execution_id)
            if known is None or request.id > known:
                self._heard[request.execution_id] = request.id
                self._on_request(request)
