"""Talking to an Everyrun server from Python: ``from everyrun.client import Client``."""

from everyrun.client.client import Client
from everyrun.client.errors import NotAServer, ServerError, ServerUnreachable, TokenRefused

__all__ = ["Client", "NotAServer", "ServerError", "ServerUnreachable", "TokenRefused"]
