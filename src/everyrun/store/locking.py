"""Turns for those who would otherwise look and then write past each other."""

from sqlalchemy import Connection, text

_TAKE = text("SELECT pg_advisory_xact_lock(hashtext(:room), hashtext(:name))")


def take_turns(connection: Connection, room: str, name: str) -> None:
    """Wait until nobody else is in the same room under this name; ours until the transaction ends.

    SQLite's writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE, {"room": f"everyrun {room}", "name": name})
