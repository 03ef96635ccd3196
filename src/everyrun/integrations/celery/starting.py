"""Starting a canvas by a name: on record before it is sent, whether or not it can be (R4.4)."""

from collections.abc import Iterable
from typing import Any

from everyrun.integrations.celery.telling import KIND
from everyrun.tracking.executions import execution


def start(
    canvas: Any,
    name: str,
    *,
    input: object = None,  # noqa: A002 - the record's word
    initiated_by: str | None = None,
    chain_id: object = None,
    tags: str | Iterable[str] = (),
    **options: Any,
) -> str:
    """Send ``canvas`` (a signature, chain, group or chord) as the chain ``name``; answer its id.

    ``input`` and ``initiated_by`` are put on record (R4.2), ``options`` go to ``apply_async``.
    The id is ``chain_id`` where the caller has one, unique among all chains, or a new one. It
    finds the chain everywhere an execution is asked for, ``/pipeline/status`` included.

    Raises what ``apply_async`` raises, a broker that is down for instance; the chain is then on
    record as failed, with the reason.
    """
    run = execution(
        name,
        kind=KIND,
        input=input,
        triggered_by=initiated_by,
        external_id=chain_id,
        tags=tags,
    )
    with run:
        try:
            canvas.apply_async(**options)
        except Exception as error:
            error.add_note(f"chain {name!r} is on record as execution {run.id}, failed")
            raise
    return run.id if chain_id is None else str(chain_id)
