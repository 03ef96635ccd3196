"""A result backend's results, in batches, through Celery's own reading of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from celery import Celery

from everyrun.domain.brokers import shown_url, without_secrets
from everyrun.domain.errors import EveryrunError

ANSWERS_WITHIN = 30.0
"""Seconds that a Redis backend has for each answer; a connection has a tenth of it."""

_READY = frozenset({"SUCCESS", "FAILURE", "REVOKED"})


class BackendUnreachable(EveryrunError):
    """The result backend does not answer."""

    status_code = 503


class BackendCannotList(EveryrunError, ValueError):
    """Celery can list the results of Redis and of databases alone."""

    status_code = 400


class Result(NamedTuple):
    """One task as its result tells it. ``done_at`` is µs UTC, None before it has ended."""

    task_id: str
    state: str
    done_at: int | None
    name: str | None
    """None unless the application sets ``result_extended``."""
    retries: int | None
    args: Any
    kwargs: Any
    value: Any
    traceback: str | None
    worker: str | None
    relatives: frozenset[str]
    """The ids of its parent, its group and what it sent."""

    @property
    def has_ended(self) -> bool:
        """Whether it has, at a time that is known."""
        return self.state in _READY and self.done_at is not None


class Backend:
    """A result backend. Raises :class:`BackendUnreachable` and :class:`BackendCannotList`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.unreadable = 0
        """Results so far that cannot be decoded: pickled ones, for instance."""
        self._backend = self._opened(extended=True)

    def _opened(self, *, extended: bool) -> Any:
        app = Celery("everyrun", backend=self.url, set_as_current=False, fixups=[])
        app.conf.result_extended = extended
        app.conf.redis_socket_connect_timeout = ANSWERS_WITHIN / 10
        app.conf.redis_socket_timeout = ANSWERS_WITHIN
        try:
            return app.backend
        except _database_errors(self.url) as error:
            raise self._unreachable(error) from error
        except (KeyError, ValueError, ImportError, AttributeError) as error:
            place = shown_url(self.url)
            raise BackendCannotList(f"{place} is no result backend: {error}") from error

    def _unreachable(self, error: Exception) -> BackendUnreachable:
        reason = without_secrets(str(error), self.url)
        return BackendUnreachable(f"the result backend {shown_url(self.url)}: {reason}")

    def batches(self, size: int) -> Iterator[list[Result]]:
        """All results, at most ``size`` at a time, each once or more."""
        try:
            yield from self._batches(size)
        except self._errors() as error:
            raise self._unreachable(error) from error

    def _batches(self, size: int) -> Iterator[list[Result]]:
        if hasattr(self._backend, "client") and hasattr(self._backend.client, "scan_iter"):
            yield from self._of_redis(size)
        elif hasattr(self._backend, "ResultSession"):
            yield from self._of_database(size)
        else:
            raise BackendCannotList(
                f"Celery cannot list the results of {shown_url(self.url)}, only those of Redis "
                "and of databases"
            )

    def _errors(self) -> tuple[type[Exception], ...]:
        known = tuple(getattr(self._backend, "connection_errors", None) or ())
        return (OSError, *known, *_database_errors(self.url))

    def _of_redis(self, size: int) -> Iterator[list[Result]]:
        prefix = self._backend.task_keyprefix.decode()
        keys: list[bytes] = []
        for key in self._backend.client.scan_iter(match=f"{prefix}*", count=size):
            keys.append(key)
            if len(keys) == size:
                yield self._read(keys)
                keys = []
        if keys:
            yield self._read(keys)

    def _read(self, keys: Sequence[bytes]) -> list[Result]:
        values = self._backend.mget(keys)
        decode = self._backend.decode_result
        return self._decoded([partial(decode, value) for value in values if value])

    def _of_database(self, size: int) -> Iterator[list[Result]]:
        if not self._has_names():
            self._backend = self._opened(extended=False)
        table = self._backend.task_cls
        last = 0
        while True:
            session = self._backend.ResultSession()
            try:
                query = session.query(table.id, table.task_id).filter(table.id > last)
                rows = query.order_by(table.id).limit(size).all()
            finally:
                session.close()
            if not rows:
                return
            last = rows[-1][0]
            yield self._decoded([partial(self._read_row, row[1]) for row in rows])

    def _has_names(self) -> bool:
        """Whether the table has the columns that ``result_extended`` fills."""
        session = self._backend.ResultSession()
        try:
            session.query(self._backend.task_cls.name).limit(1).all()
        except _database_errors(self.url):
            return False
        finally:
            session.close()
        return True

    def _read_row(self, task_id: str) -> dict[str, Any]:
        return {**self._backend.get_task_meta(task_id, cache=False), "task_id": task_id}

    def _decoded(self, metas: Sequence[Callable[[], dict[str, Any]]]) -> list[Result]:
        results = []
        for meta in metas:
            try:
                results.append(result_of(meta()))
            except self._errors():
                raise
            except Exception:  # noqa: BLE001 - whatever a decoder raises for another's bytes
                self.unreadable += 1
        return results


def _database_errors(url: str) -> tuple[type[Exception], ...]:
    """What a database raises, by the name that Celery itself has for it."""
    if not url.startswith("db+"):
        return ()
    database: Any = import_module("celery.backends.database")
    return (database.DatabaseError,)


def result_of(meta: dict[str, Any]) -> Result:
    """A result as Celery decodes it. Raises whatever is wrong with it."""
    relatives = {meta.get("parent_id"), meta.get("group_id"), *_ids(meta.get("children"))}
    retries = meta.get("retries")
    return Result(
        task_id=str(meta["task_id"]),
        state=str(meta["status"]),
        done_at=_moment(meta.get("date_done")),
        name=meta.get("name") or None,
        retries=retries if isinstance(retries, int) else None,
        args=meta.get("args"),
        kwargs=meta.get("kwargs"),
        value=meta.get("result"),
        traceback=meta.get("traceback") or None,
        worker=meta.get("worker") or None,
        relatives=frozenset(each for each in relatives if isinstance(each, str) and each),
    )


def _ids(children: Any) -> Iterator[str]:
    """Every id in what a task sent: results as nested lists, or as Celery's own objects."""
    if isinstance(children, str):
        yield children
    elif isinstance(children, list | tuple):
        for child in children:
            yield from _ids(child)
    elif children is not None and hasattr(children, "as_tuple"):
        yield from _ids(children.as_tuple())


def _moment(date: Any) -> int | None:
    if isinstance(date, str):
        date = datetime.fromisoformat(date)
    if not isinstance(date, datetime):
        return None
    aware = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)
