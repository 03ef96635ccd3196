"""Values that are of their type already are spared Pydantic, which takes longer to load than we do.

All but numbers and choices come as the texts that they are meant to be.
"""

from typing import Any, get_args, get_origin

from typer.core import TyperCommand, TyperGroup


class _Sparing:
    """Has Typer convert only the values that need it."""

    def get_params(self, ctx: Any) -> list[Any]:
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in parameters:
            if "process_value" not in vars(parameter):
                parameter.process_value = _sparing(parameter)
        return parameters


class SparingCommand(_Sparing, TyperCommand):
    """A command that is spared what it does not need."""


class SparingGroup(_Sparing, TyperGroup):
    """A group of commands that is spared what it does not need."""


def _sparing(parameter: Any) -> Any:
    converting = parameter.process_value
    annotation = parameter.type_descriptor.annotation
    several = parameter.multiple or parameter.nargs != 1

    def process_value(context: Any, value: Any) -> Any:
        if value is None:
            value = () if several else None
        elif several and _is_list_of(annotation, value):
            value = list(value)
        elif several or type(value) is not annotation:
            return converting(context, value)
        if parameter.required and not value:
            return converting(context, value)
        return parameter.callback(context, parameter, value) if parameter.callback else value

    return process_value


def _is_list_of(annotation: Any, values: Any) -> bool:
    if get_origin(annotation) is not list:
        return False
    (wanted,) = get_args(annotation)
    return all(type(value) is wanted for value in values)
