"""Partial knowledge of values: intervals, and the arithmetic on them."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from attrs import frozen

from .dates import NEVER
from .ir import Comparison, Value
from .verdict import Verdict, negated, verdict_of

NOTHING_MISSING: frozenset[str] = frozenset()


@frozen
class Known:
    """
    What is known of a value: it lies between `low` and `high`, both included.

    None is without end (or, for texts, unknown); ``missing`` names the facts that would
    tell more, and is empty where the value is known.
    """

    low: Value | None
    high: Value | None
    missing: frozenset[str] = NOTHING_MISSING

    @property
    def value(self) -> Value | None:
        """The value itself where it is known, else None."""
        return self.low if self.is_known else None

    @property
    def is_known(self) -> bool:
        """Whether only one value is possible."""
        return self.low is not None and self.low == self.high


def exactly(value: Value) -> Known:
    """A value that is known."""
    return Known(value, value)


def between(low: Value | None, high: Value | None, missing: frozenset[str]) -> Known:
    """A value between two ends; where these meet, nothing is missing."""
    known = low is not None and low == high
    return Known(low, high, NOTHING_MISSING if known else missing)


# --- comparison ----------------------------------------------------------------


def compared(comparison: Comparison, left: Known, right: Known) -> Verdict:
    """The verdict on two values of which something is known."""
    match comparison:
        case Comparison.EQ:
            return _equal(left, right)
        case Comparison.NE:
            return negated(_equal(left, right))
        case Comparison.LT:
            return negated(_at_most(right, left))
        case Comparison.LE:
            return _at_most(left, right)
        case Comparison.GT:
            return negated(_at_most(left, right))
        case Comparison.GE:
            return _at_most(right, left)
        case _:
            assert_never(comparison)


def _at_most(left: Known, right: Known) -> Verdict:
    if left.high is not None and right.low is not None and left.high <= right.low:  # type: ignore[operator]  # one kind
        return Verdict.MET
    if left.low is not None and right.high is not None and left.low > right.high:  # type: ignore[operator]  # one kind
        return Verdict.UNMET
    return Verdict.UNKNOWN


def _equal(left: Known, right: Known) -> Verdict:
    if left.is_known and right.is_known:
        return verdict_of(truth=left.value == right.value)
    if isinstance(left.value or right.value, str | bool):
        return Verdict.UNKNOWN
    apart = Verdict.UNMET in (_at_most(left, right), _at_most(right, left))
    return Verdict.UNMET if apart else Verdict.UNKNOWN


def membership(
    row: tuple[Value | None, ...], rows: frozenset[tuple[Value, ...]]
) -> Verdict:
    if None not in row:
        return verdict_of(truth=row in rows)
    possible = any(
        all(cell in (None, other) for cell, other in zip(row, candidate, strict=True))
        for candidate in rows
    )
    return Verdict.UNKNOWN if possible else Verdict.UNMET


# --- arithmetic ----------------------------------------------------------------

Ends = tuple[Any, Any]


def total_of(parts: list[Known]) -> Ends:
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    return (
        None if None in lows else sum(lows),
        None if None in highs else sum(highs),
    )


def negative_of(parts: list[Known]) -> Ends:
    (part,) = parts
    return (
        None if part.high is None else -part.high,  # type: ignore[operator]  # a number
        None if part.low is None else -part.low,  # type: ignore[operator]  # a number
    )


def least_of(parts: list[Known]) -> Ends:
    lows = [part.low for part in parts]
    highs = [part.high for part in parts if part.high is not None]
    return (None if None in lows else min(lows), min(highs, default=None))  # type: ignore[type-var]  # None is excluded


def greatest_of(parts: list[Known]) -> Ends:
    lows = [part.low for part in parts if part.low is not None]
    highs = [part.high for part in parts]
    return (max(lows, default=None), None if None in highs else max(highs))  # type: ignore[type-var]  # None is excluded


def product_of(parts: list[Known]) -> Ends:
    """All four products of the ends; nothing times infinity is nothing."""
    left, right = parts
    ends = [_product(a, b) for a in _ends(left) for b in _ends(right)]
    finite = [value for value, sign in ends if sign == 0]
    low = None if any(sign < 0 for _, sign in ends) else min(finite)
    high = None if any(sign > 0 for _, sign in ends) else max(finite)
    return (low, high)


def quotient_of(parts: list[Known]) -> Ends:
    """One value divided by another; what may be zero may also give the third."""
    left, right, otherwise = parts
    if right.low == 0 == right.high:
        return (otherwise.low, otherwise.high)
    may_be_zero = _reaches(right, 0)
    if may_be_zero and _straddles(right):
        return (None, None)
    ends = Known(*product_of([left, _reciprocal(right)]))
    if not may_be_zero:
        return (ends.low, ends.high)
    either = hull_of([ends, otherwise])
    return (either.low, either.high)


def _reaches(known: Known, value: int) -> bool:
    """Whether a number can be a value, as far as is known."""
    above = known.low is None or known.low <= value  # type: ignore[operator]  # a number
    return above and (known.high is None or known.high >= value)  # type: ignore[operator]  # a number


def _straddles(known: Known) -> bool:
    """Whether a number can be on either side of zero."""
    below = known.low is None or known.low < 0  # type: ignore[operator]  # a number
    return below and (known.high is None or known.high > 0)  # type: ignore[operator]  # a number


def _reciprocal(known: Known) -> Known:
    """One divided by a number on one side of zero."""
    positive = known.low is not None and known.low >= 0  # type: ignore[operator]  # a number
    without_end = 0 if positive else None
    low = without_end if known.high is None else _one_by(known.high)
    without_end = None if positive else 0
    high = without_end if known.low is None else _one_by(known.low)
    return Known(low, high)


def _one_by(value: Value) -> Fraction | None:
    """None is without end: the side of zero from which it comes tells which."""
    return None if value == 0 else 1 / Fraction(value)  # type: ignore[arg-type]  # a number


def elapsed_of(count: Callable[[date, date], int], parts: list[Known]) -> Ends:
    """
    How much passes from one day to another, each of which is known in part.

    Nobody can tell where one of them never comes: there is no such time.
    """
    if any(part.high == NEVER for part in parts):
        return (None, None)
    start, end = parts
    shortest = (start.high, end.low)
    longest = (start.low, end.high)
    return (
        None if None in shortest else count(*shortest),  # type: ignore[arg-type]  # days
        None if None in longest else count(*longest),  # type: ignore[arg-type]  # days
    )


def extreme_of(
    certain: list[Known], possible: list[Known], otherwise: Known, *, largest: bool
) -> Known:
    """The largest (smallest) of values, some of which may not be there at all."""
    if not certain:
        return hull_of([otherwise, *possible])
    compute = greatest_of if largest else least_of
    low, high = compute(certain)
    if largest:
        return Known(low, compute([*certain, *possible])[1])
    return Known(compute([*certain, *possible])[0], high)


def _ends(known: Known) -> tuple[tuple[Any, int], tuple[Any, int]]:
    """Both ends as value and sign of infinity."""
    low = (0, -1) if known.low is None else (known.low, 0)
    high = (0, 1) if known.high is None else (known.high, 0)
    return (low, high)


def _product(left: tuple[Any, int], right: tuple[Any, int]) -> tuple[Any, int]:
    if left[1] == 0 == right[1]:
        return (left[0] * right[0], 0)
    return (0, _sign(left) * _sign(right))


def _sign(end: tuple[Any, int]) -> int:
    return end[1] or (end[0] > 0) - (end[0] < 0)


def hull_of(parts: list[Known]) -> Known:
    """What a value can be that is one of several."""
    lows = [part.low for part in parts]
    highs = [part.high for part in parts]
    ordered = all(
        isinstance(end, int | Fraction | date) and not isinstance(end, bool)
        for end in (*lows, *highs)
        if end is not None
    )
    if not ordered:
        same = len({*lows, *highs}) == 1
        return exactly(lows[0]) if same and lows[0] is not None else Known(None, None)
    return Known(
        None if None in lows else min(lows),  # type: ignore[type-var]  # None is excluded
        None if None in highs else max(highs),  # type: ignore[type-var]  # likewise
    )


def perhaps(known: Known) -> Known:
    """A part of a sum that may not be there at all."""
    low = None if known.low is None else min(0, known.low)
    high = None if known.high is None else max(0, known.high)
    return Known(low, high)


def times(known: Known, count: int | None) -> Known:
    """As many such parts of a sum as there may be."""
    ends = (known.low, known.high)
    if count is None:
        low, high = (0 if end == 0 else None for end in ends)
    else:
        low, high = (None if end is None else end * count for end in ends)  # type: ignore[operator, assignment]  # a number
    return Known(low, high)
