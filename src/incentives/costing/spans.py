"""
Between what an amount lies of which not everything is known.

Ends are whole fen or exact fractions of them; None is without limit.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

End = int | Fraction | None


@frozen
class Span:
    """Between what a difference lies, both included; None is without limit."""

    low: End = None
    high: End = None

    def __and__(self, other: "Span") -> "Span":
        """What lies in both."""
        return Span(largest([self.low, other.low]), least([self.high, other.high]))

    def __or__(self, other: "Span") -> "Span":
        """Everything from the lowest to the highest of both."""
        low = None if None in (self.low, other.low) else least([self.low, other.low])
        highs = [self.high, other.high]
        return Span(low, None if None in highs else largest(highs))

    def __add__(self, other: "Span") -> "Span":
        return Span(added(self.low, other.low), added(self.high, other.high))

    def __neg__(self) -> "Span":
        return Span(times(self.high, -1), times(self.low, -1))

    @property
    def direction(self) -> "Span":
        """What is left of it where it may count any number of times."""
        is_more = self.low is not None and self.low >= 0
        is_less = self.high is not None and self.high <= 0
        return Span(0 if is_more else None, 0 if is_less else None)


NOTHING = Span(0, 0)


def largest(ends: Sequence[End]) -> End:
    return max((end for end in ends if end is not None), default=None)


def least(ends: Sequence[End]) -> End:
    return min((end for end in ends if end is not None), default=None)


def added(one: End, other: End) -> End:
    return None if one is None or other is None else one + other


def times(end: End, factor: int | Fraction) -> End:
    return None if end is None else end * factor
