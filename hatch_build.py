"""Builds the page into the wheel, where it was not built before."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface[Any]):
    """An editable installation is left alone: there ``python -m scripts.build_web`` builds it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See :class:`BuildHookInterface`."""
        if version == "editable" or not Path(self.root, "web").is_dir():
            return
        sys.path.insert(0, self.root)
        try:
            from scripts.build_web import build

            build()
        finally:
            sys.path.remove(self.root)
