"""Going through a result backend: first to see what belongs together, then to put it on record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from everyrun.domain.brokers import shown_url
from everyrun.domain.events import AnyEvent
from everyrun.domain.payloads import Capturer
from everyrun.integrations.celery.belonging import node_id_of
from everyrun.integrations.celery.history.facts import events_of, execution_of
from everyrun.integrations.celery.history.families import Families, Family
from everyrun.integrations.celery.history.results import Backend, Result
from everyrun.tracking.describing import name_on_record


class Recorded(NamedTuple):
    """An execution that is on record already."""

    execution_id: str
    workflow: str
    was_imported: bool


Known = Callable[[Iterable[str], int], Mapping[str, Recorded]]
"""Of these node executions, those on record since a moment (µs UTC), each with its execution."""


class Report(msgspec.Struct):
    """What was done, and what a result backend could not say."""

    executions: int = 0
    tasks: int = 0
    on_record: int = 0
    """Tasks that were recorded while they ran: nothing is changed of them."""
    not_ended: int = 0
    """Tasks whose result says that they have not ended; when they began nobody knows."""
    unnamed: int = 0
    """Tasks whose names are not in their results, for want of ``result_extended``."""
    unreadable: int = 0
    """Results that Celery cannot decode."""


class Importing:
    """Imports the history that one backend has. The same once more changes nothing."""

    def __init__(self, backend: Backend, known: Known, capturer: Capturer, size: int) -> None:
        self.report = Report()
        self._backend = backend
        self._known = known
        self._capturer = capturer
        self._size = size
        self._places: dict[str, tuple[Family, Recorded, bool]] = {}

    def batches(self) -> Iterator[list[AnyEvent]]:
        """Events, a batch of results at a time."""
        self._look_through()
        told: set[str] = set()
        seen: set[str] = set()
        for results in self._backend.batches(self._size):
            fresh = [result for result in results if result.task_id not in seen]
            seen.update(result.task_id for result in fresh)
            events = [event for result in fresh for event in self._tell(result, told)]
            if events:
                yield events

    def _look_through(self) -> None:
        families = Families()
        running: set[str] = set()
        for results in self._backend.batches(self._size):
            for result in results:
                families.add(result)
                if not result.has_ended:
                    running.add(result.task_id)
        self.report.not_ended = len(running - set(families.task_ids))
        self.report.unreadable = self._backend.unreadable
        earliest = families.earliest
        if earliest is None:
            return
        ids = {node_id_of(task_id) for task_id in families.task_ids}
        known = self._known(ids, earliest)
        for family in families.all():
            self._place(family, known)

    def _place(self, family: Family, known: Mapping[str, Recorded]) -> None:
        ids = (node_id_of(member.task_id) for member in family.members)
        found = next((known[id_] for id_ in ids if id_ in known), None)
        if found is not None and not found.was_imported:
            self.report.on_record += len(family.members)
            return
        self.report.executions += 1
        place = found or Recorded(family.execution_id, name_on_record(family.name), True)
        for member in family.members:
            self._places[member.task_id] = (family, place, found is None)

    def _tell(self, result: Result, told: set[str]) -> Iterator[AnyEvent]:
        placed = self._places.get(result.task_id)
        if placed is None or not result.has_ended:
            return
        family, place, is_new = placed
        if is_new and place.execution_id not in told:
            told.add(place.execution_id)
            origin = shown_url(self._backend.url)
            yield execution_of(family, place.execution_id, place.workflow, origin)
        self.report.tasks += 1
        self.report.unnamed += result.name is None
        yield from events_of(result, place.execution_id, place.workflow, self._capturer)
