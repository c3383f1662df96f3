"""Which values a single condition leaves to what it looks at, and how such sets relate."""

from datetime import date, timedelta
from typing import Any as Anything
from typing import assert_never

from attrs import evolve, frozen

from ..ir import (
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Holds,
    Kind,
    Member,
    Not,
    Term,
    Value,
)
from ..ir_kinds import kind_of

Row = tuple[Value, ...]


@frozen
class Between:
    """Every value between two ends; None is without end."""

    low: Anything = None
    low_open: bool = False
    high: Anything = None
    high_open: bool = False

    def has(self, row: Row) -> bool:
        """Whether a value lies in it."""
        (value,) = row
        above = self.low is None or (
            value > self.low or (value == self.low and not self.low_open)
        )
        below = self.high is None or (
            value < self.high or (value == self.high and not self.high_open)
        )
        return above and below


@frozen
class Among:
    """The values of a list."""

    rows: frozenset[Row]


@frozen
class Without:
    """Every value but those of a list."""

    rows: frozenset[Row]


Values = Between | Among | Without


@frozen
class Restriction:
    """What a condition leaves to the terms that it looks at."""

    terms: tuple[Term, ...]
    values: Values


def restriction(condition: Condition) -> Restriction | None:
    """What a condition leaves, None where it looks at more than one thing."""
    match condition:
        case Holds(term=term):
            return Restriction((term,), Among(frozenset({(True,)})))
        case Member(terms=terms, rows=rows):
            return Restriction(terms, Among(rows))
        case Compare():
            return _compared(condition)
        case Not(part=Not(part=part)):
            return restriction(part)
        case Not(part=Compare() as part):
            return _compared(evolve(part, comparison=_NEGATED[part.comparison]))
        case Not(part=Holds(term=term)):
            return Restriction((term,), Among(frozenset({(False,)})))
        case Not(part=Member(terms=terms, rows=rows)):
            return Restriction(terms, Without(rows))
        case _:
            return None


_NEGATED = {
    Comparison.EQ: Comparison.NE,
    Comparison.NE: Comparison.EQ,
    Comparison.LT: Comparison.GE,
    Comparison.GE: Comparison.LT,
    Comparison.GT: Comparison.LE,
    Comparison.LE: Comparison.GT,
}
_TURNED = {
    Comparison.LT: Comparison.GT,
    Comparison.LE: Comparison.GE,
    Comparison.GT: Comparison.LT,
    Comparison.GE: Comparison.LE,
}


def _compared(node: Compare) -> Restriction | None:
    match node:
        case Compare(left=Constant(), right=Constant()):
            return None
        case Compare(comparison=sign, left=left, right=Constant(value=value)):
            return Restriction((left,), _side(sign, value, kind_of(left)))
        case Compare(comparison=sign, left=Constant(value=value), right=right):
            turned = _TURNED.get(sign, sign)
            return Restriction((right,), _side(turned, value, kind_of(right)))
        case _:
            return None


def _side(sign: Comparison, value: Value, kind: Kind) -> Values:
    """What a comparison with a value leaves; days and years are counted."""
    row = frozenset({(value,)})
    match sign:
        case Comparison.EQ:
            return Among(row)
        case Comparison.NE:
            return Without(row)
        case Comparison.GE:
            return Between(low=value)
        case Comparison.LE:
            return Between(high=value)
        case Comparison.GT:
            following = _neighbour(value, kind, 1)
            return Between(low=following or value, low_open=following is None)
        case Comparison.LT:
            before = _neighbour(value, kind, -1)
            return Between(high=before or value, high_open=before is None)
        case _:
            assert_never(sign)


def _neighbour(value: Value, kind: Kind, step: int) -> Value | None:
    if kind is Kind.DATE and isinstance(value, date):
        return value + timedelta(days=step)
    return value + step if kind is Kind.YEAR and isinstance(value, int) else None


def declared(terms: tuple[Term, ...]) -> Values | None:
    """
    What the declaration of a fact leaves to it: an amount is not negative.

    The values of an enumeration say nothing here: a clause that lists them all is
    meant, and a value may be added.
    """
    match terms:
        case (Fact(low=low, high=high),) if low is not None or high is not None:
            return Between(low=low, high=high)
        case _:
            return None


def disjoint(left: Values, right: Values) -> bool:
    """Whether no value is in both."""
    match left, right:
        case Between(), Between():
            return _before(left, right) or _before(right, left)
        case Among(rows=rows), Between() as span:
            return not any(span.has(row) for row in rows)
        case Among(rows=rows), Among(rows=others):
            return not rows & others
        case Among(rows=rows), Without(rows=others):
            return rows <= others
        case (Between(), Among()) | (Without(), Among()):
            return disjoint(right, left)
        case _:
            return False


def _before(left: Between, right: Between) -> bool:
    if left.high is None or right.low is None:
        return False
    if left.high == right.low:
        return left.high_open or right.low_open
    return bool(left.high < right.low)


def within(left: Values, right: Values) -> bool:
    """Whether every value of the one is in the other."""
    match left, right:
        case Among(rows=rows), Between() as span:
            return all(span.has(row) for row in rows)
        case Among(rows=rows), Among(rows=others):
            return rows <= others
        case Among(rows=rows), Without(rows=others):
            return not rows & others
        case Without(rows=rows), Without(rows=others):
            return others <= rows
        case Between() as span, Without(rows=others):
            return not any(span.has(row) for row in others)
        case Between(), Between():
            return _reaches(left, right) and _ends(left, right)
        case _:
            return False


def _reaches(inner: Between, outer: Between) -> bool:
    """Whether the outer begins no later."""
    if outer.low is None or inner.low is None:
        return outer.low is None
    if inner.low == outer.low:
        return inner.low_open or not outer.low_open
    return bool(inner.low > outer.low)


def _ends(inner: Between, outer: Between) -> bool:
    """Whether the outer ends no sooner."""
    if outer.high is None or inner.high is None:
        return outer.high is None
    if inner.high == outer.high:
        return inner.high_open or not outer.high_open
    return bool(inner.high < outer.high)
