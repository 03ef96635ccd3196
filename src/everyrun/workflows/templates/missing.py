"""Sentences about names that are not there: what there is instead."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from everyrun.domain.suggesting import which_there_are
from everyrun.workflows.templates.errors import Absent, shortened
from everyrun.workflows.templates.reading import MISSING, read_step
from everyrun.workflows.templates.recognising import NamePath

_MOST_KEYS = 2_000
_SMALL_WORDS = {str: "text", int: "a number", float: "a number", bool: "true or false"}


def about_missing(value: Any, key: Any, path: str | None = None) -> str:
    """That ``value`` has no ``key``; ``path`` is how the template came to it, key included.

    A mapping may say it itself, with a method ``about_missing(key)``.
    """
    own_words = getattr(value, "about_missing", None)
    if callable(own_words) and isinstance(value, Mapping):
        return str(own_words(key))
    named = repr(key) if isinstance(key, str | int | float | None) else f"such {type(key).__name__}"
    subject = f"there is no {shortened(path or named)}"
    if isinstance(value, Mapping):
        return f"{subject}; {_keys(value, key)}"
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(key, int):
        return f"{subject}: the list has {len(value)} {'item' if len(value) == 1 else 'items'}"
    return f"{subject}: what should hold it is {_kind(value)}"


def about_missing_name(names: Mapping[str, Any], name: str) -> str:
    """That there is no name ``name`` to begin with."""
    return f"there is no {shortened(name)}; {which_there_are(name, names)}"


def first_missing(names: Mapping[str, Any], path: NamePath) -> Absent | None:
    """The first step of a path that leads nowhere; None where all lead on."""
    if path.name not in names:
        return Absent(about_missing_name(names, path.name), path.name)
    value = names[path.name]
    for position, step in enumerate(path.steps):
        found = read_step(value, step)
        if found is MISSING:
            return Absent(
                about_missing(value, step.key, path.text(position + 1)),
                step.key,
                is_hyphenated=step.dotted and _hyphenated(value, step.key) is not None,
            )
        value = found
    return None


def _keys(value: Mapping[Any, Any], key: Any) -> str:
    sentence = which_there_are(
        key if isinstance(key, str) else "", map(str, islice(value, _MOST_KEYS))
    )
    hyphenated = _hyphenated(value, key)
    if hyphenated is not None:
        sentence += f"; a key with a hyphen is written ['{hyphenated}']"
    return sentence


def _hyphenated(value: Any, key: Any) -> str | None:
    """The key of a mapping that ``key`` is the beginning of, up to a hyphen."""
    if not isinstance(value, Mapping):
        return None
    beginning = f"{key}-"
    known = islice(value, _MOST_KEYS)
    return next((each for each in known if str(each).startswith(beginning)), None)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return _SMALL_WORDS.get(type(value), f"a {type(value).__name__}")
