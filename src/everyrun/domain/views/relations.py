"""What an execution belongs to, and what belongs to it."""

import msgspec

from everyrun.domain.views.executions import ExecutionSummary


class MemberOfBatch(msgspec.Struct, kw_only=True):
    """The batch that an execution is a member of."""

    id: str
    name: str
    status: str


class Relatives(msgspec.Struct, kw_only=True):
    """Some executions, newest first, of which there may be more: ``complete`` says so."""

    items: list[ExecutionSummary]
    complete: bool


class ExecutionRelations(msgspec.Struct, kw_only=True):
    """An execution among others. What was deleted is None, though the execution came from it.

    ``parent`` started it, ``children`` it started; ``origin`` is what it runs again, ``reruns`` run
    it again.
    """

    id: str
    parent: ExecutionSummary | None
    origin: ExecutionSummary | None
    batch: MemberOfBatch | None
    children: Relatives
    reruns: Relatives
