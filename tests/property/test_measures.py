"""Intervals of quotients, spans and extremes hold every value that is possible."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from incentives.dates import days_between, months_between, years_between
from incentives.known import Known, elapsed_of, exactly, extreme_of, quotient_of

#: Small numbers between ends that are near, so that every one of them can be tried.
ENDS = st.tuples(st.integers(-4, 4), st.integers(0, 3)).map(
    lambda pair: Known(pair[0], pair[0] + pair[1])
)
#: The same, of which an end may be open: numbers beyond what is tried are possible too.
OPEN = st.tuples(ENDS, st.booleans(), st.booleans()).map(
    lambda drawn: Known(
        None if drawn[1] else drawn[0].low, None if drawn[2] else drawn[0].high
    )
)
FAR = 40
DAY = date(2024, 2, 20)
DAYS = st.tuples(st.integers(0, 400), st.integers(0, 12)).map(
    lambda pair: Known(
        DAY + timedelta(days=pair[0]), DAY + timedelta(days=pair[0] + pair[1])
    )
)


def values(known: Known) -> Iterator[Fraction]:
    """Values that are possible, dense near nothing; open ends are far."""
    low = -FAR if known.low is None else known.low
    high = FAR if known.high is None else known.high
    assert isinstance(low, int)
    assert isinstance(high, int)
    steps = {Fraction(low), Fraction(high), Fraction(1, 7), Fraction(-1, 7)}
    steps |= {Fraction(step) for step in range(max(low, -8), min(high, 8) + 1)}
    return (step for step in steps if low <= step <= high)


def holds(ends: tuple[object, object], value: object) -> bool:
    low, high = ends
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


class TestQuotient:
    """One term divided by another, or `otherwise` where that is zero."""

    @given(OPEN, OPEN, ENDS)
    def test_every_quotient_lies_between_the_ends(
        self, left: Known, right: Known, otherwise: Known
    ) -> None:
        """Whatever the three values turn out to be."""
        ends = quotient_of([left, right, otherwise])
        for a, b, c in product(values(left), values(right), values(otherwise)):
            assert holds(ends, c if b == 0 else a / b)

    @given(ENDS, ENDS, ENDS)
    def test_ends_are_reached(
        self, left: Known, right: Known, otherwise: Known
    ) -> None:
        """Unless the divisor may be near nothing, both ends are possible."""
        low, high = quotient_of([left, right, otherwise])
        every = [
            c if b == 0 else a / b
            for a, b, c in product(values(left), values(right), values(otherwise))
        ]
        if low is not None and high is not None:
            assert (low, high) == (min(every), max(every))


class TestElapsed:
    """How many days, whole months or whole years pass from one day to another."""

    @given(DAYS, DAYS)
    def test_every_span_lies_between_the_ends(self, start: Known, end: Known) -> None:
        """Whichever days they turn out to be."""
        for count in (days_between, months_between, years_between):
            ends = elapsed_of(count, [start, end])
            for a, b in product(every_day(start), every_day(end)):
                assert holds(ends, count(a, b))


def every_day(known: Known) -> list[date]:
    low, high = known.low, known.high
    assert isinstance(low, date)
    assert isinstance(high, date)
    return [low + timedelta(days=step) for step in range((high - low).days + 1)]


class TestExtreme:
    """The largest (or smallest) of a term over the records that meet a condition."""

    @given(
        st.lists(ENDS, max_size=2),
        st.lists(ENDS, max_size=2),
        st.integers(-4, 4),
        st.booleans(),
    )
    def test_every_extreme_lies_between_the_ends(
        self, certain: list[Known], possible: list[Known], otherwise: int, largest: bool
    ) -> None:
        """Whatever the values are, and whichever records count in the end."""
        found = extreme_of(certain, possible, exactly(otherwise), largest=largest)
        of = max if largest else min
        every = []
        for counted in product([False, True], repeat=len(possible)):
            parts = [
                *certain,
                *(p for p, c in zip(possible, counted, strict=True) if c),
            ]
            for chosen in product(*map(values, parts)):
                value = of(chosen, default=Fraction(otherwise))
                every += [value]
        assert all(holds((found.low, found.high), value) for value in every)
        assert (min(every), max(every)) == (found.low, found.high)
