"""One big book in a process of its own: `python -m benchmarks.book_trial county 100 200`."""

import json
import random
import statistics
import sys
import tempfile

from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

import incentives

from .book_peers import index, zen_table
from .books import AS_OF, HITS, Family, due, flat, record, write_book
from .processes import peak_memory
from .timing import percentile, timed

ROUNDS = 3

#: What one round may take; fewer of the subjects are tried where they take longer.
SECONDS = 2.0


def trial(family: Family, count: int, subjects: int) -> dict[str, Any]:
    """Seconds to load, nanoseconds for each subject, bytes at the peak."""
    with tempfile.TemporaryDirectory() as directory:
        write_book(Path(directory), family, count)
        parse = _seconds(lambda: _parse(Path(directory)))
        before = perf_counter()
        book = incentives.load(directory)
        load = perf_counter() - before
        again = _load_again(Path(directory))
    chance = random.Random(count)  # noqa: S311  # figures, not secrets
    groups = [chance.randrange(-(-count // HITS)) for _ in range(subjects)]
    own = _own(family, count, book, groups)
    memory = peak_memory()
    return {
        "parse": parse,
        "load": load,
        "again": again,
        "memory": memory,
        **own,
        **_peers(family, count, groups),
    }


def _load_again(directory: Path) -> float:
    """Seconds to load what was kept of the same files."""
    with tempfile.TemporaryDirectory() as cache:
        incentives.load(directory, cache=cache)
        return _seconds(lambda: incentives.load(directory, cache=cache))


def _own(
    family: Family, count: int, book: incentives.RuleBook, groups: list[int]
) -> dict[str, float]:
    def evaluated(subject: incentives.Enterprise) -> incentives.Assessment:
        return incentives.evaluate(subject, as_of=AS_OF, rules=book)

    def total(subject: incentives.Enterprise) -> Any:
        return evaluated(subject).total

    given = [
        incentives.Enterprise.from_dict(record(family, group), rules=book)
        for group in groups
    ]
    _check("incentives", total, zip(groups, given, strict=True), count)
    return {"evaluate": _p50(evaluated, given), "total": _p50(total, given)}


def _peers(family: Family, count: int, groups: list[int]) -> dict[str, float]:
    peers = {"index": index(family, count), "zen": zen_table(family, count)}
    given = [flat(family, group) for group in groups]
    figures = {}
    for name, decide in peers.items():
        if decide is not None:
            _check(name, decide, zip(groups, given, strict=True), count)
            figures[name] = _p50(decide, given)
    return figures


def _check(
    name: str,
    decide: Callable[[Any], Any],
    cases: Iterable[tuple[int, Any]],
    count: int,
) -> None:
    """Raise SystemExit, should a total be wrong; a few subjects are enough."""
    for group, given in list(cases)[:HITS]:
        if (found := decide(given)) != due(group, count):
            raise SystemExit(
                f"{name}: group {group} gets {found}, not {due(group, count)}"
            )


def _p50(decide: Callable[[Any], Any], given: list[Any]) -> float:
    each = statistics.fmean(timed(decide, given[:HITS]))
    fitting = max(HITS, min(len(given), int(SECONDS * 1e9 / each)))
    rounds = [sorted(timed(decide, given[:fitting])) for _ in range(ROUNDS)]
    return statistics.median(percentile(times, 50) for times in rounds)


def _parse(directory: Path) -> None:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    for path in directory.glob("*.yaml"):
        yaml.compose(path.read_text("utf-8"), Loader=loader)


def _seconds(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return perf_counter() - before


if __name__ == "__main__":
    print(json.dumps(trial(Family(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
