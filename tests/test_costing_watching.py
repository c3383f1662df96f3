"""What is watched of a rule: all in it that may be otherwise on another day."""

from datetime import date
from fractions import Fraction

import pytest

from incentives.costing.watching import Watch, watched
from incentives.dates import Period
from incentives.ir import (
    Add,
    All,
    AsOf,
    Calendar,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Shift,
    Span,
    Sum,
    Term,
    Uncertain,
)
from incentives.money import Rounding

DAY = Fact("accepted", Kind.DATE)
END = Fact("ended", Kind.DATE)
SUM = Fact("tax", Kind.MONEY)
NOW = AsOf()
YEAR = InCalendar(Calendar.YEAR_OF, NOW)
AGE = Elapsed(Span.DAYS, DAY, NOW)
NOON = Constant(date(2026, 6, 1), Kind.DATE)
ONE = Constant(1, Kind.NUMBER)
YES = Holds(Fact("green", Kind.BOOLEAN))


def of(*conditions: Condition) -> set[Watch]:
    return set(watched([All(conditions)]))


def at_most(left: Term, right: Term) -> Condition:
    return Compare(Comparison.LE, left, right)


@pytest.mark.parametrize(
    ("term", "ways"),
    [
        (DAY, {DAY}),
        (Shift(DAY, Period(months=6)), {Shift(DAY, Period(months=6))}),
        (Least((DAY, NOON)), {DAY, NOON}),
        (Greatest((DAY, NOON)), {DAY, NOON}),
        (Extreme("machines", "machine", YES, DAY, True, NOON), {DAY, NOON}),  # noqa: FBT003
        (
            Uncertain(date(2024, 1, 1), NOON.value, "why"),
            {Constant(date(2024, 1, 1), Kind.DATE), NOON},
        ),  # type: ignore[arg-type]  # a date
        (
            Fact("till", Kind.DATE, low=NOON.value),
            {Fact("till", Kind.DATE, low=NOON.value), NOON},
        ),
        (Lookup("ends", "end", (SUM,), {(1,): NOON.value}, DAY), {DAY, NOON}),
        (Choose((), NOON), {NOON}),
    ],
)
def test_what_the_day_is_compared_with(term: Term, ways: set[Term]) -> None:
    """Whatever the other side can come to is watched beside the day."""
    assert of(at_most(term, NOW)) == {Watch(way, NOW) for way in ways}


@pytest.mark.parametrize(
    "term",
    [
        Figure(Fact("opened", Kind.DATE), ONE),
        Lookup("sums", "sum", (), {(): 1}, SUM),
        Elapsed(Span.DAYS, DAY, END),
        Sum("machines", "machine", YES, ONE),
        Entitlement("other"),
    ],
)
def test_what_is_not_followed(term: Term) -> None:
    """Beside what is not followed, the day is watched by itself: every day of it."""
    assert of(at_most(NOW, term)) == {Watch(NOW)}


@pytest.mark.parametrize(
    "term",
    [
        Multiply(SUM, AGE),
        Quotient(AGE, ONE, ONE),
        Round(AGE, 1, Rounding.DOWN),
        Sum("machines", "machine", YES, AGE),
    ],
)
def test_what_is_reckoned_with(term: Term) -> None:
    """What is reckoned with the day is watched by what enters the reckoning."""
    assert of(at_most(term, ONE)) == {Watch(AGE)}


@pytest.mark.parametrize(
    "condition",
    [
        Member((YEAR,), frozenset({(2026,)})),
        at_most(Figure(SUM, YEAR), ONE),
        at_most(Lookup("sums", "sum", (YEAR,), {(2026,): 1}, SUM), ONE),
    ],
)
def test_what_is_looked_up(condition: Condition) -> None:
    """What the day is looked up by is watched."""
    assert of(condition) == {Watch(YEAR)}


def test_two_facts() -> None:
    """Where two facts would be asked for, what depends on the day is watched alone."""
    assert of(at_most(AGE, Elapsed(Span.DAYS, END, NOON))) == {Watch(AGE)}
    assert of(at_most(Add((AGE, Fact("more", Kind.NUMBER))), ONE)) == {Watch(AGE)}


def test_too_many_ways() -> None:
    """Where there are too many ways to put a term together, its parts are watched."""
    many = Least(tuple(Constant(n, Kind.NUMBER) for n in range(9)))
    assert of(at_most(Add((AGE, many, many)), ONE)) == {Watch(AGE)}


def test_what_stays() -> None:
    """What does not depend on the day is not watched."""
    assert of(YES, Not(at_most(DAY, END)), at_most(Negate(SUM), SUM)) == set()


def test_both_sides() -> None:
    """Where both sides depend on the day, it is looked at day by day."""
    early, late = Shift(NOW, Period(months=1), back=True), Shift(NOW, Period(days=31))
    (watch,) = of(at_most(early, late))
    assert watch == Watch(early, late)
    assert not watch.is_steady
    assert Watch(AGE, Constant(Fraction(5), Kind.NUMBER)).is_steady
