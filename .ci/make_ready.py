"""Reads the bundled packs when the library is built, so that nobody waits for it."""

import sys

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MakeReady(BuildHookInterface):  # type: ignore[type-arg]  # hatchling asks for none
    """Writes `src/incentives/_ready`, which travels inside the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Read them with the very code that is packed; a pack with mistakes waits."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from incentives import PackError  # noqa: PLC0415  # found by now
        from incentives.packs import make_ready  # noqa: PLC0415  # likewise

        try:
            make_ready()
        except PackError as error:
            # Whoever loads it is told the same, and everything else works.
            self.app.display_warning(str(error))
