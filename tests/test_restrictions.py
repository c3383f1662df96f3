"""What single conditions leave to a fact, and how that relates."""

from datetime import date

import pytest

from hypothesis import given
from hypothesis import strategies as st

from incentives.checks.restrictions import (
    Among,
    Between,
    Values,
    Without,
    declared,
    disjoint,
    restriction,
    within,
)
from incentives.dates import Period
from incentives.ir import (
    AsOf,
    Branch,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Holds,
    Kind,
    Member,
    Not,
    Shift,
)
from incentives.ir_walk import children, rewritten, walk

YEAR = Fact("year", Kind.YEAR)
MONEY = Fact("revenue", Kind.MONEY, low=0)
NAMED = Fact("first", Kind.BOOLEAN)
SIGNS = st.sampled_from(Comparison)
YEARS = st.integers(2000, 2006)


def compared(sign: Comparison, year: int) -> Condition:
    return Compare(sign, YEAR, Constant(year, Kind.YEAR))


def listed(years: frozenset[int]) -> Condition:
    return Member((YEAR,), frozenset((year,) for year in years))


CONDITIONS = st.one_of(
    st.builds(compared, SIGNS, YEARS),
    st.builds(
        lambda sign, year: Compare(sign, Constant(year, Kind.YEAR), YEAR), SIGNS, YEARS
    ),
    st.builds(listed, st.frozensets(YEARS, min_size=1, max_size=3)),
)
CONDITIONS = CONDITIONS | st.builds(Not, CONDITIONS)


def values(condition: Condition) -> Values:
    found = restriction(condition)
    assert found is not None
    assert found.terms == (YEAR,)
    return found.values


def members(left: Values) -> set[int]:
    """The years from 1990 to 2015 that a set holds."""
    years = range(1990, 2016)
    match left:
        case Between():
            return {year for year in years if left.has((year,))}
        case Among(rows=rows):
            return {year for year in years if (year,) in rows}
        case Without(rows=rows):
            return {year for year in years if (year,) not in rows}


@given(CONDITIONS)
def test_opposite_conditions_share_nothing(condition: Condition) -> None:
    """A condition and its opposite leave every year to exactly one of them."""
    here, there = members(values(condition)), members(values(Not(condition)))
    assert here & there == set()
    assert here | there == set(range(1990, 2016))


@given(CONDITIONS, CONDITIONS)
def test_disjoint_is_what_no_year_is_in(one: Condition, other: Condition) -> None:
    """What is said to be disjoint is, and the order does not matter."""
    left, right = values(one), values(other)
    assert disjoint(left, right) == disjoint(right, left)
    if disjoint(left, right):
        assert members(left) & members(right) == set()
    elif isinstance(left, Between) and isinstance(right, Between):
        assert members(left) & members(right)


@given(CONDITIONS, CONDITIONS)
def test_within_is_what_is_in_both(one: Condition, other: Condition) -> None:
    """What is said to be within something is, and every set is within itself."""
    left, right = values(one), values(other)
    assert within(left, left)
    if within(left, right):
        assert members(left) <= members(right)
    elif isinstance(left, Between) and isinstance(right, Between):
        assert not members(left) <= members(right)


def fen(sign: Comparison, amount: int) -> Values:
    found = restriction(Compare(sign, MONEY, Constant(amount, Kind.MONEY)))
    assert found is not None
    return found.values


def test_doubly_negated() -> None:
    """Not not is what it was; not of a list is everything else."""
    condition = listed(frozenset({2001}))
    assert values(Not(Not(condition))) == values(condition)
    assert values(Not(condition)) == Without(frozenset({(2001,)}))


def test_amounts_are_not_counted() -> None:
    """Between two amounts there may be others: an open end stays open."""
    above, below = fen(Comparison.GT, 100), fen(Comparison.LT, 101)
    assert above == Between(low=100, low_open=True)
    assert below == Between(high=101, high_open=True)
    assert not disjoint(above, below)
    assert disjoint(above, fen(Comparison.LE, 100))
    assert within(above, fen(Comparison.GE, 100))
    assert not within(fen(Comparison.GE, 100), above)
    assert within(below, fen(Comparison.LE, 101))
    assert not within(fen(Comparison.LE, 101), below)


def test_days_are_counted() -> None:
    """After the last of a year is from the first of the next."""
    day = Constant(date(2025, 12, 31), Kind.DATE)
    found = restriction(Compare(Comparison.GT, AsOf(), day))
    assert found is not None
    assert found.values == Between(low=date(2026, 1, 1))


def test_yes_and_no() -> None:
    """What holds and what does not exclude each other."""
    yes, no = restriction(Holds(NAMED)), restriction(Not(Holds(NAMED)))
    assert yes is not None
    assert no is not None
    assert disjoint(yes.values, no.values)
    assert no.values == Among(frozenset({(False,)}))


@pytest.mark.parametrize(
    "condition",
    [
        Compare(Comparison.GE, MONEY, MONEY),
        Compare(Comparison.GE, Constant(1, Kind.MONEY), Constant(2, Kind.MONEY)),
        Not(Compare(Comparison.GE, MONEY, MONEY)),
        Not(Not(Compare(Comparison.EQ, MONEY, MONEY))),
    ],
)
def test_two_facts_restrict_neither(condition: Condition) -> None:
    """A condition on two facts says nothing of one alone."""
    assert restriction(condition) is None


def test_what_is_declared() -> None:
    """An amount is not negative; a year may be any."""
    assert declared((MONEY,)) == Between(low=0)
    assert declared((YEAR,)) is None
    assert declared((MONEY, MONEY)) is None
    assert declared((AsOf(),)) is None


TIERS = Choose(
    (Branch(Compare(Comparison.GE, MONEY, Constant(5, Kind.MONEY)), MONEY),),
    Constant(0, Kind.MONEY),
)


def test_walk() -> None:
    """Every node is met once, the outermost first and in order."""
    assert [type(node).__name__ for node in walk(TIERS)] == [
        "Choose",
        "Branch",
        "Compare",
        "Fact",
        "Constant",
        "Fact",
        "Constant",
    ]
    assert list(children(AsOf())) == []


def test_rewritten() -> None:
    """Every node is changed wherever it stands, and nothing else is."""

    def change(node: object) -> object:
        return YEAR if node == MONEY else node

    found = rewritten(TIERS, change)
    assert [n.name for n in walk(found) if isinstance(n, Fact)] == ["year", "year"]
    moved = Shift(AsOf(), Period(years=1))
    assert rewritten(moved, change) == moved
