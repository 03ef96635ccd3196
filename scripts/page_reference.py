"""docs/reference/pages.md: every page in two pictures, and all looks among them.

``python -m scripts.take_screenshots`` takes the pictures from the real thing.
"""

from collections.abc import Iterator
from itertools import cycle

PAGES = {
    "dashboard": ("Dashboard", "the day so far, what runs, what failed, what is slow"),
    "executions": ("Executions", "everything that ran, with saved views and filters"),
    "nodes": ("An execution", "how far it is, and its nodes"),
    "graph": ("Its graph", "in the colours of what became of each node"),
    "timeline": ("Its timeline", "waiting, attempts, and the critical path"),
    "log": ("Its log", "levels with counts, search over the whole of it, first error"),
    "data": ("Its input and output", "of the execution and of each node"),
    "attempts": ("Its attempts", "why nodes were tried again"),
    "relations": ("Its relations", "parent, children, reruns, batch"),
    "raw": ("Its record", "as the API gives it"),
    "failed-execution": (
        "One that failed",
        "the error with its place, and where to run it again from",
    ),
    "canvas-graph": ("A canvas of Celery", "with the members that never ran"),
    "workflows": ("Workflows", "their order, switches and last runs"),
    "workflow": ("A workflow", "its runs, figures and versions"),
    "editor": ("The editor", "the graph, the form of a node, and the text"),
    "batches": ("Batches", "executions that were started as one"),
    "batch": ("A batch", "its counts and its executions"),
    "celery": ("Celery", "canvases and how far they are"),
    "tasks": ("Celery's tasks", "how they fare"),
    "workers": ("Celery's workers and queues", "who is up, and what waits"),
    "schedules": ("Schedules", "what starts by itself, and when next"),
    "schedule": ("A schedule", "its next times, and where changed clocks alter them"),
    "schedule-paused": ("A schedule that is paused", "with the reason"),
    "failures": ("Failures", "put together by their reason"),
    "failures-of-one": ("Failures of one workflow", "run again together"),
    "logs": ("Logs", "lines of all executions that contain a text"),
    "storage": ("Storage", "what the ledger takes up, and what waits for it"),
    "settings": ("Settings", "language, theme, zone and refresh"),
    "tokens": ("Tokens", "made, used and revoked"),
    "users": ("Users", "and what each may do"),
    "sessions": ("Sessions", "the browsers that one is in with"),
    "audit": ("The audit log", "who changed what, from where, and how it ended"),
}
"""Name of its pictures -> title, and what is to be seen."""

_LOOKS = (
    ("light-en-1440", "dark-ko-390"),
    ("dark-ko-1440", "light-en-390"),
    ("light-ko-1440", "dark-en-390"),
    ("dark-en-1440", "light-ko-390"),
)
_OPENING = """
# Every page

Made by `python -m scripts.write_reference`; the pictures by `python -m scripts.take_screenshots`,
from a server with something of everything on record. Each page comes in two of its eight looks:
light and dark, English and Korean, 1,440 and 390 pixels wide; with a folder the second command
takes all of them. What can be done on them: [Use the page](../howto/use-the-page.md).
"""


def pictures() -> Iterator[tuple[str, tuple[str, str]]]:
    """Each page's name with the names of its wide and its narrow picture."""
    for name, looks in zip(PAGES, cycle(_LOOKS), strict=False):
        wide, narrow = (f"{name}-{look}" for look in looks)
        yield name, (wide, narrow)


def pages() -> str:
    """docs/reference/pages.md"""
    sections = []
    for name, (wide, narrow) in pictures():
        title, seen = PAGES[name]
        shown = [f"![{title}](../images/pages/{each}.png)" for each in (wide, narrow)]
        sections += [f"## {title}", f"{seen[0].upper()}{seen[1:]}.", *shown]
    return "\n\n".join([_OPENING.strip(), *sections]) + "\n"
