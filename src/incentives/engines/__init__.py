"""
The engines, and which of them decide here: the package is called like a function.

`incentives.engines` names both: what it holds is imported from it, and calling it
answers what :func:`incentives.engines.witness.engines` does.
"""

import sys

from collections.abc import Mapping
from types import ModuleType


class _Engines(ModuleType):
    """A package that can be called."""

    def __call__(self) -> Mapping[str, str]:
        """Which engines decide here, and why one does not."""
        from .witness import engines  # noqa: PLC0415  # only who asks waits for it

        return engines()


sys.modules[__name__].__class__ = _Engines
