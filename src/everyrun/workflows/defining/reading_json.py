"""JSON with places: Python's own reader judges it, a second look finds where everything stands."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from everyrun.workflows.defining.core_schema import NotStorable, plain_value
from everyrun.workflows.defining.gathering import DEEPEST, Gathering, Unreadable
from everyrun.workflows.defining.places import LineAndColumn, Places, Written
from everyrun.workflows.problems import Code, Findings

_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|(")|([^\s{}\[\],:"]+))')


def read_json(text: str, file: str | None, findings: Findings) -> Places | None:
    """The text's value with its places; None where it is not JSON."""
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        findings.add(Code.SYNTAX_ERROR, message, (), place=(error.lineno, error.colno))
        return None
    except RecursionError:
        message = f"this is nested more than {DEEPEST} levels deep"
        findings.add(Code.TOO_DEEP, message, ())
        return None
    locate = _locator(text)
    gathering = Gathering(findings, locate)
    try:
        _gather(text, gathering)
    except Unreadable:
        return None
    return Places(file, gathering.whole or Written(None, 0), locate)


def _locator(text: str) -> Callable[[int], LineAndColumn]:
    """From an offset into the text to its line and column."""
    starts: list[int] = []

    def locate(offset: int) -> LineAndColumn:
        if not starts:
            starts.append(0)
            starts.extend(newline.end() for newline in re.finditer("\n", text))
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return locate


def _gather(text: str, into: Gathering) -> None:
    """Go through a text that is JSON for certain."""
    position = 0
    while (token := _TOKEN.match(text, position)) is not None:
        position = token.end()
        mark = position - 1
        sign, quote, literal = token.groups()
        if sign == "{":
            into.open_mapping(mark)
        elif sign == "[":
            into.open_list(mark)
        elif sign in ("}", "]"):
            into.close()
        elif quote:
            string, position = scanstring(text, position)
            _take_string(string, mark, into)
        elif literal:
            into.add(_literal(literal, token.start(3), into), token.start(3))


def _take_string(string: str, mark: int, into: Gathering) -> None:
    if "\0" in string or not _is_unicode(string):
        message = "text cannot hold the character NUL or half of a surrogate pair"
        into.note(Code.NOT_STORABLE, message, mark)
    if into.wants_key:
        into.key(string, mark)
    else:
        into.add(string, mark)


def _is_unicode(string: str) -> bool:
    if string.isascii():
        return True
    try:
        string.encode()
    except UnicodeEncodeError:
        return False
    return True


def _literal(literal: str, mark: int, into: Gathering) -> Any:
    try:
        value = plain_value(literal)
    except NotStorable as error:
        into.note(Code.NOT_STORABLE, str(error), mark)
        return 0
    if isinstance(value, str):  # NaN and Infinity, which Python's reader lets by
        into.note(Code.NOT_STORABLE, f"{literal} is no number that JSON has", mark)
    return value
