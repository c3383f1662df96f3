"""How long each row takes for one subject: every call timed, rows taking turns."""

import gc
import statistics

from collections.abc import Callable, Iterable, Sequence
from time import perf_counter_ns
from typing import Any

from attrs import frozen

from .clauses import Row
from .subjects import Subject


@frozen
class Figure:
    """What a row takes for one subject, in nanoseconds: medians over the rounds."""

    name: str
    p50: float
    p99: float
    records: int
    rounds: tuple[float, ...]


@frozen
class Effort:
    """How often to measure: rounds, seconds for each row in one, subjects at least."""

    rounds: int
    seconds: float
    least: int


def measured(
    turns: Sequence[tuple[Row, int]], cases: Sequence[Subject], rounds: int
) -> dict[str, Figure]:
    """Every row by its name, each with so many of the subjects."""
    rows = [row for row, _ in turns]
    counts = {row.name: count for row, count in turns}
    p50: dict[str, list[float]] = {row.name: [] for row in rows}
    p99: dict[str, list[float]] = {row.name: [] for row in rows}
    for turn in range(rounds):
        # Whoever comes first in a round must not be the same in each.
        start = turn % len(rows)
        for row in (*rows[start:], *rows[:start]):
            # New objects each time: nothing may be remembered of those before.
            given = [row.given(case) for case in cases[: counts[row.name]]]
            times = sorted(timed(row.decide, given))
            p50[row.name].append(percentile(times, 50))
            p99[row.name].append(percentile(times, 99))
    return {
        row.name: Figure(
            row.name,
            statistics.median(p50[row.name]),
            statistics.median(p99[row.name]),
            counts[row.name],
            tuple(p50[row.name]),
        )
        for row in rows
    }


def timed(decide: Callable[[Any], Any], given: Iterable[Any]) -> list[int]:
    """The nanoseconds of every single call."""
    gc.collect()
    times = []
    for each in given:
        before = perf_counter_ns()
        decide(each)
        times.append(perf_counter_ns() - before)
    return times


def percentile(ordered: Sequence[int], percent: int) -> float:
    """
    The smallest time that so many percent do not exceed.

    >>> percentile([1, 2, 3, 4], 50), percentile([1, 2, 3, 4], 99)
    (2, 4)
    """
    return ordered[-(-len(ordered) * percent // 100) - 1]


def overhead() -> float:
    """Nanoseconds of an empty call, which are in every figure."""
    return percentile(sorted(timed(lambda _: None, range(10_000))), 50)
