"""Tests that count no line which others do not: left out where lines are counted."""

import os
import sys

import pytest

#: Counting lines makes them two or three times as slow. Whoever runs the command of
#: the README runs them all; a machine that tests several versions of Python runs them
#: once, where it counts nothing.
unmeasured = pytest.mark.skipif(
    "CI" in os.environ and ("coverage" in sys.modules or sys.version_info >= (3, 13)),
    reason="it runs on Python 3.12, where no line is counted",
)
