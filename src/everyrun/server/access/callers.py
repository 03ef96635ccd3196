"""Whoever made a request."""

from typing import NamedTuple

from everyrun.domain.roles import Role


class Caller(NamedTuple):
    """Somebody who was let in: by a ``token``, or as a ``user``."""

    kind: str
    id: str
    name: str
    role: Role
