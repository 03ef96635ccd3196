"""Sends canvases from a process of its own: ``python -m tests.support.celery_sender NAME …``.

Without names, all of them. Prints how many were sent.
"""

import sys

from celery import uuid

from tests.support.celery_application import add, app
from tests.support.celery_canvases import CANVASES, REVOKED, Canvas


def _revoke_one_of(make: Canvas, number: int) -> None:
    """Send a canvas one of whose tasks every worker knows to be revoked."""
    canvas = make()
    chosen = [uuid() for _ in range(3)]
    parts = list(canvas.kwargs.get("tasks") or canvas.kwargs.get("header") or [canvas])
    if "body" in canvas.kwargs:
        parts.append(canvas.kwargs["body"])
    for task_id, part in zip(chosen, parts, strict=False):
        part.set(task_id=task_id)
    replies = app.control.revoke(chosen[number], reply=True, timeout=5, limit=1)
    assert replies, "no worker heard of the revoke"
    canvas.apply_async()


def main(names: list[str]) -> None:
    """Send them; those of which one is revoked first, while the workers have time to listen."""
    sent = 0
    for name, (make, number) in REVOKED.items():
        if not names or name in names:
            _revoke_one_of(make, number)
            sent += 1
    if not names:
        app.control.revoke_by_stamped_headers({"order": "B-18"}, reply=True, timeout=5, limit=1)
        signature = add.s(1)
        signature.stamp(order="B-18")
        signature.apply_async()
        sent += 1
    for name, make in CANVASES.items():
        if not names or name in names:
            make().apply_async()
            sent += 1
    print(sent)


if __name__ == "__main__":
    main(sys.argv[1:])
