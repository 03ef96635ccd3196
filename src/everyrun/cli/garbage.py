"""When Python looks for garbage: not while everything is loaded, and not once more at the end.

Loading makes a hundred thousand objects and no garbage among them; looking through them again and
again takes longer than what a small command does.
"""

import gc

OBJECTS_MADE_BY_LOADING = 200_000
"""Amply."""

_USUAL = gc.get_threshold()


def collect_later() -> None:
    """Let everything be loaded first."""
    gc.set_threshold(OBJECTS_MADE_BY_LOADING)


def collect_as_usual() -> None:
    """From now on as Python does by itself, but never again through what is loaded already."""
    gc.freeze()
    gc.set_threshold(*_USUAL)


def leave_everything() -> None:
    """The process ends: its memory goes back as a whole."""
    gc.freeze()
