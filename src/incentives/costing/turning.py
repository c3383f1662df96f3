"""
On which days an answer may turn, and whose: on every other it is that of the day before.

A few days too many are found rather than one too few: what is watched may turn without
any answer that depends on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl

from attrs import frozen

from ..book import RuleBook
from ..engines.columns.tables import Population, Table
from ..engines.meanings import arithmetic_of, function_of
from ..ir import Add, AsOf, Constant, Elapsed, Fact, InCalendar, Negate, Shift, Term
from ..known import exactly
from .watching import Watch, watched

_DAY = timedelta(days=1)
_PAIRS = {"row": pl.Int64, "day": pl.Date}


@frozen(eq=False)
class Turns:
    """
    The days on which answers may turn: for everybody, and for some by their rows.

    ``some`` has a row for each ``row`` and ``day``, none of these a day for everybody.
    """

    everybody: frozenset[date]
    some: pl.DataFrame

    @property
    def days(self) -> list[date]:
        """All of them, in their order."""
        return sorted(self.everybody.union(self.some["day"].unique()))

    def on(self, day: date) -> pl.Series | None:
        """The rows of those for whom something may turn on a day; None for everybody."""
        if day in self.everybody:
            return None
        return self.some.filter(pl.col("day") == day)["row"]


def turns(
    book: RuleBook, kind: str, population: Population, first: date, last: date
) -> Turns:
    """All days after the first and up to the last on which an answer may turn."""
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    rules = [rule for rule in book if rule.subject == kind]
    everybody: set[date] = set()
    by_fact: defaultdict[str, list[Watch]] = defaultdict(list)
    for watch in watched([*rules, *book.groups]):
        if watch.fact is None:
            everybody |= set(_turning(watch, None, days))
        else:
            by_fact[watch.fact.name].append(watch)
    parts = [pl.DataFrame(schema=_PAIRS)]
    for name, watches in by_fact.items():
        for rows, table in _tables(population, name):
            parts.append(_pairs(rows, table, watches, days))
    some = pl.concat(parts).unique().sort("day", "row")
    return Turns(
        frozenset(everybody),
        some.filter(
            ~pl.col("day").is_in(pl.Series(list(everybody), dtype=pl.Date).implode())
        ),
    )


# --- of one fact -----------------------------------------------------------------------


def _tables(population: Population, name: str) -> Iterator[tuple[pl.Series, Table]]:
    """Where a fact of this name stands: of subjects or of records, and whose it is."""
    if name in population.table.frame.columns:
        yield (
            pl.int_range(len(population), dtype=pl.Int64, eager=True),
            population.table,
        )
    for records in population.lists.values():
        if name in records.table.frame.columns:
            yield records.subjects.cast(pl.Int64), records.table


def _pairs(
    rows: pl.Series, table: Table, watches: list[Watch], days: list[date]
) -> pl.DataFrame:
    """For whom something may turn, and on which days, by the values of one fact."""
    fact = watches[0].fact
    assert fact is not None  # noqa: S101  # watches of no fact are of everybody
    column = table.frame[fact.name]
    told = pl.DataFrame({"row": rows, "value": column}).drop_nulls()
    scale = table.scales.get(fact.name, Fraction(1))
    found: list[tuple[Any, date]] = []
    for value in told["value"].unique():
        exact = value if scale == 1 else value * scale
        turning = {day for watch in watches for day in _turning(watch, exact, days)}
        found += [(value, day) for day in turning]
    schema: dict[str, Any] = {"value": column.dtype, "day": pl.Date}
    when = pl.DataFrame(found, schema=schema, orient="row")
    return told.join(when, on="value").select(*_PAIRS)


# --- of one value ----------------------------------------------------------------------


def _turning(watch: Watch, value: object, days: list[date]) -> Iterator[date]:
    """The days on which what is watched is otherwise than on the day before."""
    seen: dict[int, object] = {}

    def at(place: int) -> object:
        if place not in seen:
            seen[place] = _observed(watch, value, days[place])
        return seen[place]

    places = _halved(at, len(days)) if watch.is_steady else range(1, len(days))
    return (days[n] for n in places if at(n) != at(n - 1))


def _halved(at: Callable[[int], object], size: int) -> Iterator[int]:
    """Places to look at of what only ever goes one way: nothing turns between equals."""
    waiting = [(0, size - 1)]
    while waiting:
        low, high = waiting.pop()
        if at(low) == at(high):
            continue
        if high - low == 1:
            yield high
            continue
        middle = (low + high) // 2
        waiting += [(low, middle), (middle, high)]


def _observed(watch: Watch, value: object, day: date) -> object:
    left = _value(watch.left, value, day)
    if watch.right is None:
        return left
    right = _value(watch.right, value, day)
    if left is None or right is None:
        return None
    return (left > right) - (left < right)


def _value(term: Term, fact: Any, day: date) -> Any:
    """What a term of one fact and the day comes to, as engines have it."""
    match term:
        case AsOf():
            return day
        case Fact():
            return fact
        case Constant():
            return term.value
        case Shift() | InCalendar():
            return function_of(term)(_value(term.term, fact, day))
        case Add():
            parts = term.terms
        case Elapsed():
            parts = (term.start, term.end)
        case _:
            assert isinstance(term, Negate)  # noqa: S101  # nothing else is watched
            parts = (term.term,)
    low, _ = arithmetic_of(term)([exactly(_value(part, fact, day)) for part in parts])
    return low
