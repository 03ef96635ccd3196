"""How executions are described: names, tags, and the context and metadata of R2.12.

What is given is put into a form that can be stored; describing never fails for what it is given.
"""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypedDict

from everyrun.domain.identifiers import canonical_id
from everyrun.domain.payloads import clean_text, register_secret
from everyrun.domain.status import TriggerType, WorkflowKind
from everyrun.tracking import recording

PARENT_VARIABLE = "EVERYRUN_PARENT_EXECUTION_ID"
"""The environment variable that links a program's executions to the one that started it."""

LONGEST_NAME = 500
LONGEST_TAG = 200
LONGEST_TRIGGER = 50
MASK = "***"


class Context(TypedDict, total=False):
    """What an execution works with (R2.12). Parents have their own columns."""

    variables: Mapping[str, Any] | None
    secrets: Mapping[str, Any] | None
    environment: Mapping[str, Any] | None
    retry_info: Mapping[str, Any] | None


class Metadata(TypedDict, total=False):
    """Who wanted an execution, and how (R2.12). Tags have their own column."""

    triggered_by: str | None
    schedule_id: str | None
    priority: int | None
    allow_concurrent: bool | None
    timeout_seconds: float | None
    correlation_id: str | None


def name_on_record(name: object) -> str:
    """A name that can be stored: text, not empty, at most 500 characters."""
    return clean_text(str(name).strip())[:LONGEST_NAME] or "unnamed"


def tags_on_record(tags: str | Iterable[str]) -> list[str]:
    """Each tag once, in the order given, at most 200 characters each. One text is one tag."""
    given = [tags] if isinstance(tags, str) else tags
    cleaned = (clean_text(str(tag).strip())[:LONGEST_TAG] for tag in given)
    return list(dict.fromkeys(tag for tag in cleaned if tag))


def kind_on_record(kind: str) -> str:
    """One of the kinds that workflows are of. Raises ``ValueError`` for any other word."""
    return WorkflowKind(kind).value


def trigger_on_record(trigger: str | None, *, nested: bool) -> str:
    """The trigger as given; else ``parent`` inside another execution, ``manual`` outside."""
    if trigger:
        return clean_text(str(trigger))[:LONGEST_TRIGGER]
    return TriggerType.PARENT.value if nested else TriggerType.MANUAL.value


def external_id_on_record(external_id: object) -> str | None:
    """The caller's own id as text. Of one over 500 characters the end is told by its digest."""
    text = "" if external_id is None else clean_text(str(external_id))
    if len(text) > LONGEST_NAME:
        from hashlib import sha256

        digest = sha256(text.encode()).hexdigest()
        text = text[: LONGEST_NAME - len(digest)] + digest
    return text or None


def context_on_record(given: Mapping[str, Any] | None, named: Context) -> dict[str, Any] | None:
    """``given`` with ``named`` laid over it, redacted. None when there is nothing to say.

    Each secret's value is registered first, so that it is masked wherever it appears; the context
    keeps the secrets' names alone.
    """
    said: dict[str, Any] = dict(given or {})
    said.update({key: value for key, value in named.items() if value is not None})
    if not said:
        return None
    secrets = said.pop("secrets", None)
    names = _hidden(secrets) if isinstance(secrets, Mapping) else None
    context: dict[str, Any] = recording.current().capturer.plain(said) or {}
    if names:
        context["secrets"] = dict.fromkeys(names, MASK)
    return context


def _hidden(secrets: Mapping[Any, Any]) -> list[str]:
    """The names of the secrets, whose values are hidden from now on."""
    for value in secrets.values():
        if value is not None:
            register_secret(value)
    return [clean_text(str(name)) for name in secrets]


def metadata_on_record(given: Mapping[str, Any] | None, named: Metadata) -> dict[str, Any]:
    """``given`` with ``named`` laid over it, redacted; ``triggered_by`` is the user by default."""
    said = {key: value for key, value in named.items() if value is not None}
    if not given and not said:
        return usual_metadata()
    metadata: dict[str, Any] = recording.current().capturer.plain(
        {**usual_metadata(), **(given or {}), **said}
    )
    return metadata


@cache
def usual_metadata() -> dict[str, Any]:
    """What is said of an execution when nothing else is: the operating system's user started it."""
    return {"triggered_by": _system_user()}


class _Inherited:
    """The execution that started this program; None means that the environment is still to tell,
    which it does once."""

    parent: str | None = None


def inherited_parent() -> str | None:
    """The execution that started this program (``EVERYRUN_PARENT_EXECUTION_ID``), if one did."""
    parent = _Inherited.parent
    if parent is None:
        parent = _Inherited.parent = _parent_in_environment()
    return parent or None


def use_inherited_parent(parent: str | None) -> str | None:
    """Let another execution have started this program, or none; answers the former. For tests."""
    former, _Inherited.parent = inherited_parent(), parent or ""
    return former


def _parent_in_environment() -> str:
    try:
        return canonical_id(os.environ.get(PARENT_VARIABLE, ""))
    except ValueError:
        return ""


def _system_user() -> str:
    try:
        import pwd

        return clean_text(pwd.getpwuid(os.getuid()).pw_name)
    except (ImportError, KeyError):
        pass
    for variable in ("USER", "USERNAME"):
        if os.environ.get(variable):
            return clean_text(os.environ[variable])
    return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
