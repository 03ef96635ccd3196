"""YAML 1.2 by PyYAML's parser events: no tags that make objects, no recursion, places kept.

The C parser is taken where PyYAML has it. Not its composer: that one recurses on the C stack, and
ten thousand brackets end the process.
"""

import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from everyrun.workflows.defining.core_schema import NotStorable, plain_value, tagged_value
from everyrun.workflows.defining.gathering import Gathering, Unreadable
from everyrun.workflows.defining.places import LineAndColumn, Places, Written
from everyrun.workflows.problems import Code, Findings

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAPPING_TAGS = frozenset({None, "!", "tag:yaml.org,2002:map"})
_LIST_TAGS = frozenset({None, "!", "tag:yaml.org,2002:seq"})
_KEY = "a key must be text"
_UNQUOTED = 'a key must be text; if this is meant to be a template, put quotes around it: "{{ … }}"'


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's own parser, for where it was built without the C one."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def _parser(text: str) -> Any:
    if yaml.__with_libyaml__:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]

        return CParser(text)
    return _PureParser(text)


def read_yaml(text: str, file: str | None, findings: Findings) -> Places | None:
    """The text's one document with its places; None where it could not be read to its end."""
    gathering = Gathering(findings, _locate)
    try:
        _gather(_parser(text), gathering)
    except Unreadable:
        return None
    except ReaderError:
        _note_unprintable(text, findings)
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = ", ".join(part for part in (error.context, error.problem) if part)
        place = None if mark is None else _locate(mark)
        findings.add(Code.SYNTAX_ERROR, f"this is not YAML: {message}", (), place=place)
        return None
    whole = gathering.whole or Written(None, None)
    return Places(file, whole, _locate)


def _locate(mark: Any) -> LineAndColumn:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _gather(parser: Any, into: Gathering) -> None:
    documents = 0
    while (event := parser.get_event()) is not None:
        kind = type(event)
        if kind is ScalarEvent:
            _take_scalar(event, into)
        elif kind is MappingStartEvent:
            _check_opening(event, _MAPPING_TAGS, into)
            into.open_mapping(event.start_mark, event.anchor)
        elif kind is SequenceStartEvent:
            _check_opening(event, _LIST_TAGS, into)
            into.open_list(event.start_mark, event.anchor)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            into.close()
        elif kind is AliasEvent:
            _take_alias(event, into)
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                message = "a second document begins here; a file holds one workflow"
                raise into.unreadable(Code.SYNTAX_ERROR, message, event.start_mark)


def _take_scalar(event: Any, into: Gathering) -> None:
    text, mark, plain = event.value, event.start_mark, event.implicit[0]
    if into.wants_key:
        into.key(text, mark, merges=plain and text == "<<")
        return
    value = text
    if plain and event.tag is None:
        try:
            value = plain_value(text)
        except NotStorable as error:
            into.note(Code.NOT_STORABLE, str(error), mark)
    elif event.tag is not None and event.tag != "!":
        value = _tagged(event, into)
    elif "\0" in text:
        into.note(Code.NOT_STORABLE, "text cannot hold the character NUL", mark)
    into.add(value, mark)
    if event.anchor is not None:
        into.anchor(event.anchor, value, mark)


def _tagged(event: Any, into: Gathering) -> Any:
    try:
        return tagged_value(event.tag, event.value)
    except NotStorable as error:
        into.note(Code.NOT_STORABLE, str(error), event.start_mark)
    except LookupError:
        into.note(Code.UNKNOWN_TAG, _unknown_tag(event.tag), event.start_mark)
    except ValueError as error:
        into.note(Code.WRONG_TYPE, str(error), event.start_mark)
    return event.value


def _unknown_tag(tag: str) -> str:
    shown = tag.replace("tag:yaml.org,2002:", "!!")
    return f"the tag {shown} means nothing here; there are !!str, !!int, !!float, !!bool, !!null"


def _check_opening(event: Any, tags: frozenset[str | None], into: Gathering) -> None:
    if into.wants_key:
        braces = type(event) is MappingStartEvent and event.flow_style
        code = Code.UNQUOTED_TEMPLATE if braces else Code.SYNTAX_ERROR
        raise into.unreadable(code, _UNQUOTED if braces else _KEY, event.start_mark)
    if event.tag not in tags:
        into.note(Code.UNKNOWN_TAG, _unknown_tag(event.tag), event.start_mark)


def _take_alias(event: Any, into: Gathering) -> None:
    written, size = into.alias(event.anchor, event.start_mark)
    if not into.wants_key:
        into.add(*written, size)
    elif isinstance(written.value, str):
        into.key(written.value, event.start_mark)
    else:
        raise into.unreadable(Code.SYNTAX_ERROR, _KEY, event.start_mark)


def _note_unprintable(text: str, findings: Findings) -> None:
    """YAML allows few control characters, and the parser only counts bytes up to one."""
    found = _UNPRINTABLE.search(text)
    offset = found.start() if found else 0
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    character = f"U+{ord(text[offset]):04X}" if found else "one"
    message = f"the character {character} cannot stand in YAML"
    findings.add(Code.SYNTAX_ERROR, message, (), place=(line, column))
