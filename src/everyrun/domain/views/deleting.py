"""How many executions a filter means, and what became of deleting them."""

import msgspec


class ExecutionCount(msgspec.Struct, kw_only=True):
    """How many executions filters let through, by status.

    ``complete`` is false when there are more than were counted. ``deletable`` of them have settled
    or are lost; ``confirm`` is what their deletion asks for.
    """

    count: int
    complete: bool
    statuses: dict[str, int]
    deletable: int
    confirm: str


class Deletion(msgspec.Struct, kw_only=True):
    """``deleted`` executions are gone; ``skipped`` ones have not settled, and stay.

    ``remaining``: there are more that the filters let through; ask again.
    """

    deleted: int
    skipped: int
    remaining: bool
