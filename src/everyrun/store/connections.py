"""What readers and writers are handed: rooms above the store name the type and nothing more."""

from sqlalchemy import Connection

__all__ = ["Connection"]
