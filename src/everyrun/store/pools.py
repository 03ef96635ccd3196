"""An engine's pool of connections, and the next one after it was disposed of."""

from typing import Any

from sqlalchemy import Engine, event

_OF = "everyrun_pool"


class Pools:
    """Closes connections that come back after their pool was disposed of.

    SQLAlchemy would put them into a pool that nobody has, open until garbage is collected.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._current = 0
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "checkin", self._came_back)

    def dispose(self) -> None:
        """Close what is not in use; what is, is closed once it comes back."""
        self._current += 1
        self._engine.dispose()

    def _opened(self, _driver: Any, record: Any) -> None:
        record.info[_OF] = self._current

    def _came_back(self, _driver: Any, record: Any) -> None:
        if record.info.get(_OF) != self._current:
            record.invalidate()
