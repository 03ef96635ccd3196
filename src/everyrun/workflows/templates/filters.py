"""The filters of templates: some of Jinja's, as they are or within limits, and a few of our own.

``docs/reference/templates.md`` lists every one of them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import filters as jinja
from jinja2 import pass_context
from jinja2.runtime import Context

from everyrun.workflows.templates import limits
from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.formatting import check_format_of_time, modulo
from everyrun.workflows.templates.limits import Budget
from everyrun.workflows.templates.texts import as_json, as_text

_AS_THEY_ARE = (
    "abs count d default dictsort filesizeformat first groupby items last length map max min "
    "reject rejectattr reverse select selectattr unique"
)
_OF_TEXT = "capitalize lower title trim upper wordcount"
_NOTHING = object()


class BudgetedContext(Context):
    """A rendering, and what it may still make."""

    budget: Budget

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.budget = Budget()


@pass_context
def _join(
    context: BudgetedContext, value: Iterable[Any], separator: str = "", attribute: Any = None
) -> str:
    if attribute is not None:
        value = map(jinja.make_attrgetter(context.environment, attribute), value)
    return limits.join(as_text(separator), map(as_text, value), context.budget)


@pass_context
def _replace(context: BudgetedContext, text: Any, old: str, new: str, count: int = -1) -> str:
    return limits.replace(as_text(text), as_text(old), as_text(new), context.budget, count)


@pass_context
def _indent(
    context: BudgetedContext, text: str, width: int = 4, first: bool = False, blank: bool = False
) -> str:
    text = as_text(text)
    context.budget.text(len(text) + (text.count("\n") + 1) * limits.width(width))
    return jinja.do_indent(text, width, first, blank)


@pass_context
def _format(context: BudgetedContext, text: str, *arguments: Any, **named: Any) -> Any:
    return modulo(as_text(text), named or arguments, context.budget)


@pass_context
def _list(context: BudgetedContext, value: Iterable[Any]) -> list[Any]:
    made = list(value)
    context.budget.items(len(made))
    return made


@pass_context
def _sort(context: BudgetedContext, value: Iterable[Any], *arguments: Any, **named: Any) -> Any:
    return jinja.do_sort(context.environment, _list(context, value), *arguments, **named)


@pass_context
def _batch(context: BudgetedContext, value: Iterable[Any], count: int, fill: Any = None) -> Any:
    if not isinstance(count, int) or count < 1:
        raise Refused("a batch has 1 item or more")
    items = _list(context, value)
    batches = [items[start : start + count] for start in range(0, len(items), count)]
    if fill is not None and batches:
        missing = count - len(batches[-1])
        context.budget.text(missing * limits.measured(fill))
        batches[-1] += [fill] * missing
    return batches


@pass_context
def _sum(
    context: BudgetedContext, value: Iterable[Any], attribute: Any = None, start: Any = 0
) -> Any:
    if attribute is not None:
        value = map(jinja.make_attrgetter(context.environment, attribute), value)
    total = start
    for item in value:
        total = limits.add(total, item, context.budget)
    return total


def _round(value: Any, precision: int = 0, method: str = "common") -> Any:
    if not isinstance(precision, int) or abs(precision) > 300:
        raise Refused("a number is rounded to 300 digits at most")
    return jinja.do_round(value, precision, method)  # type: ignore[arg-type]


def _int(value: Any, default: Any = _NOTHING, base: int = 10) -> Any:
    """Jinja's own answers 0 for what is no number: a wrong value that nobody sees."""
    try:
        if isinstance(value, str):
            return int(value, base) if base != 10 else _whole(value)
        return int(value)
    except (TypeError, ValueError, OverflowError):
        if default is not _NOTHING:
            return default
        raise Refused(f"{as_text(value)!r:.80} is no whole number") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return int(float(text))


def _float(value: Any, default: Any = _NOTHING) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        if default is not _NOTHING:
            return default
        raise Refused(f"{as_text(value)!r:.80} is no number") from None


@pass_context
def _tojson(
    context: BudgetedContext, value: Any, indent: int | None = None, sort_keys: bool = False
) -> str:
    if indent is not None and not 0 <= limits.width(indent) <= 16:
        raise Refused("JSON is indented by 16 spaces at most")
    made = as_json(value, indent, sort_keys=sort_keys)
    context.budget.text(len(made))
    return made


@pass_context
def _fromjson(context: BudgetedContext, text: Any) -> Any:
    context.budget.text(len(text) if isinstance(text, str | bytes) else 0)
    try:
        return json.loads(text)
    except (TypeError, ValueError) as error:
        raise Refused(f"this is no JSON: {error}") from error


def _datetime(value: Any, zone: str | None = None) -> datetime:
    """A time, seconds since 1970 or ISO 8601 text -> a time with a zone, UTC if unnamed."""
    if isinstance(value, bool):
        raise Refused("true and false are no times")
    try:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone follows
        elif isinstance(value, int | float):
            moment = datetime.fromtimestamp(value, UTC)
        else:
            moment = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise Refused(f"{as_text(value)!r:.80} is no time: {error}") from None
    named = _zone(zone)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=named or UTC)
    return moment if named is None else moment.astimezone(named)


def _strftime(value: Any, form: str = "%Y-%m-%d %H:%M:%S", zone: str | None = None) -> str:
    check_format_of_time(form)
    return _datetime(value, zone).strftime(form)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"there is no time zone {name!r:.80}") from None


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """One of Jinja's filters, of a value as it stands in text."""

    def filtered(value: Any, *arguments: Any, **named: Any) -> Any:
        return function(as_text(value), *arguments, **named)

    return filtered


@pass_context
def _truncate(
    context: BudgetedContext,
    value: Any,
    length: int = 255,
    killwords: bool = False,
    end: str = "...",
    leeway: int | None = None,
) -> str:
    return jinja.do_truncate(context.environment, as_text(value), length, killwords, end, leeway)


@pass_context
def _urlencode(context: BudgetedContext, value: Any) -> str:
    """Text for a path, or a mapping for a query."""
    from urllib.parse import quote, urlencode

    if isinstance(value, Mapping):
        made = urlencode({as_text(key): as_text(part) for key, part in value.items()})
    else:
        made = quote(as_text(value))
    context.budget.text(len(made))
    return made


@pass_context
def _quote(context: BudgetedContext, value: Any) -> str:
    """One word of a shell's command line."""
    from shlex import quote

    made = quote(as_text(value))
    context.budget.text(len(made))
    return made


FILTERS: Mapping[str, Callable[..., Any]] = {
    **{name: jinja.FILTERS[name] for name in _AS_THEY_ARE.split()},
    **{name: _of_text(jinja.FILTERS[name]) for name in _OF_TEXT.split()},
    "batch": _batch,
    "datetime": _datetime,
    "float": _float,
    "format": _format,
    "fromjson": _fromjson,
    "indent": _indent,
    "int": _int,
    "join": _join,
    "list": _list,
    "quote": _quote,
    "replace": _replace,
    "round": _round,
    "sort": _sort,
    "strftime": _strftime,
    "string": as_text,
    "sum": _sum,
    "tojson": _tojson,
    "truncate": _truncate,
    "urlencode": _urlencode,
}
"""Every filter by its name."""
