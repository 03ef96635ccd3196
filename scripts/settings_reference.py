"""docs/reference/settings.md, made from the classes that read the environment."""

import ast
import inspect
from collections.abc import Mapping
from typing import Any

from everyrun.scheduler import settings as scheduler_settings
from everyrun.server import settings as server_settings
from everyrun.tracking import settings as recorder_settings
from everyrun.workflows import settings as engine_settings
from everyrun.workflows.celery import settings as celery_settings

_OPENING = """
# Settings

Made from the code by `python -m scripts.write_reference`; a test keeps it up to date. Settings come
from the environment; times are seconds.

## Recording and reading

`everyrun.configure(name=…)` wins over the environment, the environment over the defaults. Sizes
take units (`512KiB`, `256MiB`). A value that cannot work is named in a warning and its default
taken; `configure` raises `SettingsError` instead.
"""
_ENGINE = """
## Running workflows

Read by whatever runs graphs: `everyrun run`, `everyrun resume`, `everyrun scheduler`, `Graph.run`.
A value that cannot work is an error that names the variable. Secrets of templates are
`EVERYRUN_SECRET_…`, see [templates](templates.md).
"""
_CELERY = """
## Running on Celery workers

Read by `everyrun worker`, and by whatever runs graphs where `EVERYRUN_EXECUTOR` or `--executor`
says `celery`; see [From one machine to many](../howto/from-one-machine-to-many.md).
"""
_SCHEDULER = """
## Scheduling

Read by `everyrun scheduler` and `everyrun serve`, besides the settings above.
"""
_SERVER = """
## Serving

Read by `everyrun serve`, besides all of the settings above.
"""


def settings() -> str:
    """The whole page."""
    parts = [
        (_OPENING, recorder_settings, recorder_settings.Settings, "in `configure`"),
        (_ENGINE, engine_settings, engine_settings.EngineSettings, "name"),
        (_CELERY, celery_settings, celery_settings.CelerySettings, "name"),
        (_SCHEDULER, scheduler_settings, scheduler_settings.SchedulerSettings, "name"),
        (_SERVER, server_settings, server_settings.ServerSettings, "name"),
    ]
    lines: list[str] = []
    for opening, module, kind, column in parts:
        lines += [opening.strip(), "", *_table(kind, module.VARIABLES, column), ""]
    return "\n".join(lines)


def _table(kind: Any, variables: Mapping[str, str], column: str) -> list[str]:
    described, fields = _descriptions(kind), kind.__dataclass_fields__
    rows = [f"| variable | {column} | default | |", "|---|---|---|---|"]
    for name, variable in variables.items():
        default = fields[name].default
        shown = f"`{default}`" if isinstance(default, int | float | str) and default != "" else ""
        rows.append(f"| `{variable}` | `{name}` | {shown} | {described.get(name, '')} |")
    return rows


def _descriptions(kind: type) -> dict[str, str]:
    """The string below each field of a class and its bases, which Python itself throws away."""
    found: dict[str, str] = {}
    for each in reversed(kind.__mro__[:-1]):
        described = ast.parse(inspect.getsource(each)).body[0]
        assert isinstance(described, ast.ClassDef)
        name = None
        for node in described.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name = node.target.id
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and name:
                found[name] = " ".join(str(node.value.value).split()).replace("``", "`")
    return found
