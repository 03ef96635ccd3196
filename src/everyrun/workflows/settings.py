"""What an engine may be told by the environment."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from everyrun.domain.errors import SettingsError
from everyrun.nodes.context import NodeSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """How one process runs graphs. Raises :class:`SettingsError` that names the variable."""

    workers: int = 8
    """Node executions of one execution that run in threads at once, at most."""
    tasks: int = 100
    """Asynchronous node executions of one execution that run at once, at most."""
    concurrency: int = 0
    """Node executions of one execution that run at once, at most; 0 for no limit but those two."""
    lease_seconds: float = 30.0
    """Seconds without a sign of life after which others may take an execution over."""
    poll_seconds: float = 0.25
    """Seconds between two looks for requests: cancel, pause, answers."""
    cancel_grace: float = 1.0
    """Seconds between asking a node to stop and killing it."""
    output_limit: int = 4 << 20
    """Bytes of a node's output that are kept whole on record."""
    node_types: str = ""
    """The node types that may run here, separated by commas; empty allows all."""
    private_addresses: bool = False
    """Whether ``http`` nodes may talk to loopback and private addresses."""

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise SettingsError(f"{VARIABLES[name]} must be {least:g} or more")

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, **overrides: Any
    ) -> "EngineSettings":
        """``EVERYRUN_…`` variables over the defaults; overrides that are not None over both."""
        return settings_from(cls, VARIABLES, environ, overrides)

    def for_nodes(self) -> NodeSettings:
        """The part of it that nodes are told."""
        names = {name.strip() for name in self.node_types.split(",")} - {""}
        return NodeSettings(
            allowed_types=frozenset(names) or None,
            private_addresses=self.private_addresses,
            cancel_grace=self.cancel_grace,
            output_limit=self.output_limit,
        )


VARIABLES = {each.name: f"EVERYRUN_{each.name.upper()}" for each in fields(EngineSettings)}
"""Setting -> its environment variable."""

_LEAST = {
    "workers": 1,
    "tasks": 1,
    "concurrency": 0,
    "lease_seconds": 1.0,
    "poll_seconds": 0.01,
    "cancel_grace": 0.0,
    "output_limit": 1_024,
}
_YES = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def settings_from(
    cls: type[Made], variables: Mapping[str, str], environ: Mapping[str, str], overrides: Any
) -> Made:
    """Settings by their variables over the defaults; overrides that are not None over both.

    ``cls`` is a dataclass whose fields all have plain defaults. Raises :class:`SettingsError`.
    """
    values: dict[str, Any] = {}
    for each in fields(cls):
        text = environ.get(variables[each.name])
        if text is not None:
            values[each.name] = _from_text(variables[each.name], text, type(each.default))
    given = {name: value for name, value in overrides.items() if value is not None}
    return cls(**values | given)


def _from_text(variable: str, text: str, kind: type) -> Any:
    if kind is str:
        return text
    if kind is bool:
        if text.strip().lower() not in _YES:
            raise SettingsError(f"{variable}={text!r} is neither 1 nor 0")
        return _YES[text.strip().lower()]
    try:
        number = kind(text)
    except ValueError:
        raise SettingsError(f"{variable}={text!r} is no number") from None
    if kind is float and not math.isfinite(number):
        raise SettingsError(f"{variable}={text!r} must be a finite number")
    return number
