"""``secrets`` in a template: values from the environment, hidden wherever they turn up later."""

import os
from collections.abc import Iterator, Mapping

from everyrun.domain.payloads.hiding import register_secret
from everyrun.domain.suggesting import closest, hint

PREFIX = "EVERYRUN_SECRET_"
"""What a variable's name begins with for templates to read it."""


class Secrets(Mapping[str, str]):
    """``secrets.NAME`` is the environment variable ``EVERYRUN_SECRET_NAME``, and nothing else.

    A value is registered when it is read, so that it is hidden in all that is recorded from then
    on. An empty one counts as missing.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        value = self._environ.get(PREFIX + name) if isinstance(name, str) else None
        if not value:
            raise KeyError(name)
        register_secret(value)
        return value

    def __iter__(self) -> Iterator[str]:
        for variable, value in self._environ.items():
            if variable.startswith(PREFIX) and value:
                yield variable.removeprefix(PREFIX)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return "<secrets>"

    def about_missing(self, name: str) -> str:
        """The sentence about a secret that is not there."""
        return (
            f"there is no secrets.{name}: set the environment variable {PREFIX}{name}"
            f"{hint(closest(name, self))}"
        )
