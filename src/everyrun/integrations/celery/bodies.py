"""Bodies of chords: what waits for a whole group, and is sent by whoever ends last.

Whether it will be is decided by a counter in the result backend that sends no signal. So it is put
on record when a body was sent: see ``store.canvases`` for what becomes of one that was not.
"""

from typing import Any

from everyrun.integrations.celery.belonging import Belonging, node_id_of
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.shapes import Follow, Signature, members_of, outcome_of
from everyrun.integrations.celery.telling import BODY_OF, HEADER_IS_UNSEEN, tell_member

UNLOCKING = "celery.chord_unlock"
"""The task that sends bodies where the backend cannot count."""


def chord_that_ended(sender: Any, follow: Follow) -> str | None:
    """The ``chord_id`` of those whose body ``sender`` sends with a message; None of any other."""
    if sender is None:
        return None
    if sender.chord is not None and not sender.chain:
        if any(member.id == follow.task_id for member in members_of(sender.chord)):
            return outcome_of(sender.chord)
    elif sender.task == UNLOCKING:
        return outcome_of(follow.chain[0]) if follow.chain else follow.task_id
    return None


def tell_sent(belonging: Belonging, task_id: str, name: str, chord: str) -> None:
    """A body was sent that has been waiting on record."""
    node_id = belonging.node_id or node_id_of(task_id)
    tell_member(belonging, node_id, name, {BODY_OF: chord}, None)


def tell_unseen(belonging: Belonging, body: Signature, names: Names) -> None:
    """A task was sent that is left out of the record, and this body waits for it."""
    outcome = outcome_of(body)
    for member in members_of(body):
        name = names.of(member.name)
        if member.id == outcome and name is not None:
            node_id = belonging.node_of(member.id, member.name) or node_id_of(member.id)
            tell_member(belonging, node_id, name, {HEADER_IS_UNSEEN: True}, None)
