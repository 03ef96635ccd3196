"""Nodes that run in this process: their claims are kept, and they hear of what is asked of them."""

import logging
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import NamedTuple

from everyrun.domain.errors import LeaseLost
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.store import claims
from everyrun.store.claims import Claim
from everyrun.store.database import is_unavailable
from everyrun.store.requests import Request, requests_of_many
from everyrun.tracking import recording
from everyrun.workflows.celery.passes import Passes
from everyrun.workflows.celery.taking import Taken, Taker
from everyrun.workflows.running.activities import Activity, Ending, Returned
from everyrun.workflows.running.failing import Failure
from everyrun.workflows.running.places import NodePlace
from everyrun.workflows.running.presence import Presence
from everyrun.workflows.running.processes import work_in_process
from everyrun.workflows.running.stopping import PATIENCE

_log = logging.getLogger("everyrun.workers")

RENEWALS_A_LEASE = 3
PAUSE_SECONDS = 1.0
"""Between two tries at putting an outcome on record while the ledger is away."""


class _End(NamedTuple):
    end: Returned | Failure
    ending: Ending | None


class _Hosted:
    """One attempt under way here."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.ended: SimpleQueue[_End | None] = SimpleQueue()
        """How it ended; None when it is not this process's any more."""
        self.ending: Ending | None = None
        self.killed = False
        self.gives_up_at: float | None = None
        timeout = taken.timeout
        self.times_out_at = None if timeout is None else time.monotonic() + timeout


class Host:
    """Runs claimed nodes in this process, so many at once as it is asked to."""

    def __init__(self, passes: Passes) -> None:
        self._passes = passes
        self._settings = passes.engine_settings
        self._presence = Presence(recording.current().settings.home, passes.id)
        self._taker = Taker(passes.id, passes.host, self._settings.lease_seconds, self._send)
        self._lock = Lock()
        self._hosted: dict[str, _Hosted] = {}
        self._heard: dict[str, str | None] = {}
        self._answers: dict[str, list[Request]] = {}
        self._renewed_at = 0.0
        self._closing = Event()
        self._keeper: Thread | None = None

    def run(self, execution_id: str, node_execution_id: str, attempt: int) -> bool:
        """Run an attempt to its end, with that on record; False when it was not there to take."""
        taken = self._passes.take(execution_id, node_execution_id, attempt, self._taker)
        if taken is None:
            return False
        self._finish(self._begin(taken))
        return True

    def adopt(self, claim: Claim) -> bool:
        """Begin what mostly waits, on the event loop; False when it was not there to take."""
        taken = self._passes.take(
            claim.execution_id, claim.node_execution_id, claim.attempt, self._taker
        )
        if taken is None:
            return False
        hosted = self._begin(taken)
        Thread(target=self._finish, args=(hosted,), name="waiting node", daemon=True).start()
        return True

    def close(self) -> None:
        """Look after nothing any more."""
        self._closing.set()
        if self._keeper is not None:
            self._keeper.join()
        self._presence.end()

    # Beginning and ending.

    def _begin(self, taken: Taken) -> _Hosted:
        hosted, activity = _Hosted(taken), taken.activity
        with self._lock:
            self._hosted[activity.id] = hosted
            self._renewed_at = self._renewed_at or time.monotonic()
            if self._keeper is None:
                self._keeper = Thread(target=self._keep, name="claims", daemon=True)
                self._keeper.start()
        if taken.waiting:
            self._hand_what_was_said(hosted)
        self._work(activity)
        return hosted

    def _work(self, activity: Activity) -> None:
        prepared = activity.prepared
        if prepared.is_async:
            activity.start_in_loop()
            return
        work: Callable[[], None] = activity.work
        if prepared.definition.in_process:
            work = _in_process(activity)
        Thread(target=work, name=f"node {activity.label}", daemon=True).start()

    def _send(self, activity: Activity, end: Returned | Failure, place: NodePlace) -> None:
        hosted = self._hosted.get(activity.id)
        if hosted is not None and hosted.taken.activity is activity:
            hosted.ended.put(_End(end, hosted.ending))

    def _finish(self, hosted: _Hosted) -> None:
        """Wait for the end, and put it on record however long that takes."""
        ended = hosted.ended.get()
        try:
            while ended is not None:
                try:
                    self._passes.hand_in(hosted.taken, ended.end, ended.ending)
                    return
                except LeaseLost:
                    _log.info("%s went on elsewhere", hosted.taken.activity.label)
                    return
                except Exception as error:
                    if not is_unavailable(error) or self._closing.wait(PAUSE_SECONDS):
                        raise
        finally:
            with self._lock:
                self._hosted.pop(hosted.taken.activity.id, None)
                if not self._hosted:
                    self._renewed_at = 0.0

    # Looking after what runs.

    def _keep(self) -> None:
        while not self._closing.wait(self._settings.poll_seconds):
            with self._lock:
                hosted = list(self._hosted.values())
            if not hosted:
                continue
            self._tell_the_time(hosted)
            try:
                self._look(hosted)
            except Exception as error:  # noqa: BLE001 - told, and looked at again
                # A claim outlasts a database that is away for a moment.
                if not is_unavailable(error):
                    _log.exception("claims cannot be looked at")

    def _look(self, hosted: list[_Hosted]) -> None:
        database, now = self._passes.database, time.monotonic()
        if now - self._renewed_at >= self._settings.lease_seconds / RENEWALS_A_LEASE:
            expires = self._passes.clock.now() + round(self._settings.lease_seconds * 1e6)
            database.transact(lambda c: claims.renew(c, self._passes.id, expires))
            self._renewed_at = now
        waiting = {each.taken.activity.execution_id for each in hosted if each.taken.waiting}
        with database.reading() as connection:
            held = claims.held_by(connection, self._passes.id)
            after = {id_: self._heard.get(id_) for id_ in waiting}
            news = requests_of_many(connection, after) if after else {}
        for id_, requests in news.items():
            self._keep_answers(id_, requests)
        for each in hosted:
            claim = held.get(each.taken.activity.id)
            if claim is None or claim.attempt != each.taken.claim.attempt:
                self._lose(each)
                continue
            if claim.stop is not None:
                self._stop(each, Status.CANCELLED, "stopped", kill=claim.stop == "kill")
            if each.taken.waiting:
                self._hand_answers(each)

    def _tell_the_time(self, hosted: list[_Hosted]) -> None:
        now = time.monotonic()
        for each in hosted:
            if each.times_out_at is not None and now >= each.times_out_at:
                self._time_is_out(each)
            if each.gives_up_at is not None and now >= each.gives_up_at and each.ending:
                each.ended.put(_End(each.ending.failure, each.ending))

    def _time_is_out(self, each: _Hosted) -> None:
        each.times_out_at = None
        message = f"did not end within {each.taken.timeout or 0.0:g} s"
        names = frozenset({"TimeoutError", "OSError"})
        failure = Failure(CapturedError("TimeoutError", message, ""), names)
        self._end(each, Ending(Status.FAILED, failure), kill=False)

    def _stop(self, each: _Hosted, status: Status, reason: str, *, kill: bool) -> None:
        if each.ending is None or (kill and not each.killed):
            ending = each.ending or Ending(status, Failure(CapturedError("", reason, "")))
            self._end(each, ending, kill=kill)

    def _end(self, each: _Hosted, ending: Ending, *, kill: bool) -> None:
        activity = each.taken.activity
        each.ending, each.killed = ending, each.killed or kill
        activity.ending = ending
        activity.stop(kill=kill)
        own: float | None = getattr(activity.type, "grace", None)
        grace = activity.settings.cancel_grace if own is None else own
        each.gives_up_at = time.monotonic() + (0.0 if kill else grace) + PATIENCE

    def _lose(self, each: _Hosted) -> None:
        """Somebody else has it by now: end it without a word."""
        each.taken.activity.stop(kill=True)
        each.ended.put(None)

    # Answers and signals, for nodes that wait for them.

    def _hand_what_was_said(self, hosted: _Hosted) -> None:
        execution_id = hosted.taken.activity.execution_id
        with self._passes.database.reading() as connection:
            said = requests_of_many(connection, {execution_id: None})[execution_id]
        with self._lock:
            self._answers[execution_id] = said
            self._heard[execution_id] = said[-1].id if said else None
        self._hand_answers(hosted)

    def _keep_answers(self, execution_id: str, requests: list[Request]) -> None:
        if requests:
            with self._lock:
                known = {each.id for each in self._answers.get(execution_id, ())}
                new = [each for each in requests if each.id not in known]
                self._answers.setdefault(execution_id, []).extend(new)
                self._heard[execution_id] = requests[-1].id

    def _hand_answers(self, hosted: _Hosted) -> None:
        activity = hosted.taken.activity
        news = [
            request
            for request in self._answers.get(activity.execution_id, ())
            if request.action in {"answer", "signal"}
            and request.node in {activity.label, activity.prepared.key}
            and request.id not in activity.heard
            and (request.action == "signal" or request.at >= activity.first_started_at)
        ]
        if news:
            activity.tell(news)


def _in_process(activity: Activity) -> Callable[[], None]:
    return lambda: work_in_process(activity)
