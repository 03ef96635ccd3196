"""Whoever made a request."""

from typing import NamedTuple

from everyrun.domain.roles import Role


class Caller(NamedTuple):
    """Somebody who was let in: by a ``token``, or as a ``user``.

    ``id`` is the token's or the user's. ``user_id`` is set for a user's own token too.
    ``session_id`` is set for a browser that is in with its cookie.
    """

    kind: str
    id: str
    name: str
    role: Role
    user_id: str | None = None
    session_id: str | None = None
