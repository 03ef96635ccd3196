"""Commands that are loaded when they are asked for, so that each starts without the others."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer

from everyrun.cli.coercing import SparingCommand, SparingGroup


class Command(NamedTuple):
    """Where a command is: ``module:function``, or ``module:app`` of a group of commands."""

    place: str
    settings: dict[str, Any] = {}  # noqa: RUF012 - never changed


class Commands(Mapping[str, Any]):
    """Commands by name, in the order in which help names them."""

    def __init__(self, places: Mapping[str, Command]) -> None:
        self._places = places
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = _load(name, self._places[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def group_of(places: Mapping[str, Command]) -> type[SparingGroup]:
    """A class for ``typer.Typer(cls=…)`` whose commands are these."""

    class Group(SparingGroup):
        """Commands that are loaded when they are asked for."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.commands = Commands(places)  # type: ignore[assignment]

    return Group


def _load(name: str, command: Command) -> Any:
    module, _, attribute = command.place.partition(":")
    target = getattr(import_module(module), attribute)
    if isinstance(target, typer.Typer):
        loaded: Any = typer.main.get_group(target)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name, cls=SparingCommand, context_settings=command.settings)(target)
        loaded = typer.main.get_command(alone)
    loaded.name = name
    return loaded
