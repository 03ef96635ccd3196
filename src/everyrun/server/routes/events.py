"""The way in for events: ``docs/reference/wire-format.md``."""

import msgspec

from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import Batch
from everyrun.domain.roles import Role
from everyrun.server.batches_of_events import (
    TAKEN_AS,
    BatchTooLarge,
    WireVersionUnknown,
    read_batch,
)
from everyrun.server.lanes import Lane
from everyrun.server.routing import Routes
from everyrun.server.state import Server
from everyrun.server.visit import Visit

routes = Routes("/api/v1", tag="events")
recorders_routes = Routes("/api", tag="events")

_RAISES = (EventRejected, BatchTooLarge, WireVersionUnknown, SinkUnavailable)


class Taken(msgspec.Struct, kw_only=True):
    """A batch is in the ledger, durably: how many events it had."""

    accepted: int


def _lane(server: Server) -> Lane:
    return server.ingest


@routes.post(
    "/events",
    role=Role.INGEST,
    body=Batch,
    takes=TAKEN_AS,
    reader=read_batch,
    lane=_lane,
    answers=Taken,
    raises=_RAISES,
    audit=None,  # the events themselves are the record of it
)
def take_events(visit: Visit, body: Batch) -> Taken:
    """Take a batch of events into the ledger.

    All of it or nothing; taking it again changes nothing. `429` and `503` mean: later.
    """
    visit.server.take(body)
    return Taken(accepted=len(body.events))


@recorders_routes.post(
    "/events",
    role=Role.INGEST,
    body=Batch,
    takes=TAKEN_AS,
    reader=read_batch,
    lane=_lane,
    answers=Taken,
    raises=_RAISES,
    audit=None,  # the events themselves are the record of it
)
def take_events_from_recorders(visit: Visit, body: Batch) -> Taken:
    """Take a batch of events into the ledger, at the address that recorders know.

    The same as `/api/v1/events`.
    """
    return take_events(visit, body)
