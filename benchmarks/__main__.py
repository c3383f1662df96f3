"""Measure everything: `python -m benchmarks`."""

import argparse

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from .books import Family
from .checking import Wrong, checked
from .clauses import Row, own_rows, peer_row
from .goals import Measured
from .peers.protocol import Peer, peers
from .report import report
from .rounds_file import keep
from .scaling import books
from .startup import starts
from .subjects import subjects
from .timing import Effort, measured

SEED = 20240901
RESULTS = Path(__file__).with_name("RESULTS.md")


@frozen
class Plan:
    """How much is measured: subjects, effort, big books, starts of a new process."""

    subjects: int
    effort: Effort
    families: Sequence[Family]
    subjects_of_books: int
    starts: int


FULL = Plan(1_000, Effort(7, 0.5, 20), tuple(Family), 200, 9)
QUICK = Plan(2, Effort(1, 0.0, 2), (Family.LIST,), 5, 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check, measure, print and write."""
    options = _options(arguments)
    plan = QUICK if options.quick else FULL
    most_rules = min(10, options.max_rules) if options.quick else options.max_rules
    shapes = {
        "dense": subjects(plan.subjects, SEED, dense=True),
        "sparse": subjects(plan.subjects, SEED + 1, dense=False),
    }
    found, absent = peers()
    rows, unready = _ready(found)
    told = {shape: checked(rows, cases, plan.effort) for shape, cases in shapes.items()}
    run = Measured(
        {
            shape: measured(told[shape].right, cases, plan.effort.rounds)
            for shape, cases in shapes.items()
        },
        list(books(plan.families, most_rules, plan.subjects_of_books, options.limit)),
        starts(shapes["dense"][1], plan.starts),
    )
    wrong = {shape: [*unready, *each.wrong] for shape, each in told.items()}
    versions = {peer.distribution: peer.version for peer in found if peer.distribution}
    text = report(run, wrong, absent, versions)
    print(text)
    options.output.write_text(text, "utf-8")
    if options.pyperf:
        keep(options.pyperf, run.rows)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="try everything on a few records only")
    add("--max-rules", type=int, default=10_000, help="the biggest book to try")
    add("--limit", type=float, default=180.0, help="seconds for each book")
    add("--output", type=Path, default=RESULTS, help="where the report goes")
    add("--pyperf", type=Path, help="also keep the rounds in this file of pyperf")
    return parser.parse_args(arguments)


def _ready(found: list[Peer]) -> tuple[list[Row], list[Wrong]]:
    """Every row that can be made ready, and why the others cannot."""
    rows, unready = own_rows(), []
    for peer in found:
        try:
            rows.append(peer_row(peer))
        except Exception as error:  # noqa: BLE001  # whatever a peer raises is its result
            unready.append(Wrong(peer.name, f"cannot be prepared: {error!r}"))
    return rows, unready


if __name__ == "__main__":
    main()
