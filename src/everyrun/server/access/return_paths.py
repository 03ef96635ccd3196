"""Where a browser goes after signing in: somewhere on this server, and nowhere else."""

import re

HOME = "/"
_LONGEST = 2_000
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*", re.ASCII)
"""Visible ASCII without a backslash, which browsers take for a slash."""


def safe_return_path(text: str | None) -> str:
    """The path, where it stays on this server; else the first page (no open redirect)."""
    if text is None or len(text) > _LONGEST or not _PATH.fullmatch(text):
        return HOME
    return text
