"""Bars and spinners, in characters."""

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_TURNS_A_SECOND = 8


def spinner(seconds: float) -> str:
    """What a spinner shows at a moment."""
    return _SPINNER[int(seconds * _TURNS_A_SECOND) % len(_SPINNER)]


def progress_bar(share: float, width: int) -> tuple[str, str]:
    """The done part of a bar and the part to do, ``width`` cells together.

    Full only when all is done, empty only when nothing is.
    """
    share = min(max(share, 0.0), 1.0)
    done = int(share * width)
    if 0 < share and not done:
        done = 1
    return "━" * done, "─" * (width - done)
