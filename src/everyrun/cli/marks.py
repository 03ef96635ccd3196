"""How a status looks: an icon, a word and a colour, so that none of them stands alone."""

from everyrun.cli.messages import say
from everyrun.domain.status import LogLevel, Status

ICONS: dict[str, str] = {
    Status.PENDING: "◌",
    Status.RUNNING: "▶",
    Status.RETRYING: "↻",
    Status.LOST: "?",
    Status.COMPLETED: "✔",
    Status.FAILED: "✘",
    Status.CANCELLED: "⊘",
    Status.SKIPPED: "↷",
}
STYLES: dict[str, str] = {
    Status.PENDING: "bright_black",
    Status.RUNNING: "cyan",
    Status.RETRYING: "yellow",
    Status.LOST: "magenta",
    Status.COMPLETED: "green",
    Status.FAILED: "bold red",
    Status.CANCELLED: "yellow",
    Status.SKIPPED: "bright_black",
}
LEVEL_STYLES: dict[str, str] = {
    LogLevel.DEBUG: "bright_black",
    LogLevel.INFO: "",
    LogLevel.WARNING: "yellow",
    LogLevel.ERROR: "red",
}
TROUBLED = frozenset({Status.FAILED, Status.LOST, Status.CANCELLED, Status.RETRYING})
"""Statuses that a reader who looks for trouble wants to see."""


def icon(status: str) -> str:
    """The icon of a status; a dot for a word that this version does not know."""
    return ICONS.get(status, "·")


def style(status: str) -> str:
    """The terminal style of a status."""
    return STYLES.get(status, "")


def word(status: str) -> str:
    """The word for a status in the reader's language."""
    return say(f"status_{status}") if status in ICONS else status


def mark(status: str) -> str:
    """Icon and word together."""
    return f"{icon(status)} {word(status)}"
