"""What is a template, and which templates are no more than the path of a name."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_PATH = re.compile(
    r"\{\{\s*([^\W\d]\w*)((?:\.[^\W\d]\w*|\[(?:'[^'\\\n]*'|\"[^\"\\\n]*\"|\d{1,9})\])*)\s*\}\}"
)
_STEP = re.compile(r"\.(\w+)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]")

KEYWORDS = frozenset(
    ("true", "false", "none", "True", "False", "None", "not", "and", "or", "if", "else", "is", "in")
)
"""What is no name in an expression."""


class Step(NamedTuple):
    """One step from a value to a part of it: ``.key`` or ``[key]``."""

    key: str | int
    dotted: bool


class NamePath(NamedTuple):
    """``nodes.fetch.output[0]``: a name, and the steps from it."""

    name: str
    steps: tuple[Step, ...]

    def text(self, length: int | None = None) -> str:
        """As it is written, with the first ``length`` steps only."""
        return self.name + "".join(
            f".{step.key}" if step.dotted else f"[{step.key!r}]" for step in self.steps[:length]
        )


def has_template(text: str) -> bool:
    """Whether a text is a template. ``{#`` alone is not: shells use it."""
    return "{{" in text or "{%" in text


def is_template(value: Any) -> bool:
    """Whether a template is anywhere inside a value."""
    if isinstance(value, str):
        return has_template(value)
    if isinstance(value, Mapping):
        return any(is_template(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_template(item) for item in value)


def name_path(text: str) -> NamePath | None:
    """The path, where that is all that the template is."""
    matched = _PATH.fullmatch(text)
    if matched is None or matched[1] in KEYWORDS:
        return None
    steps = []
    for found in _STEP.finditer(matched[2]):
        dotted, *quoted, number = found.groups()
        if dotted is not None:
            steps.append(Step(dotted, True))
        elif number is not None:
            steps.append(Step(int(number), False))
        else:
            steps.append(Step(next(key for key in quoted if key is not None), False))
    return NamePath(matched[1], tuple(steps))
