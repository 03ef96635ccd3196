"""Secrets that text betrays by its shape, with or without anybody having registered them.

Every pattern is linear: possessive or bounded repetition, and starts that cannot overlap. Each is
tried only when a fixed piece of it is in the text, because a plain search costs next to nothing.
"""

import re
from collections.abc import Callable

from everyrun.domain.payloads.recognising import normal_form
from everyrun.domain.payloads.registering import MASK

SHORTEST_SHAPE = 5
"""No shape is shorter than this (``pwd=x``)."""

SHORTEST_TOKEN = 16
"""No shape without ``=`` or ``:`` is shorter than this."""

_USERINFO = re.compile(r"://([^\s/:@\"'<>]*+):([^\s/\"'<>]*)@")
_LONE_USER = re.compile(r"://([^\s/:@\"'<>]{16,}+)@")
_AWS_KEY_ID = re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{5,}+\.[\w-]++(?:\.[\w-]*+)?")
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[\s\S]*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z -]*+|\Z)"
)
_BEARER = re.compile(r"(?i:(?<![a-z])bearer) {1,4}[\w.~+/=-]{16,}+")
_ISSUED = re.compile(
    r"(?<![\w-])(?:gh[opsur]_\w{20,}+|github_pat_\w{20,}+|xox[abeoprs]-[\w-]{10,}+"
    r"|sk[-_][\w-]{20,}+|AIza[\w-]{30,}+|glpat-[\w-]{16,}+|er_[0-9A-Za-z]{43}(?!\w))"
)
_GITHUB = re.compile(r"gh[opsur]_")
_EVERYRUN = re.compile(r"er_[0-9A-Za-z]{43}")
_OPTION = re.compile(r"(?<![\w-])--([A-Za-z][\w-]{0,63}+)\s{1,4}(?=[^\s-])")
_KEY = re.compile(
    r"(?<![\w.-])-*+([^\W\d][\w.-]{0,127}+)(?:\\{0,4}[\"'])?"
    r"[^\S\r\n]{0,16}(?:=>|:=|={1,3}|:)[^\S\r\n]{0,16}(?=\S)"
)
_QUOTE = re.compile(r"[bBuU]?(\\{0,4}[\"'])")
_DOUBLE_QUOTED = re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL)
_SINGLE_QUOTED = re.compile(r"(?:[^'\\]|\\.)*+", re.DOTALL)
_BRACKETED = re.compile(r"[\[({][^\[\](){}]*+[\])}]?")
_HEADER = re.compile(r"[^\r\n\"']*+")
_BARE = re.compile(
    r"(?i:(?:bearer|basic|digest|negotiate|apikey|token)\s{1,4})?[^\s&;\"'<>]*+"
)  # fmt: skip
_SHOWN = frozenset({"", MASK, "none", "null", "true", "false"})


def may_hold_token(text: str) -> bool:
    """Whether a shape that needs neither ``=`` nor ``:`` may be in ``text``."""
    return len(text) >= SHORTEST_TOKEN and (
        "eyJ" in text
        or "AKIA" in text
        or "ASIA" in text
        or "-----BEGIN" in text
        or "earer " in text
        or "EARER " in text
        or _may_be_issued(text)
    )


def _may_be_issued(text: str) -> bool:
    return (
        "sk-" in text
        or "sk_" in text
        or "xox" in text
        or "AIza" in text
        or "glpat-" in text
        or "github_pat_" in text
        or ("gh" in text and _GITHUB.search(text) is not None)
        or ("er_" in text and _EVERYRUN.search(text) is not None)
    )


def mask_shapes(
    text: str,
    is_sensitive: Callable[[str], bool],
    hints: tuple[str, ...] | None = None,
    *,
    code: bool = False,
) -> str:
    """``text`` without the secrets that its shapes betray.

    ``is_sensitive`` judges the keys of ``key=value``, ``key: value`` and ``--key value``; a text
    that has none of the ``hints`` has no such key. In ``code`` only quoted values are hidden, for
    there the others are names of things.
    """
    if len(text) < SHORTEST_SHAPE:
        return text
    if "://" in text and "@" in text:
        text = _USERINFO.sub(rf"://\1:{MASK}@", text)
        text = _LONE_USER.sub(rf"://{MASK}@", text)
    if may_hold_token(text):
        text = _mask_tokens(text)
    has_keys, has_options = "=" in text or ":" in text, "--" in text and not code
    if not (has_keys or has_options) or not _has_any(text, hints):
        return text
    if has_keys:
        text = _mask_values(text, _KEY, is_sensitive, code)
    if has_options:
        text = _mask_values(text, _OPTION, is_sensitive, code)
    return text


def _has_any(text: str, hints: tuple[str, ...] | None) -> bool:
    if hints is None:
        return True
    lower = text.lower()
    for hint in hints:  # noqa: SIM110 - a generator would cost more than the search
        if hint in lower:
            return True
    return False


def _mask_tokens(text: str) -> str:
    if "-----BEGIN" in text:
        text = _PRIVATE_KEY.sub(MASK, text)
    if "eyJ" in text:
        text = _JWT.sub(MASK, text)
    if "AKIA" in text or "ASIA" in text:
        text = _AWS_KEY_ID.sub(MASK, text)
    if "earer " in text or "EARER " in text:
        text = _BEARER.sub(f"Bearer {MASK}", text)
    if _may_be_issued(text):
        text = _ISSUED.sub(MASK, text)
    return text


def _mask_values(
    text: str, key: re.Pattern[str], is_sensitive: Callable[[str], bool], code: bool
) -> str:
    kept: list[str] = []
    end = 0
    for match in key.finditer(text):
        if match.start() < end or not is_sensitive(match[1]):
            continue
        first, last = _value_at(text, match, code)
        if text[first:last].strip().lower() in _SHOWN:
            continue
        kept += (text[end:first], MASK)
        end = last
    return "".join(kept) + text[end:] if kept else text


def _value_at(text: str, match: re.Match[str], code: bool) -> tuple[int, int]:
    at = match.end()
    if quote := _QUOTE.match(text, at):
        return quote.end(), _end_of_quoted(text, quote)
    if code:
        return at, at
    if text[at] in "[({":
        pattern = _BRACKETED
    elif ":" in match[0] and normal_form(match[1]).endswith(("authorization", "cookie")):
        pattern = _HEADER
    else:
        pattern = _BARE
    found = pattern.match(text, at)
    return at, found.end() if found else at


def _end_of_quoted(text: str, quote: re.Match[str]) -> int:
    closing = quote[1]
    if len(closing) > 1:
        end = text.find(closing, quote.end())
        return len(text) if end < 0 else end
    pattern = _DOUBLE_QUOTED if closing == '"' else _SINGLE_QUOTED
    found = pattern.match(text, quote.end())
    return found.end() if found else quote.end()
