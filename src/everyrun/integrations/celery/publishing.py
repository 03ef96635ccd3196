"""Messages as they are sent: each gets our header, and what it says of its canvas is told.

The header is set before a message is sent and the facts are recorded after: a message that could
not be sent leaves nothing behind that would wait for ever.
"""

import threading
from collections import OrderedDict
from typing import Any

from celery._state import get_current_task

from everyrun.integrations.celery.belonging import (
    HEADER,
    Belonging,
    node_id_of,
    of_request,
    read,
)
from everyrun.integrations.celery.bodies import chord_that_ended, tell_sent, tell_unseen
from everyrun.integrations.celery.expiring import has_expired, tell_expired
from everyrun.integrations.celery.joining import Joined, Joining
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.shapes import (
    Follow,
    Signature,
    anchor_of,
    members_of,
    outcome_of,
    rest_of,
    shares_root,
)
from everyrun.integrations.celery.telling import (
    given_to,
    place_in_canvas,
    tell_canvas,
    tell_member,
    tell_rest,
)
from everyrun.tracking.harmless import harmless

_MOST_ANCHORS = 1_000
_EXPECTED = "_everyrun_expected"

REPLACED = "_everyrun_replaced"
"""Where a request keeps the name of the task that goes on in its place, once that was sent."""

AGAIN = "_everyrun_again"
"""Where a request keeps how many tries came before, beside its retries; none where there is none.
"""

SENT = "_everyrun_sent"
"""Where a request keeps that what comes after it was sent."""

BY_ITSELF = ""
""":data:`REPLACED` by the same task: the node execution goes on."""


class Publishing:
    """Handles ``before_task_publish`` and ``after_task_publish``."""

    def __init__(self, names: Names, joining: Joining) -> None:
        self._names = names
        self._joining = joining
        self._sending = threading.local()
        self._anchors: OrderedDict[str, None] = OrderedDict()

    @harmless
    def before(self, body: Any = None, headers: Any = None, **_: Any) -> None:
        """Say in a message where it belongs."""
        self._sending.now = None
        if not headers or not isinstance(body, tuple):  # task protocol 1 has neither
            return
        sender = _sending_request()
        if headers["retries"] and _goes_on(headers, sender):
            return
        _args, kwargs, embed = body
        follow = Follow(headers["id"], headers["group"], embed["chain"], embed["chord"])
        joined = self._joining.join(sender, headers, follow, kwargs)
        belonging = _note_replacement(sender, headers, joined.belonging)
        if belonging.node_id is None and belonging.replaced:
            node_id = belonging.node_of(headers["id"], headers["task"])
            belonging = belonging._replace(node_id=node_id)
        belonging = belonging._replace(told=not _is_expected(sender, headers["id"]))
        headers[HEADER] = belonging.text
        is_late = has_expired(headers.get("expires"))
        self._sending.now = (headers, joined, belonging, follow, sender, is_late)

    @harmless
    def after(self, body: Any = None, headers: Any = None, **_: Any) -> None:
        """Put on record what was sent."""
        sending = getattr(self._sending, "now", None)
        if sending is None or sending[0] is not headers:
            return
        self._sending.now = None
        _, joined, belonging, follow, sender, is_late = sending
        if not belonging.told:
            sender.__dict__[SENT] = True
        self._tell(joined, belonging, follow, headers, body, sender)
        self.tell_what_follows(belonging, follow, headers["root_id"], sender)
        if is_late:
            node_id = belonging.node_id or node_id_of(headers["id"])
            tell_expired(belonging, node_id, headers["task"], follow, self._names)

    def _tell(
        self,
        joined: Joined,
        belonging: Belonging,
        follow: Follow,
        headers: dict[str, Any],
        body: Any,
        sender: Any,
    ) -> None:
        name = self._names.of(headers["task"])
        body_of = chord_that_ended(sender, follow)
        if joined.outcome is not None and (name is not None or follow.chain or follow.chord):
            tell_canvas(belonging, joined.outcome, joined.outer, eager=False)
        task_id = headers["id"]
        chord = follow.chord
        if name is None:
            if chord is not None and not follow.chain:
                tell_unseen(belonging, chord, self._names)
            return
        if not belonging.told:
            if body_of is not None:
                tell_sent(belonging, task_id, name, body_of)
            return
        node_id = belonging.node_id or node_id_of(task_id)
        tell_member(
            belonging,
            node_id,
            name,
            place_in_canvas(
                task_id,
                parent=headers["parent_id"],
                root=headers["root_id"],
                group=follow.group,
                index=headers["group_index"],
                chord=None if chord is None else outcome_of(chord),
                task_id=None if node_id == task_id else task_id,
                body_of=body_of,
                eta=headers.get("eta"),
            ),
            given_to(body[0], body[1]),
            1 if sender is None else None,
        )

    def tell_what_follows(
        self, belonging: Belonging, follow: Follow, root: str | None, sender: Any = None
    ) -> None:
        """Put the rest of a canvas on record, unless whoever sent an earlier part did."""
        anchor = anchor_of(follow)
        if anchor is None or anchor in self._anchors or _is_expected(sender, anchor):
            return
        self._anchors[anchor] = None
        while len(self._anchors) > _MOST_ANCHORS:
            self._anchors.popitem(last=False)
        known = root if sender is not None or shares_root(follow) else None
        tell_rest(belonging, rest_of(follow), known, self._names)


def _sending_request() -> Any:
    """The request of the task that runs here, if one does."""
    task = get_current_task()
    request = None if task is None else task.request
    return None if request is None or request.id is None else request


def _goes_on(headers: dict[str, Any], sender: Any) -> bool:
    """Whether this is the same task once more: its header came along with its options."""
    belonging = read(headers.get(HEADER))
    if belonging is None:
        return False
    again = 0 if sender is None else sender.__dict__.get(AGAIN, 0)
    if again and sender.id == headers["id"]:
        headers[HEADER] = belonging._replace(again=again).text
    return True


def _note_replacement(sender: Any, headers: dict[str, Any], belonging: Belonging) -> Belonging:
    """What is sent in the place of its sender is told apart from it, though it has its id.

    The task that goes on under the sender's id may be the last of a chain, sent by somebody else.
    """
    nesting = headers.get("replaced_task_nesting") or 0
    if sender is None or nesting <= (sender.replaced_task_nesting or 0):
        return belonging
    if sender.id == headers["id"] and sender.task == headers["task"]:
        sender.__dict__[REPLACED] = BY_ITSELF
        own = of_request(sender)
        return belonging._replace(node_id=None if own is None else own.node_id)
    sender.__dict__[REPLACED] = headers["task"]
    if sender.id not in belonging.replaced:
        belonging = belonging._replace(replaced=(*belonging.replaced, sender.id))
    return belonging


def _is_expected(sender: Any, task_id: str) -> bool:
    """Whether a member that ``sender`` sends was told of when ``sender`` itself was sent."""
    if sender is None or not (sender.chain or sender.chord):
        return False
    expected = sender.__dict__.get(_EXPECTED)
    if expected is None:
        expected = sender.__dict__[_EXPECTED] = frozenset(_next_of(sender))
    return task_id in expected


def _next_of(sender: Any) -> set[str]:
    """The ids of what ``sender`` may send next, and the anchors of what comes after these."""
    steps: list[Signature] = list((sender.chain or ())[-2:])
    if sender.chord is not None:
        steps.append(sender.chord)
    ids: set[str] = set()
    for step in steps:
        ids.update(member.id for member in members_of(step))
        outcome = outcome_of(step)
        if outcome is not None:
            ids.add(outcome)
    return ids
