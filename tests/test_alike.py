"""Which rules of a book are judged together, and what stays as it is."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl
import pytest

from attrs import evolve

from incentives import ir
from incentives.grouping import Group, Highest
from incentives.ir import Comparison, Kind
from incentives.policy import ReasonCode, Requirement, Rule
from incentives.screening import alike
from incentives.screening.alike import Alike, Range, alike_in
from incentives.standards import Cash, Discretionary, NonCash
from tests.property.books import PAST, READER

COUNTY = ir.Fact("county", Kind.TEXT)
OUTPUT = ir.Fact("output", Kind.MONEY, low=0)
COUNTIES = ("泉州市", "晋江市", "石狮市")


def rule_of(number: int, county: str, fen: ir.Value) -> Rule:
    """A rule for a county, with an amount of its own."""
    first = READER.rules[0]
    written = ir.Member((COUNTY,), frozenset({(county,)}))
    return evolve(
        first,
        id=f"s{number}",
        title=f"奖励{number}",
        requirements=(Requirement(first_code(), written),),
        award=Cash(ir.Constant(fen, Kind.MONEY)),
    )


def first_code() -> ReasonCode:
    return ReasonCode.CONDITION_UNMET


def rules(*fen: ir.Value) -> tuple[Rule, ...]:
    return tuple(
        rule_of(number, county, amount)
        for number, (county, amount) in enumerate(zip(COUNTIES, fen, strict=True))
    )


def together(made: Sequence[Rule], **changes: object) -> tuple[Alike, ...]:
    """What a book of some rules has that is judged together, if two are enough."""
    book = evolve(READER, rules=tuple(made), **changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "FEWEST", 2)
        found = alike_in(book, "enterprise")
        assert alike_in(book, "enterprise") is found
        return found


def test_values_make_a_table() -> None:
    """What differs between rules is a row for each, and what does not stays written."""
    (found,) = together(rules(100, 200, Fraction(5, 2)))
    assert found.places.to_list() == [0, 1, 2]
    assert (found.fact, found.key) == (COUNTY, "p0")
    columns = {"p0": list(COUNTIES), "p1": [200, 400, 5]}
    assert found.values.frame.to_dict(as_series=False) == columns
    assert found.values.scales["p1"] == Fraction(1, 2)
    (same,) = together(rules(100, 100, 100))
    assert same.rule.award == Cash(ir.Constant(100, Kind.MONEY))
    assert same.values.frame.schema == {"p0": pl.String()}


def test_too_large() -> None:
    """Numbers that need more than the usual width are judged rule by rule."""
    assert not together(rules(1, 2, 2**63))


def test_nothing_tells_them_apart() -> None:
    """Rules that no fact tells apart are judged one by one."""
    least = [
        ir.Compare(Comparison.GE, OUTPUT, ir.Constant(fen, Kind.MONEY))
        for fen in (1, 2, 3)
    ]
    made = [
        evolve(rule, requirements=(Requirement(first_code(), condition),))
        for rule, condition in zip(rules(1, 1, 1), least, strict=True)
    ]
    assert not together(made)
    assert not together([rule_of(n, "晋江市", n) for n in range(3)])


def test_what_stands_apart() -> None:
    """A cap, a group, a use of another rule: each is judged by itself."""
    made = rules(1, 2, 3)
    limit = ir.Constant(5, Kind.MONEY)
    for award in (Cash(limit, cap=limit), Cash(limit, most=limit)):
        assert not together([evolve(rule, award=award) for rule in made])
    assert not together([evolve(rule, uses=("s9",)) for rule in made])
    members = tuple(rule.id for rule in made)
    assert not together(made, groups=(Group("g", members, Highest(PAST)),))
    uses = evolve(made[0], id="s9", uses=members)
    assert not together([*made, uses])


def test_other_awards() -> None:
    """Supports and what is left open may differ in their texts."""
    for awards in (map(NonCash, COUNTIES), map(Discretionary, COUNTIES)):
        made = [
            evolve(rule, award=award)
            for rule, award in zip(rules(1, 2, 3), awards, strict=True)
        ]
        (found,) = together(made)
        assert found.values.frame.columns == ["p0"]


def test_several_keys() -> None:
    """Of several facts that must equal something, the one with most values tells."""
    city = ir.Fact("city", Kind.TEXT)
    made = [
        evolve(
            rule,
            requirements=(
                Requirement(
                    first_code(),
                    ir.Compare(
                        Comparison.EQ, ir.Constant(COUNTIES[n % 2], Kind.TEXT), city
                    ),
                ),
                *rule.requirements,
            ),
        )
        for n, rule in enumerate(rules(1, 1, 1))
    ]
    (found,) = together(made)
    assert (found.fact, found.key) == (COUNTY, "p1")


def test_tables_are_told_apart_by_identity() -> None:
    """Rules that look into one table are of one shape; of two tables they are not."""
    rows = {("晋江市",): 300, ("石狮市",): 200}

    def looking_up(table: dict[tuple[ir.Value, ...], ir.Value], rule: Rule) -> Rule:
        otherwise = ir.Constant(0, Kind.MONEY)
        term = ir.Lookup("t", "c", (COUNTY,), table, otherwise)
        return evolve(rule, award=Cash(term))

    made = rules(1, 2, 3)
    assert together([looking_up({**rows}, rule) for rule in made]) == ()
    (found,) = together([looking_up(rows, rule) for rule in made])
    assert len(found.places) == len(made)


def between(number: int, low: ir.Value, high: ir.Value, *, turned: bool) -> Rule:
    """A rule for who has an output between two amounts, in fen."""
    rule = rule_of(number, "泉州市", 100)
    ends = [
        ir.Compare(Comparison.GE, OUTPUT, ir.Constant(low, Kind.MONEY)),
        ir.Compare(Comparison.LT, OUTPUT, ir.Constant(high, Kind.MONEY)),
    ]
    if turned:
        ends[1] = ir.Compare(Comparison.GT, ir.Constant(high, Kind.MONEY), OUTPUT)
    wanted = tuple(Requirement(first_code(), end) for end in ends)
    return evolve(rule, requirements=wanted)


@pytest.mark.parametrize("turned", [False, True])
def test_ranges(turned: bool) -> None:  # a parameter
    """Rules that say between which amounts a fact must lie are joined by both ends."""
    made = [between(n, n * 100, n * 100 + 100, turned=turned) for n in range(3)]
    (found,) = together(made)
    assert (found.fact, found.key) == (OUTPUT, Range("p0", "p1"))
    columns = {"p0": [0, 100, 200], "p1": [100, 200, 300]}
    assert found.values.frame.to_dict(as_series=False) == columns


def test_no_range() -> None:
    """One end alone, or one that is no whole number of fen, joins no rules."""
    made = [between(n, 0, n * 100 + 100, turned=False) for n in range(3)]
    assert together(made) == ()
    made = [between(n, Fraction(n, 2), 100 + n, turned=False) for n in range(3)]
    assert together(made) == ()
