"""Build hook: a wheel has one top-level name, ``gisgov``, and carries the other rooms inside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ROOMS = ("api", "maps", "alembic", "fixtures")


class BundleRooms(BuildHookInterface[Any]):
    """Put the rooms below ``gisgov/_bundled``, where `gisgov.paths` finds them; a checkout needs no copy."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the rooms to a wheel that is not an editable one."""
        if version == "editable":
            return
        missing = [room for room in (*_ROOMS, "maps/static") if not (Path(self.root) / room).is_dir()]
        if missing:
            raise FileNotFoundError(f"A wheel needs {', '.join(missing)}: run `make web` first.")
        for room in _ROOMS:
            build_data["force_include"][str(Path(self.root) / room)] = f"gisgov/_bundled/{room}"
