"""The figures of one run as Markdown, without a word about whose machine it was."""

import os
import platform

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib import metadata

from .checking import Wrong
from .goals import CEL, TRACED, ZEN, Measured, goals, ratio
from .peers.protocol import Absent
from .scaling import Book
from .timing import Figure, overhead

NOTES = """\
Every peer gets *flat facts* made for it beforehand: tables already looked up, the right
listing already found, days as numbers, costs in fen, nothing unknown; CEL and ZEN also
get numbers for texts, as most of their time goes into taking texts from Python.
*incentives, flat facts* gets the same as facts of an `Enterprise`, and the six clauses
written over them ([flat_pack](flat_pack)). All other rows of `incentives` get what
callers hold: an `Enterprise` or `County` with lists of records, in which it finds the
listing and looks up the tables itself, or their JSON. Each row is timed only after it
gave every record the same fen for every rule.

- *incentives* reads outcome, amount and reason code of each of the six rules;
  *reasons of all* makes the reasons for every condition of every rule.
- *all explained* is `to_dict()` and `explain()` of all, with the amounts under every
  other reading of the text, for which no peer has anything.
- *from JSON* starts at a mapping, with validation.
- business-rules has no arithmetic and cannot compare two facts; durable_rules works out
  the share in Python. The numbers of OpenFisca are widened to 64 bits.
- p50 and p99 are of single calls, each a median over rounds in which the rows take turns.
"""


def report(
    run: Measured,
    wrong: Mapping[str, Sequence[Wrong]],
    absent: Sequence[Absent],
    versions: Mapping[str, str],
) -> str:
    """The whole report."""
    parts = [
        "# Results\n",
        _machine(versions),
        NOTES,
        f"An empty call takes {overhead():.0f} ns, which is in every figure.\n",
    ]
    for shape, figures in run.rows.items():
        parts += [
            f"## Six rules, {shape} records\n",
            _rows(figures, wrong[shape], absent),
        ]
    parts += ["## Many rules\n", _books(run.books)]
    parts += ["## A new process\n", _starts(run), "## Goals\n", _goals(run)]
    return "\n".join(parts)


def _machine(versions: Mapping[str, str]) -> str:
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    lines = [
        f"- {date.today().isoformat()}",  # noqa: DTZ011  # the day where it ran
        f"- Python {platform.python_version()}, {platform.system()}",
        f"- {os.cpu_count()} cores, {_memory()}",
        f"- incentives {_version()}",
        f"- peers: {named or 'none'}",
    ]
    return "\n".join(lines) + "\n"


def _version() -> str:
    try:
        return metadata.version("incentives")
    except metadata.PackageNotFoundError:
        return "from a checkout that is not installed"


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "memory unknown"
    return f"{size / 2**30:.1f} GiB of memory"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown, the first column to the left and all others to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows)) + "\n"


def _rows(
    figures: Mapping[str, Figure], wrong: Sequence[Wrong], absent: Sequence[Absent]
) -> str:
    head = ("", "p50 µs", "p99 µs", "× CEL", "× ZEN", "× ZEN traced", "records")
    lines = [
        (
            figure.name,
            f"{figure.p50 / 1000:.2f}",
            f"{figure.p99 / 1000:.2f}",
            *(_times(ratio(figures, figure.name, peer)) for peer in (CEL, ZEN, TRACED)),
            str(figure.records),
        )
        for figure in figures.values()
    ]
    return table(head, lines) + "".join(_left_out(wrong, absent))


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _left_out(wrong: Sequence[Wrong], absent: Sequence[Absent]) -> Iterator[str]:
    if wrong or absent:
        yield "\n"
    for row in wrong:
        yield f"- {row.name}: not timed, {row.reason}\n"
    for peer in absent:
        yield f"- {peer.module}: {peer.reason}\n"


def _books(books: Sequence[Book]) -> str:
    head = (
        "told apart by",
        "rules",
        "load s",
        "kept s",
        "parse alone s",
        "evaluate µs",
        "and total µs",
        "ZEN table µs",
        "dictionary µs",
        "peak MiB",
    )
    lines = [_book(book) for book in books]
    failures = [
        f"- {b.rules} rules by {b.family}: {b.failure}\n" for b in books if b.failure
    ]
    told = ("\n", *failures) if failures else ()
    return table(head, lines) + "".join(told)


def _book(book: Book) -> tuple[str, ...]:
    def figure(name: str, divisor: float, digits: int) -> str:
        value = book.figures.get(name)
        return "" if value is None else f"{value / divisor:.{digits}f}"

    return (
        book.family.value,
        str(book.rules),
        figure("load", 1, 2),
        figure("again", 1, 2),
        figure("parse", 1, 3),
        figure("evaluate", 1000, 1),
        figure("total", 1000, 1),
        figure("zen", 1000, 1),
        figure("index", 1000, 2),
        figure("memory", 2**20, 0),
    )


def _starts(run: Measured) -> str:
    lines = [
        (start.name, f"{start.seconds * 1000:.0f}", f"{start.memory / 2**20:.0f}")
        for start in run.starts
    ]
    return table(("", "ms", "peak MiB"), lines)


def _goals(run: Measured) -> str:
    lines = [
        (
            goal.what,
            f"≤ {goal.most:g} {goal.unit}",
            "" if goal.measured is None else f"{goal.measured:.2f} {goal.unit}",
            goal.verdict,
        )
        for goal in goals(run)
    ]
    return table(("goal", "wanted", "measured", "verdict"), lines)
