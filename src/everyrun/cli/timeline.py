"""A bar that shows when in an execution something ran, in eighths of a character cell."""

from datetime import datetime

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(
    start: datetime, end: datetime, first: datetime, last: datetime, width: int
) -> tuple[int, str]:
    """Where a bar begins (cells) and its drawing, for ``start``-``end`` within ``first``-``last``.

    What ran at all is at least an eighth of a cell; nothing reaches beyond ``width`` cells.
    """
    whole = (last - first).total_seconds()
    if whole <= 0 or width <= 0:
        return 0, _EIGHTHS[-1] * max(width, 0)
    scale = width * 8 / whole
    begin = min(max(int((start - first).total_seconds() * scale), 0), width * 8 - 1)
    finish = min(max(int((end - first).total_seconds() * scale), begin + 1), width * 8)
    cell = begin // 8
    full, rest = divmod(finish - cell * 8, 8)
    return cell, _EIGHTHS[-1] * full + (_EIGHTHS[rest] if rest else "")
