"""New Python processes that see the same `incentives`, and how much memory they took."""

import os
import resource
import subprocess
import sys

from collections.abc import Sequence
from pathlib import Path

import incentives

ROOT = Path(__file__).parents[1]


def run(arguments: Sequence[str], seconds: float) -> str:
    """
    What a new Python prints.

    Raises :class:`subprocess.TimeoutExpired` after so many seconds.
    """
    source = str(Path(incentives.__file__).parents[1])
    paths = os.pathsep.join((source, str(ROOT)))
    finished = subprocess.run(  # noqa: S603  # our own programs
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
        timeout=seconds,
    )
    return finished.stdout


def peak_memory() -> int:
    """
    The most bytes that this process has held so far.

    Linux passes `ru_maxrss` on from the parent, so its own record is read first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii").splitlines()
        peak = next((line for line in lines if line.startswith("VmHWM:")), None)
        if peak is not None:
            return int(peak.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
