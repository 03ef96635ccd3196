"""What a recorder may be told, and where it looks for it: overrides, environment, defaults."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from everyrun.domain.errors import SettingsError

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SIZE = re.compile(r"(\d+)\s*(?:([kmg])(?:i?b)?|b)?", re.IGNORECASE)
_RELATIVE_SQLITE = re.compile(r"(sqlite[^:/]*:///)(?!/|:memory:|file:|$|\?)([^?]+)(.*)", re.DOTALL)
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})


def _default_home() -> Path:
    try:
        return Path.home() / ".everyrun"
    except RuntimeError:  # no HOME and no entry in the user database, as in some containers
        import tempfile

        return Path(tempfile.gettempdir()) / f"everyrun-{os.getuid()}"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one process records. Raises :class:`SettingsError` that names the setting."""

    home: Path = field(default_factory=_default_home)
    """Where spools lie, and the ledger when no ``url`` is given."""
    url: str = ""
    """The ledger: ``sqlite:///…``, ``postgresql://…`` or ``http(s)://…``."""
    token: str | None = field(default=None, repr=False)
    """The key that a server asks for."""
    enabled: bool = True
    """False records nothing at all."""
    spool_limit: int = 256 << 20
    """Bytes of unshipped events that one process may keep; past it events are dropped, counted."""
    segment_bytes: int = 4 << 20
    """Bytes after which the spool goes on in a new file."""
    payload_limit: int = 65_536
    """Bytes of one captured payload; what is beyond is cut, visibly."""
    flush_interval: float = 0.2
    """Seconds that events are gathered before they are shipped together."""
    flush_at_exit: float = 5.0
    """Seconds that the end of the process waits for shipping; the rest is shipped later."""
    batch_events: int = 500
    """Events shipped in one batch, at most."""
    batch_bytes: int = 256 << 10
    """Bytes shipped in one batch, at most (a single larger event goes alone)."""
    heartbeat_interval: float = 15.0
    """Seconds of silence after which the recorder says that it is still there."""
    adoption_interval: float = 30.0
    """Seconds between two looks for spools whose process is gone."""
    shipping_share: float = 0.25
    """The part of the time that shipping takes, at most, while the process records; 1 hurries."""

    def __post_init__(self) -> None:
        home = Path(self.home).expanduser().absolute()
        object.__setattr__(self, "home", home)
        object.__setattr__(self, "url", _settled_url(self.url or f"sqlite:///{home}/everyrun.db"))
        for name in _COUNTS:
            _require(name, getattr(self, name), "at least 1", lambda value: value >= 1)
        for name in _SECONDS:
            _require(
                name, getattr(self, name), "seconds, 0 or more", lambda value: 0 <= value < 1e6
            )
        for name in _SHARES:
            _require(name, getattr(self, name), "from 0.001 to 1", lambda v: 0.001 <= v <= 1)
        for name in _PERIODS:
            _require(name, getattr(self, name), "0.01 seconds or more", lambda value: value >= 0.01)

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] = os.environ,
        *,
        on_problem: Callable[[SettingsError], None] | None = None,
        **overrides: Any,
    ) -> "Settings":
        """Overrides win over ``EVERYRUN_…`` variables, these over the defaults.

        An override of None counts as not given. With ``on_problem`` an unusable variable is
        reported there and its default taken instead; an unusable override always raises.
        """
        overrides = {name: value for name, value in overrides.items() if value is not None}
        for name in overrides:
            if name not in _NAMES:
                raise SettingsError(f"{name} is not a setting; there are {', '.join(_NAMES)}")
        values: dict[str, Any] = {}
        for name, variable in VARIABLES.items():
            if name in overrides or variable not in environ:
                continue
            try:
                value = _READERS[name](variable, environ[variable])
                cls(**{name: value})
            except SettingsError as problem:
                if on_problem is None:
                    raise
                on_problem(problem)
            else:
                values[name] = value
        return cls(**values | {name: _typed(name, value) for name, value in overrides.items()})


_NAMES = tuple(each.name for each in fields(Settings))
_COUNTS = ("spool_limit", "segment_bytes", "payload_limit", "batch_events", "batch_bytes")
_SECONDS = ("flush_interval", "flush_at_exit", "heartbeat_interval", "adoption_interval")
_PERIODS = ("heartbeat_interval", "adoption_interval")
_SHARES = ("shipping_share",)

VARIABLES = {name: f"EVERYRUN_{name.upper()}" for name in _NAMES if name != "enabled"} | {
    "enabled": "EVERYRUN_DISABLED"
}
"""Setting -> its environment variable. ``EVERYRUN_DISABLED=1`` is ``enabled=False``."""


def _size(variable: str, text: str) -> int:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise SettingsError(f"{variable}={text!r} is not a size such as 262144, 512KiB or 256MiB")
    return int(found[1]) * _UNITS[(found[2] or "").lower()]


def _count(variable: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise SettingsError(f"{variable}={text!r} is not a whole number")
    return int(text)


def _seconds(variable: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"{variable}={text!r} is not a number of seconds") from None


def _share(variable: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"{variable}={text!r} is not a part such as 0.25") from None


def _switched_off(variable: str, text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise SettingsError(f"{variable}={text!r} is neither 1 nor 0")
    return word in _NO


_READERS: dict[str, Callable[[str, str], Any]] = {
    "home": lambda _, text: Path(text or _default_home()),
    "url": lambda _, text: text.strip(),
    "token": lambda _, text: text.strip() or None,
    "enabled": _switched_off,
    "batch_events": _count,
    **dict.fromkeys(("spool_limit", "segment_bytes", "payload_limit", "batch_bytes"), _size),
    **dict.fromkeys(_SECONDS, _seconds),
    **dict.fromkeys(_SHARES, _share),
}


def _typed(name: str, value: Any) -> Any:
    """An override as its setting's type: text is read as the environment's would be."""
    if isinstance(value, str) and name != "enabled":
        return _READERS[name](name, value)
    return value


def _require(name: str, value: Any, wanted: str, holds: Callable[[Any], bool]) -> None:
    whole = name in _COUNTS
    right_type = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not right_type or not holds(value):
        raise SettingsError(f"{name} ({VARIABLES[name]}) must be {wanted}, not {value!r}")


def _settled_url(url: str) -> str:
    """The URL, with a relative SQLite path made absolute: the process may change directory."""
    if "://" not in url:
        raise SettingsError(
            f"url (EVERYRUN_URL) must look like sqlite:///…, postgresql://… or https://…, "
            f"not {url!r}"
        )
    relative = _RELATIVE_SQLITE.fullmatch(url)
    if relative is None:
        return url
    return f"{relative[1]}{Path(relative[2]).absolute()}{relative[3]}"
