"""Intervals of what a value can be: the corners that no rule of the pack reaches."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from hypothesis import given
from hypothesis import strategies as st

from incentives.ir import Comparison
from incentives.known import (
    Known,
    between,
    compared,
    exactly,
    greatest_of,
    hull_of,
    least_of,
    membership,
    negative_of,
    perhaps,
    product_of,
    times,
    total_of,
)
from incentives.verdict import Verdict

LACKING = frozenset({"city"})
ENDS = st.one_of(st.none(), st.integers(-5, 5))


@st.composite
def intervals(draw: st.DrawFn) -> tuple[Known, int]:
    """What is known of a number, and the number."""
    number = draw(st.integers(-5, 5))
    low, high = draw(ENDS), draw(ENDS)
    known = Known(
        None if low is None else min(low, number),
        None if high is None else max(high, number),
    )
    return known, number


def contains(known: Known | tuple[Any, Any], number: int) -> bool:
    low, high = (known.low, known.high) if isinstance(known, Known) else known
    return (low is None or low <= number) and (high is None or number <= high)


class TestKnown:
    def test_value(self) -> None:
        """A value is known where only one is possible."""
        assert exactly(5).value == 5
        assert exactly(value=False).value is False
        assert Known(1, 2).value is None
        assert Known(None, None).value is None
        assert Known(None, 2).value is None

    def test_between(self) -> None:
        """Where the ends meet nothing is missing; without ends they never meet."""
        assert between(1, 1, LACKING) == Known(1, 1)
        assert between(1, 2, LACKING) == Known(1, 2, LACKING)
        assert between(None, None, LACKING) == Known(None, None, LACKING)


class TestSoundness:
    """A computation on what is known contains the computation on the values."""

    @given(intervals(), intervals())
    def test_arithmetic(
        self, left: tuple[Known, int], right: tuple[Known, int]
    ) -> None:
        """Sums, products, least and greatest lie within those of the intervals."""
        parts, values = [left[0], right[0]], [left[1], right[1]]
        assert contains(total_of(parts), sum(values))
        assert contains(product_of(parts), left[1] * right[1])
        assert contains(least_of(parts), min(values))
        assert contains(greatest_of(parts), max(values))
        assert contains(negative_of([left[0]]), -left[1])
        assert contains(hull_of(parts), left[1])
        assert contains(hull_of(parts), right[1])

    @given(intervals(), intervals(), st.sampled_from(Comparison))
    def test_comparison(
        self, left: tuple[Known, int], right: tuple[Known, int], comparison: Comparison
    ) -> None:
        """What is decided of intervals is so of the values."""
        decided = compared(comparison, left[0], right[0])
        real = compared(comparison, exactly(left[1]), exactly(right[1]))
        assert real is not Verdict.UNKNOWN
        assert decided in (Verdict.UNKNOWN, real)

    @given(intervals(), st.integers(0, 3), st.integers(0, 3))
    def test_parts_that_may_be_there(
        self, part: tuple[Known, int], count: int, more: int
    ) -> None:
        """Any number of parts up to a limit, or to none, lies within."""
        some = perhaps(part[0])
        assert contains(some, 0)
        assert contains(some, part[1])
        assert contains(times(some, count + more), count * part[1])
        assert contains(times(some, None), count * part[1])


class TestTightness:
    """Ends are no wider than they need to be."""

    def test_product(self) -> None:
        """An end is lost only where a product really has none."""
        assert product_of([Known(0, 3), Known(0, None)]) == (0, None)
        assert product_of([Known(-1, 3), Known(1, None)]) == (None, None)
        assert product_of([Known(None, -1), Known(None, -1)]) == (1, None)
        assert product_of([exactly(0), Known(None, None)]) == (0, 0)
        assert (
            product_of([exactly(Fraction(1, 2)), exactly(3)]) == (Fraction(3, 2),) * 2
        )

    def test_times(self) -> None:
        """Nothing, however often, is nothing."""
        assert times(exactly(0), None) == exactly(0)
        assert times(Known(-2, 3), 2) == Known(-4, 6)
        assert times(Known(None, 3), 2) == Known(None, 6)
        assert times(Known(-2, None), None) == Known(None, None)

    def test_hull(self) -> None:
        """Days and numbers have an order, texts and truths have none."""
        early, late = date(2024, 1, 1), date(2024, 12, 31)
        assert hull_of([exactly(early), exactly(late)]) == Known(early, late)
        assert hull_of([exactly(3), Known(1, None)]) == Known(1, None)
        assert hull_of([exactly("甲"), exactly("甲")]) == exactly("甲")
        assert hull_of([exactly("甲"), exactly("乙")]) == Known(None, None)
        assert hull_of([exactly("甲"), Known(None, None)]) == Known(None, None)
        assert hull_of([exactly(value=True), exactly(value=False)]) == Known(None, None)
        assert hull_of([Known(None, None)]) == Known(None, None)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (("a", 1), Verdict.MET),
        (("a", 2), Verdict.UNMET),
        ((None, 1), Verdict.UNKNOWN),
        (("a", None), Verdict.UNKNOWN),
        ((None, 2), Verdict.UNMET),
        (("b", None), Verdict.UNMET),
        ((None, None), Verdict.UNKNOWN),
    ],
)
def test_membership(row: tuple[Any, ...], verdict: Verdict) -> None:
    """A row is a member, is none, or fits some row as far as it is known."""
    assert membership(row, frozenset({("a", 1)})) is verdict
