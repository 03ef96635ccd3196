"""Finding the sink for a URL: by its scheme, among the installed ``everyrun.sinks`` entry points.

A sink class is called with the URL; one that needs more has a class method ``from_settings``.
"""

from typing import Any

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.ports import Sink
from everyrun.tracking.settings import Settings
from everyrun.tracking.spool.layout import readable_url

GROUP = "everyrun.sinks"


class NoSinkInstalled(SinkUnavailable):
    """Nothing that is installed can write to this ledger."""


def open_sink(settings: Settings) -> Sink:
    """The sink of ``settings.url``.

    Raises :class:`NoSinkInstalled`, or what making the sink raises.
    """
    sink_class = load_sink(settings)
    from_settings = getattr(sink_class, "from_settings", None)
    sink: Sink = from_settings(settings) if from_settings else sink_class(settings.url)
    return sink


def load_sink(settings: Settings) -> Any:
    """What makes the sink of ``settings.url``, its modules loaded and nothing opened.

    Raises :class:`NoSinkInstalled`.
    """
    from importlib.metadata import entry_points  # in the background thread, for it takes 10 ms

    scheme = settings.url.partition("://")[0].partition("+")[0].lower()
    found = entry_points(group=GROUP, name=scheme)
    if not found:
        raise NoSinkInstalled(f"nothing installed writes to {readable_url(settings.url)}")
    try:
        return next(iter(found)).load()
    except ImportError as error:
        raise NoSinkInstalled(
            f"writing to {scheme} needs the server extra: pip install 'everyrun[server]' ({error})"
        ) from error
