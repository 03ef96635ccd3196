"""Which execution a message belongs to that is about to be sent, or came without our header."""

import sys
from collections import OrderedDict
from typing import Any, NamedTuple

from everyrun.domain.identifiers import new_id
from everyrun.integrations.celery.belonging import Belonging, of_request
from everyrun.integrations.celery.naming import NAME_HEADER, Names
from everyrun.integrations.celery.shapes import Follow, outcome_id, outcome_of
from everyrun.integrations.celery.telling import KIND
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import name_on_record
from everyrun.tracking.places import Place

MOST_REMEMBERED = 1_000
"""Canvases under way that a process remembers: a group is sent one message after the other."""


class Joined(NamedTuple):
    """An execution that a message belongs to."""

    belonging: Belonging
    outcome: str | None = None
    """The id of the canvas's result, when the message begins a canvas of its own."""
    outer: Place | None = None
    """What runs here that the new canvas is part of."""


class Joining:
    """Finds the execution of a message: what sends it, what it is sent with, or a new one."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._begun: OrderedDict[str, Belonging] = OrderedDict()

    def join(self, sender: Any, headers: dict[str, Any], follow: Follow, kwargs: object) -> Joined:
        """The execution of a message; ``sender`` is the request of the task that sends it."""
        place = CURRENT.get()
        inherited = None if sender is None else of_request(sender)
        if place is not None and place.execution.kind == KIND:
            run = place.execution
            run.handed_on = True
            if inherited is None or inherited.execution_id != run.id:
                return Joined(Belonging(run.id, run.workflow))
        if inherited is None and sender is None and headers.get("parent_id"):
            inherited = _of_request_at_hand(headers["parent_id"])
        if inherited is not None:
            return Joined(inherited.inherited())
        return self._begin(headers, follow, kwargs, place)

    def _begin(
        self, headers: dict[str, Any], follow: Follow, kwargs: object, outer: Place | None
    ) -> Joined:
        outcome = outcome_id(follow)
        known = self._begun.get(outcome)
        if known is not None:
            return Joined(known)
        name = _given_name(headers)
        if name is None:
            name = self._names.of_canvas(headers["task"], follow, kwargs)
        belonging = self._begun[outcome] = Belonging(new_id(), name)
        while len(self._begun) > MOST_REMEMBERED:
            self._begun.popitem(last=False)
        return Joined(belonging, outcome, outer)


def _given_name(headers: dict[str, Any]) -> str | None:
    name = headers.get(NAME_HEADER)
    if name is None:
        name = (headers.get("stamps") or {}).get(NAME_HEADER)
    if isinstance(name, list | tuple):
        name = name[0] if name else None
    return name_on_record(name) if name else None


def _of_request_at_hand(task_id: str) -> Belonging | None:
    """What a request belongs to that a worker's main process has at hand.

    It sends messages in a task's name when it settles the task: errbacks, of the task itself or of
    the body that waits for it.
    """
    state = sys.modules.get("celery.worker.state")
    if state is None:
        return None
    request = state.requests.get(task_id)
    if request is not None:
        return of_request(_Headers(request.request_dict))
    for request in list(state.requests.values()):
        chord = request.request_dict.get("chord")
        if chord is not None and outcome_of(chord) == task_id:
            return of_request(_Headers(request.request_dict))
    return None


class _Headers:
    """The headers of a request, as the attributes that they are in a task's own process."""

    def __init__(self, request_dict: dict[str, Any]) -> None:
        self.__dict__.update(request_dict)
