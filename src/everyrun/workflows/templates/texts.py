"""How values stand in text: as JSON writes them, text and times without quotes."""

import json
from collections.abc import Mapping, ValuesView
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.limits import measured
from everyrun.workflows.templates.secret_names import Secrets


def as_text(value: Any) -> str:
    """A value as it stands in text: ``true``, ``null``, ``{"a": 1}``, ``2026-01-15T12:00:00``."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bool | list | tuple | Mapping | AbstractSet | ValuesView):
        return as_json(value)
    if type(value).__module__.startswith("jinja2."):
        raise Refused(f"a {type(value).__name__} is no value")
    return str(value)


def as_json(value: Any, indent: int | None = None, *, sort_keys: bool = False) -> str:
    """A value as JSON. Raises :class:`Refused` for what JSON cannot say."""
    measured(value)
    try:
        return json.dumps(
            value,
            ensure_ascii=False,
            allow_nan=False,
            default=_plain,
            indent=indent,
            sort_keys=sort_keys,
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(f"this cannot be written as JSON: {error}") from error


def _plain(value: Any) -> Any:
    if hasattr(value, "_undefined_name"):  # not there: it says so when it is to be text
        return str(value)
    if isinstance(value, Secrets):
        raise Refused("secrets are read one by one: secrets.NAME")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, AbstractSet | ValuesView):
        return list(value)
    if isinstance(value, UUID | PurePath | Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} is no JSON value")
