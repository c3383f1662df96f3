"""
Which rules can matter to a subject, without a look at every rule of the book.

A rule that needs a county, a list or a revenue in some interval is found under that
value: time follows the rules that can matter, not the rules that exist. The index may
let a rule through that is unmet all the same; it never leaves out another.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from ..facts import Record, Subject
from ..ir import (
    All,
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Holds,
    Member,
    Not,
    Term,
    Uncertain,
    Value,
)
from ..policy import Rule
from .world import value_of


@frozen
class Needed:
    """
    What a rule needs of one fact: one of some values, or one between two ends.

    Both ends are included, None is without end; ``values`` are None for an interval.
    """

    fact: Fact
    values: frozenset[Value] | None = None
    low: Value | None = None
    high: Value | None = None


# --- what a rule needs ---------------------------------------------------------------


def needs(rule: Rule) -> list[Needed]:
    """What must hold of single facts of the subject or of the record looked at."""
    scopes = {"", rule.each.binder if rule.each is not None else ""}
    found: dict[Fact, Needed] = {}
    alternatives: list[Needed] = []
    for requirement in rule.requirements:
        for each in conjuncts(requirement.condition):
            needed = _needed(each)
            if needed is None or needed.fact.scope not in scopes:
                continue
            if needed.values is not None:
                alternatives.append(needed)
            else:
                found[needed.fact] = _both(found.get(needed.fact), needed)
    return [*alternatives, *found.values()]


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """The conditions that must all be met."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from conjuncts(part)
    else:
        yield condition


def _needed(condition: Condition) -> Needed | None:
    match condition:
        case Member(terms=(Fact() as fact,), rows=rows):
            return Needed(fact, frozenset(value for (value,) in rows))
        case Holds(Fact() as fact):
            return Needed(fact, frozenset({True}))
        case Not(Holds(Fact() as fact)):
            return Needed(fact, frozenset({False}))
        case Compare(comparison, Fact() as fact, other):
            return _compared(fact, comparison, other)
        case Compare(comparison, other, Fact() as fact):
            return _compared(fact, _TURNED[comparison], other)
        case _:
            return None


_TURNED = {
    Comparison.EQ: Comparison.EQ,
    Comparison.NE: Comparison.NE,
    Comparison.LT: Comparison.GT,
    Comparison.LE: Comparison.GE,
    Comparison.GT: Comparison.LT,
    Comparison.GE: Comparison.LE,
}


def _compared(fact: Fact, comparison: Comparison, other: Term) -> Needed | None:
    match other:
        case Constant(value):
            low = high = value
        case Uncertain(low, high):
            pass
        case _:
            return None
    match comparison:
        case Comparison.EQ if low == high:
            return Needed(fact, frozenset({low}))
        case Comparison.GE | Comparison.GT:
            return Needed(fact, low=low)
        case Comparison.LE | Comparison.LT:
            return Needed(fact, high=high)
        case _:
            return None


def _both(before: Needed | None, now: Needed) -> Needed:
    """Two intervals of one fact, both of which are needed."""
    if before is None:
        return now
    lows: list[Any] = [end for end in (before.low, now.low) if end is not None]
    highs: list[Any] = [end for end in (before.high, now.high) if end is not None]
    return evolve(now, low=max(lows, default=None), high=min(highs, default=None))


# --- intervals -----------------------------------------------------------------------


@frozen
class _Ray:
    """Rules that need a value from an end on, sorted by that end."""

    ends: Sequence[Any]
    rules: Sequence[int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Any, int]]) -> "_Ray":
        ordered = sorted(pairs)
        return cls([end for end, _ in ordered], [rule for _, rule in ordered])

    def from_low(self, value: Any) -> Sequence[int]:
        """Those whose end is at most a value."""
        return self.rules[: bisect_right(self.ends, value)]

    def to_high(self, value: Any) -> Sequence[int]:
        """Those whose end is at least a value."""
        return self.rules[bisect_left(self.ends, value) :]


@frozen
class _Between:
    """
    Rules that need a value between two ends: those around a middle, and the others.

    An interval tree: what lies wholly below the middle is in ``below``, and so on.
    """

    middle: Any
    lows: _Ray
    highs: _Ray
    below: "_Between | None"
    above: "_Between | None"

    @classmethod
    def of(cls, intervals: Sequence[tuple[Any, Any, int]]) -> "_Between | None":
        if not intervals:
            return None
        middle = sorted(low for low, _, _ in intervals)[len(intervals) // 2]
        around = [each for each in intervals if each[0] <= middle <= each[1]]
        return cls(
            middle,
            _Ray.of((low, rule) for low, _, rule in around),
            _Ray.of((high, rule) for _, high, rule in around),
            cls.of([each for each in intervals if each[1] < middle]),
            cls.of([each for each in intervals if each[0] > middle]),
        )

    def holding(self, value: Any) -> Iterator[int]:
        """The rules whose interval holds a value."""
        here: _Between | None = self
        while here is not None:
            if value < here.middle:
                yield from here.lows.from_low(value)
                here = here.below
            else:
                yield from here.highs.to_high(value)
                here = here.above


# --- the index -----------------------------------------------------------------------


@frozen
class _Table:
    """All rules that are found by one fact, by their places in the book."""

    fact: Fact
    records: str
    every: tuple[int, ...]
    equal: Mapping[Value, Sequence[int]]
    at_least: _Ray
    at_most: _Ray
    between: _Between | None

    @classmethod
    def of(
        cls, fact: Fact, records: str, anchored: Sequence[tuple[int, Needed]]
    ) -> "_Table":
        equal: dict[Value, list[int]] = defaultdict(list)
        rays: dict[str, list[tuple[Any, int]]] = {"low": [], "high": []}
        both: list[tuple[Any, Any, int]] = []
        for rule, needed in anchored:
            if needed.values is not None:
                for value in needed.values:
                    equal[value].append(rule)
            elif needed.high is None:
                rays["low"].append((needed.low, rule))
            elif needed.low is None:
                rays["high"].append((needed.high, rule))
            elif needed.low <= needed.high:  # type: ignore[operator]  # one kind
                both.append((needed.low, needed.high, rule))
        return cls(
            fact,
            records,
            tuple(rule for rule, _ in anchored),
            dict(equal),
            _Ray.of(rays["low"]),
            _Ray.of(rays["high"]),
            _Between.of(both),
        )

    def candidates(self, subject: Subject) -> Iterator[Iterable[int]]:
        """The rules that may apply, as far as this fact goes."""
        if not self.records:
            yield from self._at(subject)
            return
        records = subject.fact(self.records)
        if records is None:
            yield self.every
            return
        assert isinstance(records, tuple)  # noqa: S101  # declared as a list of records
        for record in records:
            yield from self._at(record)

    def _at(self, record: Record) -> Iterator[Iterable[int]]:
        value = value_of(self.fact, record)
        if value is None:
            yield self.every
            return
        yield self.equal.get(value, ())
        if self.at_least.ends:
            yield self.at_least.from_low(value)
        if self.at_most.ends:
            yield self.at_most.to_high(value)
        if self.between is not None:
            yield self.between.holding(value)


@frozen
class Index:
    """The rules for one kind of subject: those found by a fact, and the rest."""

    rules: Sequence[Rule] = field(repr=False)
    tables: tuple[_Table, ...]
    rest: tuple[int, ...]

    @classmethod
    def of(cls, rules: Sequence[Rule], subject: str) -> "Index":
        concerned = [(at, r) for at, r in enumerate(rules) if r.subject == subject]
        options = {at: [] if rule.uses else needs(rule) for at, rule in concerned}
        crowds = Counter(_crowd(each) for found in options.values() for each in found)
        anchored: dict[tuple[Fact, str], list[tuple[int, Needed]]] = defaultdict(list)
        rest: list[int] = []
        for at, rule in concerned:
            if not options[at]:
                rest.append(at)
                continue
            best = min(options[at], key=lambda each: _likely(each, crowds))
            each = rule.each
            records = each.records if each is not None and best.fact.scope else ""
            anchored[best.fact, records].append((at, best))
        tables = (_Table.of(*key, found) for key, found in anchored.items())
        return cls(rules, tuple(tables), tuple(rest))

    def places(self, subject: Subject) -> list[int]:
        """Where in the book the rules stand that may come to something."""
        found = set(self.rest)
        for table in self.tables:
            found.update(*table.candidates(subject))
        return sorted(found)

    def candidates(self, subject: Subject) -> list[Rule]:
        """The rules that may come to something for a subject, in their order."""
        return [self.rules[place] for place in self.places(subject)]


def _crowd(needed: Needed) -> tuple[object, ...]:
    """What rules have in common that are found under the same."""
    if needed.values is not None:
        return (needed.fact, needed.values)
    return (needed.fact, needed.low, needed.high)


def _likely(
    needed: Needed, crowds: Mapping[tuple[object, ...], int]
) -> tuple[bool, int, int]:
    """Sorts what tells rules apart best first: values, then intervals with two ends."""
    open_ends = (
        0 if needed.values is not None else [needed.low, needed.high].count(None)
    )
    share = crowds[_crowd(needed)] * max(1, len(needed.values or ()))
    return (open_ends > 0, share, open_ends)
