"""Rendering: values with templates in them -> values without."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from everyrun.domain.errors import EveryrunError
from everyrun.workflows.templates.compiling import (
    Names,
    Renderer,
    compile_expression,
    compile_template,
)
from everyrun.workflows.templates.errors import Absent, Refused, TemplateError, shortened
from everyrun.workflows.templates.mentioning import paths_in
from everyrun.workflows.templates.missing import first_missing
from everyrun.workflows.templates.recognising import has_template


class Templates:
    """Renders the templates of one definition, each compiled once. Usable from any thread."""

    def __init__(self) -> None:
        self._renderers: dict[str, Renderer] = {}
        self._expressions: dict[str, Renderer] = {}

    def render(self, value: Any, names: Names, place: str) -> Any:
        """A value with its templates rendered, in mappings and lists too; keys are left alone.

        Text that is exactly one ``{{ expression }}`` gives the expression's own value; other text
        with ``{{`` or ``{%`` renders to text. Raises :class:`TemplateError`, which says where and
        which names there are.
        """
        try:
            return self._walk(value, names)
        except _Failed as failed:
            raise TemplateError(failed.place_in(place), failed.sentence) from failed.__cause__

    def evaluate(self, expression: str, names: Names, place: str) -> Any:
        """The value of an expression, with braces or without. Raises :class:`TemplateError`."""
        renderer = self._expressions.get(expression)
        try:
            if renderer is None:
                renderer = self._expressions[expression] = _prepare(expression, compile_expression)
            return _run(renderer, names, expression)
        except _Failed as failed:
            raise TemplateError(place, failed.sentence) from failed.__cause__

    def _walk(self, value: Any, names: Names) -> Any:
        if isinstance(value, str):
            return self._text(value, names) if has_template(value) else value
        if isinstance(value, dict):
            return {key: self._part(key, part, names) for key, part in value.items()}
        if isinstance(value, list):
            return [self._part(position, part, names) for position, part in enumerate(value)]
        return value

    def _part(self, key: str | int, value: Any, names: Names) -> Any:
        try:
            return self._walk(value, names)
        except _Failed as failed:
            failed.path.append(key)
            raise

    def _text(self, text: str, names: Names) -> Any:
        renderer = self._renderers.get(text)
        if renderer is None:
            renderer = self._renderers[text] = _prepare(text, compile_template)
        return _run(renderer, names, text)


class _Failed(Exception):
    """A template gave no value; ``path`` leads from inside out to where it stands."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.path: list[str | int] = []

    def place_in(self, place: str) -> str:
        """``fetch, headers.token``: the place of the whole, and the path."""
        path = "".join(
            f"[{key}]" if isinstance(key, int) else f".{key}" for key in reversed(self.path)
        )
        return ", ".join(part for part in (place, path.removeprefix(".")) if part)


def _prepare(text: str, compiled: Callable[[str], Renderer]) -> Renderer:
    try:
        return compiled(text)
    except EveryrunError as error:
        raise _Failed(str(error)) from error


def _run(renderer: Renderer, names: Names, text: str) -> Any:
    try:
        return renderer(names)
    except Absent as error:
        raise _Failed(_told_with_path(error, names, text)) from error
    except Refused as error:
        raise _Failed(f"{_quoted(text)}: {error}") from error
    except EveryrunError:  # says itself what is wrong: an output that is gone
        raise
    except Exception as error:  # whatever operators and other people's objects raise
        raise _Failed(f"{_quoted(text)}: {type(error).__name__}: {error}") from error


def _told_with_path(error: Absent, names: Names, text: str) -> str:
    """The same, told with the path that leads there, where it is one of names and constants."""
    found = []
    for path in paths_in(text):
        with suppress(EveryrunError):  # another name may be refused, or gone
            found.append(first_missing(names, path))
    for absent in found:
        if absent is not None and absent.is_hyphenated:
            return str(absent)
    for absent in found:
        if absent is not None and absent.key == error.key:
            return str(absent)
    return f"{_quoted(text)}: {error}"


def _quoted(text: str) -> str:
    return shortened(" ".join(text.split()))
