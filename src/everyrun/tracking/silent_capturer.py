"""A capturer that captures nothing, for when nothing is recorded: no work that nobody sees."""

from typing import Any

from everyrun.domain.payloads import CapturedError, Capturer

_NOTHING = CapturedError("", "", "")


class SilentCapturer(Capturer):
    """Answers at once, whatever it is given."""

    def plain(self, value: Any) -> Any:
        """None."""
        return None

    def arguments(
        self, names: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """An empty object."""
        return {}

    def text(self, text: str, max_bytes: int | None = None) -> str:
        """The same text."""
        return text

    def error(self, error: BaseException) -> CapturedError:
        """Nothing about it."""
        return _NOTHING
