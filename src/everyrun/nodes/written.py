"""Parameters as they were written: values, or templates, of which nothing is known yet."""

from collections.abc import Mapping
from typing import Any, TypeVar

Kind = TypeVar("Kind")


def is_template(value: object) -> bool:
    """Whether a value is text with a template in it."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def written(parameters: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind | None:
    """A parameter's value where it can be judged: it is given, of this type, and no template."""
    value = parameters.get(name)
    return value if isinstance(value, kind) and not is_template(value) else None


def given_together(parameters: Mapping[str, Any], *names: str) -> list[str]:
    """Which of these are given, and not null."""
    return [name for name in names if parameters.get(name) is not None]
