"""What conditions say once their parts are decided: propositions, two rails, steps."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from math import prod
from typing import assert_never

from attrs import field, frozen

from ..ir import (
    All,
    Any,
    Arithmetic,
    Choose,
    Compare,
    Condition,
    Exists,
    Extreme,
    Figure,
    Holds,
    InCalendar,
    Leaf,
    Lookup,
    Member,
    Not,
    Round,
    Shift,
    Sum,
)
from ..ir_fold import Algebra
from ..verdict import Verdict, all_of, any_of, negated

#: A verdict for each proposition, in their order.
Pattern = tuple[Verdict, ...]


@frozen(cache_hash=True)
class Proposition:
    """Something that is decided elsewhere; propositions are numbered from 0."""

    number: int


@frozen(cache_hash=True)
class Every:
    """Met where every part is."""

    parts: tuple["Formula", ...]


@frozen(cache_hash=True)
class Some:
    """Met where some part is."""

    parts: tuple["Formula", ...]


@frozen(cache_hash=True)
class Opposite:
    """Met where the part is unmet."""

    part: "Formula"


Formula = Proposition | Every | Some | Opposite


def decided(formula: Formula, pattern: Sequence[Verdict]) -> Verdict:
    """What a formula comes to, three-valued."""
    match formula:
        case Proposition(number):
            return pattern[number]
        case Every(parts):
            return all_of(decided(part, pattern) for part in parts)
        case Some(parts):
            return any_of(decided(part, pattern) for part in parts)
        case Opposite(part):
            return negated(decided(part, pattern))
        case _:
            assert_never(formula)


def contest(rivals: int) -> Formula:
    """
    That one of several amounts is paid, of which only the highest is.

    The first proposition is that anything may be due of it; the others are that each
    of its rivals beats it.
    """
    beaten = (Opposite(Proposition(number)) for number in range(1, rivals + 1))
    return Every((Proposition(0), *beaten))


@frozen
class Outline:
    """The propositions of conditions, and how all of these conditions hang on them."""

    formula: Formula
    propositions: tuple[Condition, ...]


def outline(conditions: Iterable[Condition]) -> Outline:
    """
    All of these conditions, as one formula over their atomic conditions.

    The same condition written twice is two propositions, so that engines need not
    compare conditions to agree on the numbers.
    """
    found: list[Condition] = []
    parts = tuple(_OUTLINES.condition(condition)(found) for condition in conditions)
    return Outline(Every(parts), tuple(found))


def propositions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The atomic conditions in their order; one about records is one of them."""
    return outline(conditions).propositions


#: Makes a formula, and adds its propositions to those that came before.
Numbered = Callable[[list[Condition]], Formula]


class _Outlines(Algebra[Numbered, None]):
    """Reads conditions only: what is inside a term or a record is not asked for."""

    def holds(self, node: Holds, term: None) -> Numbered:
        return _proposition(node)

    def compare(self, node: Compare, left: None, right: None) -> Numbered:
        return _proposition(node)

    def member(self, node: Member, terms: tuple[None, ...]) -> Numbered:
        return _proposition(node)

    def exists(self, node: Exists, where: Numbered) -> Numbered:
        return _proposition(node)

    def connective(
        self, node: All | Any | Not, parts: tuple[Numbered, ...]
    ) -> Numbered:
        def numbered(found: list[Condition]) -> Formula:
            made = tuple(part(found) for part in parts)
            match node:
                case All():
                    return Every(made)
                case Any():
                    return Some(made)
                case Not():
                    return Opposite(*made)
                case _:
                    assert_never(node)

        return numbered

    def leaf(self, node: Leaf) -> None: ...

    def figure(self, node: Figure, year: None) -> None: ...

    def arithmetic(self, node: Arithmetic, terms: tuple[None, ...]) -> None: ...

    def function(self, node: Round | Shift | InCalendar, term: None) -> None: ...

    def choose(
        self,
        node: Choose,
        branches: tuple[tuple[Numbered, None], ...],
        otherwise: None,
    ) -> None: ...

    def lookup(self, node: Lookup, keys: tuple[None, ...], otherwise: None) -> None: ...

    def total(self, node: Sum, where: Numbered, term: None) -> None: ...

    def extreme(
        self, node: Extreme, where: Numbered, term: None, otherwise: None
    ) -> None: ...


_OUTLINES = _Outlines()


def _proposition(node: Condition) -> Numbered:
    def numbered(found: list[Condition]) -> Formula:
        found.append(node)
        return Proposition(len(found) - 1)

    return numbered


# Rails: two patterns without negation, of which at most one can be there


@frozen
class Wanted:
    """A proposition is known, and has this verdict."""

    number: int
    verdict: Verdict


@frozen
class Together:
    """Every part is there."""

    parts: tuple["Rail", ...]


@frozen
class Either:
    """Some part is there."""

    parts: tuple["Rail", ...]


Rail = Wanted | Together | Either


@frozen
class Rails:
    """What must be known for a formula to be met, and what for it to be unmet."""

    met: Rail
    unmet: Rail


def rails(formula: Formula) -> Rails:
    """The two rails of a formula; what is not met swaps them."""
    match formula:
        case Proposition(number):
            return Rails(Wanted(number, Verdict.MET), Wanted(number, Verdict.UNMET))
        case Every(parts):
            inner = tuple(map(rails, parts))
            return Rails(
                Together(tuple(part.met for part in inner)),
                Either(tuple(part.unmet for part in inner)),
            )
        case Some(parts):
            inner = tuple(map(rails, parts))
            return Rails(
                Either(tuple(part.met for part in inner)),
                Together(tuple(part.unmet for part in inner)),
            )
        case Opposite(part):
            swapped = rails(part)
            return Rails(swapped.unmet, swapped.met)
        case _:
            assert_never(formula)


# Steps: a formula of any size as small ones, each over the verdicts before it


@frozen
class Size:
    """
    How much a formula asks of an engine that matches patterns.

    ``ways`` is in how many ways a rail can be there at most: such an engine goes
    through all of them.
    """

    leaves: int
    connectives: int
    ways: int

    def within(self, most: "Size") -> bool:
        """Whether it is no larger in any respect."""
        return (
            self.leaves <= most.leaves
            and self.connectives <= most.connectives
            and self.ways <= most.ways
        )


@frozen
class Step:
    """A small formula, numbered from 0, over the verdicts known so far."""

    formula: Formula
    numbers: tuple[int, ...]


@lru_cache(256)
def steps(formula: Formula, count: int, most: Size) -> tuple[Step, ...]:
    """
    A formula over `count` propositions in steps that are no larger than `most`.

    The verdict of the first step is the proposition with the number `count`, and so
    on; that of the last is the verdict of the formula. Steps of one shape are equal
    formulas whatever their propositions are.
    """
    made: list[Step] = []
    cutter = _Cutter(most, count, made)
    cutter.cut(cutter.piece(formula))
    return tuple(made)


@frozen
class _Piece:
    """A formula with its size: the ways of the met rail and of the unmet one."""

    formula: Formula
    leaves: int
    connectives: int
    met: int
    unmet: int

    @property
    def size(self) -> Size:
        return Size(self.leaves, self.connectives, max(self.met, self.unmet))


def _single(number: int) -> _Piece:
    return _Piece(Proposition(number), 1, 0, 1, 1)


@frozen
class _Cutter:
    most: Size
    count: int
    made: list[Step] = field(eq=False)

    def piece(self, formula: Formula) -> _Piece:
        """The formula, its largest parts cut off until it is small enough."""
        match formula:
            case Proposition(number):
                return _single(number)
            case Opposite(part):
                inner = self.piece(part)
                return _Piece(
                    Opposite(inner.formula),
                    inner.leaves,
                    inner.connectives,
                    inner.unmet,
                    inner.met,
                )
            case Every(parts) | Some(parts):
                return self._gathered(type(formula), parts)
            case _:
                assert_never(formula)

    def _gathered(
        self, connective: type[Every | Some], parts: tuple[Formula, ...]
    ) -> _Piece:
        """As many parts as fit; those that come before are cut off for the next."""
        taken: list[_Piece] = []
        for part in parts:
            piece = self.piece(part)
            if not _joined(connective, [*taken, piece]).size.within(self.most):
                taken = [self.cut(_joined(connective, taken))]
            if not _joined(connective, [*taken, piece]).size.within(self.most):
                piece = self.cut(piece)
            taken.append(piece)
        return _joined(connective, taken)

    def cut(self, piece: _Piece) -> _Piece:
        """A step of its own, and in its place its verdict."""
        numbers = tuple(_numbers(piece.formula))
        local = {number: place for place, number in enumerate(numbers)}
        self.made.append(Step(_renumbered(piece.formula, local), numbers))
        return _single(self.count + len(self.made) - 1)


def _joined(connective: type[Every | Some], pieces: Sequence[_Piece]) -> _Piece:
    if len(pieces) == 1:
        return pieces[0]
    met, unmet = [each.met for each in pieces], [each.unmet for each in pieces]
    every = connective is Every
    return _Piece(
        connective(tuple(each.formula for each in pieces)),
        # Of nothing at all there is still one leaf: that it is so, or never.
        max(1, sum(each.leaves for each in pieces)),
        1 + sum(each.connectives for each in pieces),
        prod(met) if every else sum(met),
        sum(unmet) if every else prod(unmet),
    )


def _numbers(formula: Formula) -> Iterator[int]:
    match formula:
        case Proposition(number):
            yield number
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _numbers(part)
        case Opposite(part):
            yield from _numbers(part)
        case _:
            assert_never(formula)


def _renumbered(formula: Formula, places: dict[int, int]) -> Formula:
    match formula:
        case Proposition(number):
            return Proposition(places[number])
        case Every(parts) | Some(parts):
            return type(formula)(tuple(_renumbered(part, places) for part in parts))
        case Opposite(part):
            return Opposite(_renumbered(part, places))
        case _:
            assert_never(formula)
