"""Which engine runs executions: one of this process, or Celery workers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from everyrun.store.database import Database
    from everyrun.workflows.celery.engine import CeleryEngine, OnLook
    from everyrun.workflows.running.engine import Engine
    from everyrun.workflows.running.equipment import OnEvents

    AnyEngine = Engine | CeleryEngine


def is_celery(executor: str | None) -> bool:
    """Whether executions go to Celery workers; None asks the environment.

    Raises :class:`~everyrun.domain.errors.SettingsError`.
    """
    from everyrun.workflows.celery.settings import CELERY, CelerySettings

    return CelerySettings.from_environment(executor=executor).executor == CELERY


def engine_for(
    database: "Database",
    executor: str | None = None,
    *,
    concurrency: int | None = None,
    on_events: "OnEvents | None" = None,
    on_look: "OnLook | None" = None,
) -> "AnyEngine":
    """An engine. One of this process tells ``on_events`` what happens, as it does.

    Of Celery workers only the record tells: ``on_look`` is called each time that it was looked at.
    Raises :class:`~everyrun.domain.errors.SettingsError`, and :class:`CeleryMissing`.
    """
    from everyrun.workflows.settings import EngineSettings

    settings = EngineSettings.from_environment(concurrency=concurrency)
    if not is_celery(executor):
        from everyrun.workflows.running import Engine

        return Engine(database, settings, on_events=on_events)
    require_celery()
    from everyrun.workflows.celery.engine import CeleryEngine

    return CeleryEngine(database, engine_settings=settings, on_look=on_look)


def require_celery() -> None:
    """Raise :class:`CeleryMissing` where Celery is not installed."""
    from importlib.util import find_spec

    from everyrun.cli.errors import CeleryMissing
    from everyrun.cli.messages import say

    if find_spec("celery") is None:
        raise CeleryMissing(say("celery_missing"))
