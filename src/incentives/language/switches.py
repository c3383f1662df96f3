"""
Readings in rule files: any value may be a switch between readings.

A switch is a mapping with the key `reading`, and one key for each value of it::

    sunset:
      reading: last-day
      included: 2027-12-31
      excluded: 2027-12-30

For a reading that is an ISO date, the branch `date` stands, and in it the word
`the date` stands for the date that was read. The keywords may be Chinese (解读, 日期,
所读日期); the values of a reading are names, which have no translation.
"""

from collections.abc import Iterator
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence

import attrs

from ..errors import closest, did_you_mean, listed, one_of
from ..policy import Reading
from .nodes import Mapping, Node, Problems, Scalar, Sequence
from .words import VALUES

SWITCH = "reading"
ANY_DATE = "date"
THE_DATE = "the date"


def selected(
    node: Node, readings: AbstractMapping[str, str], used: set[str] | None = None
) -> Node:
    """The node with every switch replaced by its branch; ``used`` collects ids."""
    match node:
        case Scalar():
            return node
        case Sequence():
            items = tuple(selected(item, readings, used) for item in node.items)
            return attrs.evolve(node, items=items)
        case Mapping() if is_switch(node):
            reading = reading_id(node)
            if used is not None:
                used.add(reading)
            branch, value = _branch(node, readings.get(reading, ""))
            return _with_date(selected(branch, readings, used), value)
        case _:
            entries = {k: selected(v, readings, used) for k, v in node.entries.items()}
            return attrs.evolve(node, entries=entries)


def is_switch(node: Mapping) -> bool:
    """Whether a mapping is a switch: has the key `reading`, in either language."""
    return node.written(SWITCH) is not None


def branches_of(node: Mapping) -> dict[str, Node]:
    """The branches of a switch by the value of the reading that each is for."""
    found = {}
    for key, entry in node.entries.items():
        if key != node.written(SWITCH):
            found[ANY_DATE if key == node.written(ANY_DATE) else key] = entry
    return found


def reading_id(node: Mapping) -> str:
    """The reading that a switch asks for."""
    named = node.named(SWITCH)
    return named.text if isinstance(named, Scalar) else ""


def _branch(node: Mapping, value: str) -> tuple[Node, str | None]:
    branches = branches_of(node)
    if value in branches:
        return branches[value], None
    if ANY_DATE in branches:
        return branches[ANY_DATE], value
    # A switch with a mistake has been reported; any branch keeps the reader going.
    return next(iter(branches.values()), Scalar("", node.place)), None


def _with_date(node: Node, value: str | None) -> Node:
    if value is None or not isinstance(node, Scalar):
        return node
    return Scalar(value, node.place) if VALUES.says(node.text, THE_DATE) else node


def switches(
    node: Node, outer: AbstractMapping[str, str] | None = None
) -> Iterator[tuple[Mapping, AbstractMapping[str, str]]]:
    """Every switch inside a node, with the readings under which it is reached."""
    choices = outer or {}
    match node:
        case Scalar():
            pass
        case Sequence():
            for item in node.items:
                yield from switches(item, choices)
        case Mapping() if is_switch(node):
            yield node, choices
            for value, entry in branches_of(node).items():
                inner = {**choices, reading_id(node): value}
                yield from switches(entry, inner)
        case _:
            for entry in node.entries.values():
                yield from switches(entry, choices)


def check_switches(
    node: Node, declared: AbstractMapping[str, Reading], problems: Problems
) -> None:
    """Report switches of unknown readings, and branches missing or too many."""
    for switch, _ in switches(node):
        reading = declared.get(reading_id(switch))
        if reading is None:
            known = did_you_mean(reading_id(switch), declared)
            problems.add(
                "unknown-reading",
                f"unknown reading {reading_id(switch)!r}",
                switch.at(SWITCH),
                known or "declare it under readings: in policy.yaml",
            )
            continue
        wanted = [*reading.values, *([ANY_DATE] if reading.any_date else [])]
        given = list(branches_of(switch))
        for key in given:
            if key not in wanted:
                problems.add(
                    "unknown-reading-value",
                    f"the reading {reading.id!r} has no value {key!r}",
                    switch.place_of(key),
                    did_you_mean(key, wanted) or f"expected {one_of(wanted)}",
                )
        meant = [closest(key, wanted) for key in given if key not in wanted]
        missing = [key for key in wanted if key not in (*given, *meant)]
        if missing:
            problems.add(
                "missing-reading-value",
                f"nothing is said for {listed(missing)} of the reading {reading.id!r}",
                switch.place,
            )


def every_branch(
    roots: AbstractSequence[Node],
    declared: AbstractMapping[str, Reading],
    defaults: AbstractMapping[str, str],
) -> Iterator[AbstractMapping[str, str]]:
    """Readings that together reach every branch of every switch at least once."""
    seen: dict[tuple[tuple[str, str], ...], AbstractMapping[str, str]] = {}
    for switch, outer in (found for root in roots for found in switches(root)):
        reading = declared[reading_id(switch)]
        branches = branches_of(switch)
        values = [v for v in reading.values if v in branches]
        values += [value for value in reading.tried if ANY_DATE in branches]
        for value in values:
            wanted = {**outer, reading.id: value}
            # Under the branch `date` any of the days to try will do.
            days = {
                name: declared[name].tried[0]
                for name, v in wanted.items()
                if v == ANY_DATE
            }
            readings = {**defaults, **wanted, **days}
            seen.setdefault(tuple(sorted(readings.items())), readings)
    yield from seen.values() or (defaults,)
