"""What an engine looks at: a subject on a day, with records at hand, and its facts."""

from collections.abc import Mapping
from datetime import date

from attrs import evolve, frozen

from ..explanation import Working
from ..facts import Given, Record, Subject
from ..ir import Fact, Figure, Value
from ..known import (
    NOTHING_MISSING,
    Known,
    between,
    exactly,
    hull_of,
)
from ..readers import FactValue
from ..vocabulary import YearlyFigures, inner
from .engine import NOTHING_DUE, Bound, Due


@frozen
class World:
    """
    What is looked at: a subject on a day, and the records at hand by name.

    ``due`` is what other rules come to, by their ids.
    """

    subject: Subject
    as_of: date
    records: Mapping[str, Bound]
    due: Due = NOTHING_DUE

    def with_record(self, binder: str, record: Record | None, path: str) -> "World":
        """The same world with one more record at hand."""
        bound = {**self.records, binder: Bound(record, path)}
        return evolve(self, records=bound)

    def each(self, records: str, binder: str) -> "list[World] | None":
        """A world for every record of a list, None where the list is unknown."""
        given = self.subject.fact(records)
        if given is None:
            return None
        assert isinstance(given, tuple)  # noqa: S101  # declared as a list of records
        return [
            self.with_record(binder, record, f"{records}[{index}]")
            for index, record in enumerate(given)
        ]


def value_of(node: Fact, record: Record) -> Value | None:
    """What a record says of a fact, or its silence about a closed one; else None."""
    given = record.fact(node.name)
    if given is None:
        return node.default
    assert not isinstance(given, tuple | YearlyFigures)  # noqa: S101  # declared as one value
    return _inner(given, node)


def fact_at(node: Fact, world: World) -> Working:
    record: Record | None = world.subject
    path = node.name
    if node.scope:
        bound = world.records[node.scope]
        record = bound.record
        path = bound.path if record is None else f"{bound.path}.{node.name}"
    value = None if record is None else value_of(node, record)
    if value is None:
        known = Known(node.low, node.high, frozenset({path}))
        return Working(node, known, path=path)
    return Working(node, exactly(value), path=path)


def _is_at_hand(node: Fact, world: World) -> bool:
    """Whether who would say it is known: an unknown record says nothing by silence."""
    return not node.scope or world.records[node.scope].record is not None


def _given(node: Fact, world: World) -> tuple[Given, str]:
    """What a record says of a fact, and where it would say it."""
    if not node.scope:
        return world.subject.fact(node.name), node.name
    bound = world.records[node.scope]
    if bound.record is None:
        return None, bound.path
    return bound.record.fact(node.name), f"{bound.path}.{node.name}"


def _inner(given: FactValue, node: Fact) -> Value:
    return inner(given, node.kind, None if node.scale == 1 else node.scale)


def figure_at(node: Figure, year: Working, world: World) -> Working:
    fact = node.fact
    given, path = _given(fact, world)
    figures = dict(given.figures) if isinstance(given, YearlyFigures) else {}
    if not _is_at_hand(fact, world):
        missing = year.known.missing | {path}
        return Working(node, Known(fact.low, fact.high, missing), (year,), path)
    if not year.known.is_known:
        known = _any_figure(fact, figures, year.known.missing, path)
        return Working(node, known, (year,), path)
    path = f"{path}[{year.known.value}]"
    figure = figures.get(int(year.known.value))  # type: ignore[arg-type]  # a year
    if figure is not None:
        known = exactly(_inner(figure, fact))
    elif fact.default is not None:
        known = exactly(fact.default)
    else:
        known = Known(fact.low, fact.high, frozenset({path}))
    return Working(node, known, (year,), path)


def _any_figure(
    fact: Fact, figures: Mapping[int, FactValue], missing: frozenset[str], path: str
) -> Known:
    """What the figure of a year can be that is not known."""
    if fact.default is None:
        lacking = NOTHING_MISSING if figures else frozenset({path})
        return Known(fact.low, fact.high, missing | lacking)
    given = [exactly(_inner(figure, fact)) for figure in figures.values()]
    either = hull_of([exactly(fact.default), *given])
    return between(either.low, either.high, missing)
