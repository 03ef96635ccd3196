"""Making text storable: no NUL and no lone surrogates, which PostgreSQL and UTF-8 refuse.

``clean_text`` is for people: what cannot be stored is shown as an escape. ``escape`` and
``unescape`` are its exact, reversible relatives for labelled strings: there a backslash is doubled.
"""

import re

_ESCAPED = re.compile(r"\\(\\|x00|u[0-9a-f]{4})")


def is_storable(text: str) -> bool:
    """Whether ``text`` has neither NUL nor lone surrogates."""
    if text.isprintable():
        return True
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean_text(text: str) -> str:
    """``text`` with NUL and lone surrogates shown as ``\\x00`` and ``\\udc80``.

    Answers the same object when there is nothing to do.
    """
    return text if is_storable(text) else _shown(text)


def escape(text: str) -> str:
    """Storable text from which :func:`unescape` gives ``text`` again."""
    return _shown(text.replace("\\", "\\\\"))


def unescape(text: str) -> str:
    """The inverse of :func:`escape`."""
    return _ESCAPED.sub(_original, text)


def _shown(text: str) -> str:
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def _original(match: re.Match[str]) -> str:
    code = match[1]
    return "\\" if code == "\\" else chr(int(code[1:], 16))
