"""What somebody who was let in may do."""

from enum import StrEnum


class Role(StrEnum):
    """From the least to the most; ``ingest`` stands apart: it adds events and reads nothing."""

    INGEST = "ingest"
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def allows(self, needed: "Role") -> bool:
        """Whether somebody of this role may do what asks for ``needed``."""
        return needed in _ALLOWED[self]


_ALLOWED = {
    Role.INGEST: frozenset({Role.INGEST}),
    Role.VIEWER: frozenset({Role.VIEWER}),
    Role.OPERATOR: frozenset({Role.VIEWER, Role.OPERATOR, Role.INGEST}),
    Role.ADMIN: frozenset(Role),
}
