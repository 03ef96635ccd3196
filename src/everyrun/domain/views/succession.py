"""What follows what in an execution that no definition describes: a canvas of Celery."""

import msgspec


class Follows(msgspec.Struct, frozen=True):
    """Nodes named ``node`` follow those named ``after``, in one case at least."""

    node: str
    after: str


class Succession(msgspec.Struct, kw_only=True):
    """All that follows something, in the order of names."""

    items: list[Follows]
