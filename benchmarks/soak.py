"""Evaluate for a long time and watch the memory: `python -m benchmarks.soak`."""

import argparse
import gc
import random
import sys
import time

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen

import incentives

from incentives.engines.witness import engines

from .processes import peak_memory
from .subjects import AS_OF, READINGS, subjects

SEED = 20240901
POINTS = 20
#: So many records are made at a time, none of them twice.
BATCH = 1_000
#: Caches fill within the first part of a run: growth is measured after it.
SETTLED = 0.25
#: An allocator breathes: so much more is still flat. Of a million evaluations, one
#: lost object each is several times as much.
TOLERATED = 4 * 1024 * 1024
_MEGABYTE = 1024 * 1024


@frozen
class Point:
    """What the process held after so many evaluations, and how fast the last were."""

    evaluations: int
    resident: int
    speed: float

    def __str__(self) -> str:
        held = self.resident / _MEGABYTE
        return f"{self.evaluations:>12,}  {held:>8.1f} MB  {self.speed:>9,.0f}/s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Evaluate, print the memory on the way and whether it grew; 1 where it did."""
    options = _options(arguments)
    incentives.bundled()
    print(", ".join(f"{name}: {said}" for name, said in engines().items()))
    points = []
    begun = time.perf_counter()
    for point in soaked(options.count, options.seed):
        print(point, flush=True)
        points.append(point)
    print(f"{options.count:,} in {time.perf_counter() - begun:,.0f} s")
    growth = grown(points)
    if growth > TOLERATED:
        print(f"grows by {growth / _MEGABYTE:.1f} MB")
        return 1
    print("flat")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.soak", description=__doc__)
    add = parser.add_argument
    add("--count", type=int, default=1_000_000, help="evaluations (default: a million)")
    add("--seed", type=int, default=SEED, help="of the records")
    return parser.parse_args(arguments)


def soaked(count: int, seed: int) -> Iterator[Point]:
    """So many evaluations of as many records, with the memory on the way."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    step = max(1, count // POINTS)
    spent, since = 0.0, 0
    for done, record in enumerate(_records(count, seed), 1):
        begun = time.perf_counter()
        _used(record, chance)
        spent += time.perf_counter() - begun
        if done % step == 0 or done == count:
            gc.collect()
            yield Point(done, resident(), (done - since) / spent)
            spent, since = 0.0, done


def _records(count: int, seed: int) -> Iterator[Mapping[str, Any]]:
    """Half of them with all that anybody asks for, half with little of it."""
    made = 0
    for batch in range(-(-count // BATCH)):
        many = min(BATCH, count - made)
        for subject in subjects(many, seed + batch, dense=batch % 2 == 0):
            yield subject.record
        made += many


#: Of so many assessments one is read in full, as text and as data.
_READ_EVERY = 50


def _used(record: Mapping[str, Any], chance: random.Random) -> None:
    """An evaluation as a service makes it; a few are read to the last word."""
    readings = READINGS if chance.random() < 1 / 2 else None
    found = incentives.evaluate(record, as_of=AS_OF, readings=readings)
    if chance.randrange(_READ_EVERY) == 0:
        found.to_dict()
        found.show("en")


def grown(points: Sequence[Point]) -> int:
    """How many bytes more the last points hold than the first that are settled."""
    settled = [point.resident for point in points[int(len(points) * SETTLED) :]]
    few = max(1, len(settled) // 4)
    return int(median(settled[-few:]) - median(settled[:few]))


def resident() -> int:
    """The bytes that this process holds now; where nobody tells, the most so far."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii").splitlines()
        now = next((line for line in lines if line.startswith("VmRSS:")), None)
        if now is not None:
            return int(now.split()[1]) * 1024
    return peak_memory()


if __name__ == "__main__":
    sys.exit(main())
