"""
What of a rule may come to something else on another day: the kernel, read for that alone.

The day asked about enters a rule through `AsOf` and nothing else. All that depends on it
is followed up to where it is compared, counted or looked up; that is what to watch.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import prod
from typing import assert_never, get_args

import attrs

from attrs import evolve, field, frozen

from ..ir import (
    Add,
    All,
    Any,
    Arithmetic,
    AsOf,
    Choose,
    Compare,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Leaf,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Shift,
    Sum,
    Term,
    Uncertain,
)
from ..ir_fold import Algebra
from ..ir_kinds import kind_of
from ..ir_walk import children, walk

#: What a term may come to, in terms of one fact and the day at most. None is any value
#: that stays what it is while nothing that is watched turns.
Shapes = frozenset[Term | None]
_STEADY: Shapes = frozenset({None})
#: Of these kinds are days, and what days are counted in.
_IN_TIME = frozenset({Kind.DATE, Kind.YEAR, Kind.NUMBER})
#: Ways to put a term together beyond which each of its parts is watched by itself.
_MOST_WAYS = 64


@frozen
class Watch:
    """
    What may turn: how one term stands to another, or what it comes to by itself.

    Both together ask for one fact at most, and for the day.
    """

    left: Term
    right: Term | None = None

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms that it is about."""
        return (self.left,) if self.right is None else (self.left, self.right)

    @property
    def fact(self) -> Fact | None:
        """The fact that it asks for, if it does."""
        return next(iter(_facts(self.parts)), None)

    @property
    def is_steady(self) -> bool:
        """Whether it only ever goes one way: what asks for the day once does."""
        return sum(isinstance(n, AsOf) for part in self.parts for n in walk(part)) == 1


def watched(nodes: Iterable[attrs.AttrsInstance]) -> frozenset[Watch]:
    """All that is to be watched of rules and groups."""
    watching = _Watching()
    waiting = list(nodes)
    while waiting:
        for node in children(waiting.pop()):
            if isinstance(node, get_args(Condition)):
                watching.condition(node)
            elif isinstance(node, get_args(Term)):
                watching.whole(node)
            else:
                waiting.append(node)
    return frozenset(watching.found)


@lru_cache(maxsize=10_000)
def _is_timed(term: Term) -> bool:
    return any(isinstance(node, AsOf) for node in walk(term))


def _facts(terms: Iterable[Term]) -> set[Fact]:
    return {n for term in terms for n in walk(term) if isinstance(n, Fact)}


@frozen
class _Watching(Algebra[None, Shapes]):
    """What every term may come to; what is to be watched is noted on the way."""

    found: set[Watch] = field(factory=set)

    def whole(self, term: Term) -> None:
        """A term that no other is made of: among equals the day itself decides nothing."""
        if not isinstance(term, AsOf):
            self._steady(self.term(term))

    def _steady(self, *parts: Shapes) -> Shapes:
        """Any value, once whatever of its parts depends on the day is watched."""
        timed = {t for shapes in parts for t in shapes if t and _is_timed(t)}
        self.found.update(Watch(term) for term in timed)
        return _STEADY

    def _made(
        self,
        node: Add | Negate | Elapsed | Shift | InCalendar,
        parts: tuple[Shapes, ...],
    ) -> Shapes:
        """A term of its parts, in all the ways in which they can be put together."""
        if prod(map(len, parts)) > _MOST_WAYS:
            return self._steady(*parts)
        made: set[Term | None] = set()
        for way in product(*parts):
            terms = [term for term in way if term is not None]
            if len(terms) < len(way) or len(_facts(terms)) > 1:
                made |= self._steady(frozenset(terms))
            else:
                made.add(_again(node, terms))
        return frozenset(made)

    # terms

    def leaf(self, node: Leaf) -> Shapes:
        match node:
            case AsOf():
                return frozenset({node})
            case Constant():
                return frozenset({node}) if node.kind in _IN_TIME else _STEADY
            case Fact():
                if node.kind not in _IN_TIME:
                    return _STEADY
                said = (node.low, node.high, node.default)
                known = [Constant(one, node.kind) for one in said if one is not None]
                return frozenset({node, *known})
            case Uncertain():
                both = (node.low, node.high)
                return frozenset(Constant(day, Kind.DATE) for day in both)
            case Entitlement():
                return _STEADY  # the other rule is watched itself
            case _:
                assert_never(node)

    def figure(self, node: Figure, year: Shapes) -> Shapes:  # of any year
        return self._steady(year)

    def arithmetic(self, node: Arithmetic, terms: tuple[Shapes, ...]) -> Shapes:
        match node:
            case Least() | Greatest():
                return frozenset().union(*terms)
            case Add() | Negate() | Elapsed():
                return self._made(node, terms)
            case Multiply() | Quotient():
                return self._steady(*terms)
            case _:
                assert_never(node)

    def function(self, node: Round | Shift | InCalendar, term: Shapes) -> Shapes:
        if isinstance(node, Round):
            return self._steady(term)
        return self._made(node, (term,))

    def choose(
        self,
        node: Choose,  # any of them may be chosen
        branches: tuple[tuple[None, Shapes], ...],
        otherwise: Shapes,
    ) -> Shapes:
        return otherwise.union(*(term for _, term in branches))

    def lookup(
        self, node: Lookup, keys: tuple[Shapes, ...], otherwise: Shapes
    ) -> Shapes:
        self._steady(*keys)
        kind = kind_of(node)
        if kind not in _IN_TIME:
            return _STEADY
        return otherwise | {Constant(each, kind) for each in node.rows.values()}

    def total(self, node: Sum, where: None, term: Shapes) -> Shapes:  # any
        return self._steady(term)

    def extreme(
        self,
        node: Extreme,  # any record may be the one
        where: None,  # watched already
        term: Shapes,
        otherwise: Shapes,
    ) -> Shapes:
        return term | otherwise

    # conditions

    def holds(self, node: Holds, term: Shapes) -> None:
        self._steady(term)

    def compare(self, node: Compare, left: Shapes, right: Shapes) -> None:
        for one, other in product(left, right):
            both = [term for term in (one, other) if term is not None]
            if one is None or other is None or len(_facts(both)) > 1:
                self._steady(frozenset(both))
            elif _is_timed(one) or _is_timed(other):
                self.found.add(Watch(one, other))

    def member(self, node: Member, terms: tuple[Shapes, ...]) -> None:
        self._steady(*terms)

    def connective(self, node: All | Any | Not, parts: tuple[None, ...]) -> None:
        """Turns when one of its parts does."""

    def exists(self, node: Exists, where: None) -> None:
        """Turns when what it asks of a record does."""


def _again(
    node: Add | Negate | Elapsed | Shift | InCalendar, terms: list[Term]
) -> Term:
    """The same term of other parts."""
    match node:
        case Add():
            return evolve(node, terms=tuple(terms))
        case Elapsed():
            return evolve(node, start=terms[0], end=terms[1])
        case Negate() | Shift() | InCalendar():
            return evolve(node, term=terms[0])
        case _:
            assert_never(node)
