"""The words for amounts, limits and history, as nodes of the kernel."""

from datetime import date
from fractions import Fraction

import attrs
import pytest

from incentives.dates import FIRST_DAY
from incentives.facts import core_vocabulary
from incentives.ir import (
    Add,
    All,
    AsOf,
    Branch,
    Calendar,
    Choose,
    Compare,
    Comparison,
    Constant,
    Elapsed,
    Exists,
    Fact,
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
    Span,
    Sum,
)
from incentives.language.amounts.history import once_of
from incentives.language.amounts.sugar import award_of, value_of
from incentives.language.expressions.scope import Context, Scope
from incentives.language.nodes import Problems, Scalar, parse_yaml
from incentives.money import Rounding
from incentives.policy import ReasonCode
from incentives.standards import Cash, Discretionary, NonCash
from incentives.tables import parse_table

VOCABULARY = core_vocabulary()
PLATFORM = VOCABULARY["enterprise"].records["platforms"]
TABLE = parse_table(
    "t",
    "key,sum,rate,day,year,word,count\n甲,5元,30%,2026-01-01,2026,壹,3\n乙,6元,40%,2026-01-02,2027,贰,4\n",
)
ZERO = Constant(0, Kind.MONEY)
COST = PLATFORM.fields["equipment_cost"].as_fact("platform")
SOFTWARE = PLATFORM.fields["software_cost"].as_fact("platform")
STAGE = PLATFORM.fields["stage"].as_fact("platform")


def context(subject: str = "enterprise") -> Context:
    each = PLATFORM if subject == "enterprise" else None
    scope = Scope(VOCABULARY[subject], {"t": TABLE}, each, policy="p-1", rule="bonus")
    return Context("bonus", "p-1", subject, scope, Problems())


def award(text: str) -> object:
    node = parse_yaml(f"award: {text}", "r.yaml", Problems())
    assert node is not None
    at_hand = context()
    found = award_of(node.entries["award"], at_hand)
    assert [str(problem) for problem in at_hand.problems.found] == []
    return found


def value(text: str) -> object:
    node = parse_yaml(f"value: {text}", "r.yaml", Problems())
    assert node is not None
    at_hand = context()
    found = value_of(node.entries["value"], at_hand, None)
    assert [str(problem) for problem in at_hand.problems.found] == []
    return found


def rounded(term: object, unit: int = 1, mode: Rounding = Rounding.HALF_UP) -> Cash:
    return Cash(Round(Greatest((ZERO, term)), unit, mode))  # type: ignore[arg-type]


def yuan(amount: int) -> Constant:
    return Constant(amount * 100, Kind.MONEY)


def rate(percent: int) -> Constant:
    return Constant(Fraction(percent, 100), Kind.RATE)


def test_fixed_sums() -> None:
    """A sum is itself, with or without its key."""
    assert award("5元") == Cash(yuan(5))
    assert award("{amount: 5元}") == Cash(yuan(5))


def test_an_expression_is_never_paid_below_nothing() -> None:
    """An amount that depends on facts is at least nothing, and whole fen."""
    assert award("platform.equipment_cost") == rounded(COST)


def test_awards_without_an_amount() -> None:
    """A support keeps its words, a discretionary award its reason."""
    assert award("{non-cash: 优先安排}") == NonCash("优先安排")
    assert award("{discretionary: 由主管部门确定}") == Discretionary("由主管部门确定")


def test_share_of_a_base_that_is_never_negative() -> None:
    """A fact is never negative by itself, a difference may be."""
    assert award("{rate: 30%, of: platform.equipment_cost}") == rounded(
        Multiply(rate(30), COST)
    )
    base = Add((COST, Negate(SOFTWARE)))
    text = "{rate: 30%, of: platform.equipment_cost - platform.software_cost}"
    assert award(text) == rounded(Multiply(rate(30), Greatest((ZERO, base))))


def test_a_rate_may_be_a_value_with_words_of_its_own() -> None:
    """Points are added to a rate wherever they stand: beside it, or inside it."""
    bonus = "bonus: [{if: platform.market_operated, add: 10%}]"
    base = "of: platform.equipment_cost"
    found = award(f"{{rate: 20%, {bonus}, {base}}}")
    operated = Fact("market_operated", Kind.BOOLEAN, "platform")
    points = Choose((Branch(Holds(operated), rate(10)),), rate(0))
    assert found == rounded(Multiply(Add((rate(20), points)), COST))
    assert award(f"{{rate: {{amount: 20%, {bonus}}}, {base}}}") == found


def test_modifiers_apply_in_one_order() -> None:
    """However they are written: bonus, multiplier, time, floor, cap."""
    words = [
        "cap: 9元",
        "floor: 1元",
        "prorate: {from: 2026-01-01, to: platform.recognised, over: 12个月}",
        "multiply: [{by: 2}]",
        "bonus: [{add: 3元}]",
        "amount: platform.equipment_cost",
    ]
    day = Constant(date(2026, 1, 1), Kind.DATE)
    months = Elapsed(Span.MONTHS, day, Fact("recognised", Kind.DATE, "platform"))
    year = Constant(Fraction(12), Kind.NUMBER, (("月", 1),))
    none = Constant(0, Kind.NUMBER, (("月", 1),))
    share = Quotient(Greatest((none, months)), year, rate(0))
    twice = Multiply(Add((COST, yuan(3))), Constant(Fraction(2), Kind.NUMBER))
    part = Multiply(twice, Least((share, rate(100))))
    limited = Least((Greatest((part, yuan(1))), yuan(9)))
    assert award(f"{{{', '.join(words)}}}") == rounded(limited)
    assert award(f"{{{', '.join(reversed(words))}}}") == rounded(limited)


def test_floor_raises_before_the_cap_lowers() -> None:
    """However they are ordered in the file, a floor applies before a cap."""
    share = Multiply(rate(30), COST)
    limited = Least((Greatest((share, yuan(1))), yuan(9)))
    text = "{cap: 9元, floor: 1元, rate: 30%, of: platform.equipment_cost}"
    assert award(text) == rounded(limited)


@pytest.mark.parametrize(
    ("word", "unit", "mode"),
    [
        ("fen half-up", 1, Rounding.HALF_UP),
        ("fen down", 1, Rounding.DOWN),
        ("yuan half-up", 100, Rounding.HALF_UP),
        ("yuan down", 100, Rounding.DOWN),
        ("万元 half-up", 1_000_000, Rounding.HALF_UP),
        ("万元 down", 1_000_000, Rounding.DOWN),
    ],
)
def test_rounding(word: str, unit: int, mode: Rounding) -> None:
    """Each way of rounding, to the fen, the yuan or the 万元."""
    text = f"{{amount: platform.equipment_cost, rounding: {word}}}"
    assert award(text) == rounded(COST, unit, mode)


def under(*rules: str) -> All:
    """An award under the rules of the policy, paid by the day asked about."""
    return All(
        (
            Member(
                (Fact("rule", Kind.TEXT, "award"),),
                frozenset((rule,) for rule in rules),
                shown=rules,
            ),
            Member(
                (Fact("policy", Kind.TEXT, "award", default="p-1"),),
                frozenset({("p-1",)}),
                shown=("p-1",),
            ),
            Compare(
                Comparison.LE,
                Fact("date", Kind.DATE, "award", default=FIRST_DAY),
                AsOf(),
            ),
        )
    )


PAID = Fact("amount", Kind.MONEY, "award", low=0)
OF_RECORD = Compare(
    Comparison.EQ,
    Fact("record", Kind.TEXT, "award"),
    Fact("id", Kind.TEXT, "platform"),
)
THIS_YEAR = Compare(
    Comparison.EQ,
    InCalendar(Calendar.YEAR_OF, Fact("date", Kind.DATE, "award")),
    InCalendar(Calendar.YEAR_OF, AsOf()),
)


@pytest.mark.parametrize(
    ("per", "conditions"),
    [
        ("platform, lifetime", (OF_RECORD,)),
        ("platform，per year", (OF_RECORD, THIS_YEAR)),
    ],
)
def test_cap_counts_what_was_paid(per: str, conditions: tuple[Compare, ...]) -> None:
    """A cap per thing and period is less by what the same thing got in the period."""
    paid = Sum("awards", "award", All((under("bonus"), *conditions)), PAID)
    text = f'{{amount: platform.equipment_cost, cap: 9元, cap per: "{per}"}}'
    left = Add((yuan(9), Negate(paid)))
    assert award(text) == rounded(Least((COST, left)))


@pytest.mark.parametrize(
    ("per", "conditions"),
    [("subject, lifetime", ()), ("subject，per year", (THIS_YEAR,))],
)
def test_cap_over_all_records(per: str, conditions: tuple[Compare, ...]) -> None:
    """A cap per subject limits each record, and all of them less what was paid."""
    paid = Sum("awards", "award", All((under("bonus"), *conditions)), PAID)
    text = f'{{amount: platform.equipment_cost, cap: 9元, cap per: "{per}"}}'
    left = Greatest((ZERO, Add((yuan(9), Negate(paid)))))
    one = rounded(Least((COST, yuan(9))))
    assert award(text) == Cash(one.amount, cap=Round(left, 1, Rounding.HALF_UP))


def test_tiers() -> None:
    """A tier is a branch on an interval or a value; the rest is `otherwise`."""
    text = (
        "{of: platform.equipment_cost, tiers: [{in: '[5元, ∞)', then: 2元}, "
        "{is: 1元, then: {rate: 10%, of: platform.equipment_cost}}], otherwise: 0元}"
    )
    assert award(text) == rounded(
        Choose(
            (
                Branch(Compare(Comparison.GE, COST, yuan(5)), yuan(2)),
                Branch(
                    Member((COST,), frozenset({(100,)}), shown=(100,)),
                    Multiply(rate(10), COST),
                ),
            ),
            ZERO,
        )
    )


def test_instalments_of_an_award_do_not_use_up_its_own_cap() -> None:
    """What was paid of the very award that is paid in parts is no other award."""
    node = parse_yaml(
        "award: {amount: platform.equipment_cost, cap: 9元, cap per: 'platform, lifetime'}",
        "r.yaml",
        Problems(),
    )
    assert node is not None
    at_hand = attrs.evolve(context(), grant=(OF_RECORD,))
    found = award_of(node.entries["award"], at_hand)
    others = (under("bonus"), OF_RECORD, Not(All((OF_RECORD,))))
    paid = Sum(
        "awards", "award", All(others), Fact("amount", Kind.MONEY, "award", low=0)
    )
    left = Add((yuan(9), Negate(paid)))
    assert at_hand.problems.found == []
    assert found == rounded(Least((COST, left)))


@pytest.mark.parametrize(
    ("column", "otherwise", "constant", "cells"),
    [
        ("sum", "0元", ZERO, (500, 600)),
        ("rate", "1%", rate(1), (Fraction(3, 10), Fraction(2, 5))),
        (
            "day",
            "2025-01-01",
            Constant(date(2025, 1, 1), Kind.DATE),
            (date(2026, 1, 1), date(2026, 1, 2)),
        ),
        ("word", "“零”", Constant("零", Kind.TEXT), ("壹", "贰")),
        ("count", "0", Constant(Fraction(0), Kind.NUMBER), (3, 4)),
    ],
)
def test_look_up(
    column: str, otherwise: str, constant: Constant, cells: tuple[object, object]
) -> None:
    """A cell is read as what `otherwise` is."""
    text = f"{{look up: t.{column}, by: platform.stage, otherwise: {otherwise}}}"
    rows = {("甲",): cells[0], ("乙",): cells[1]}
    assert value(text) == Lookup("t", column, (STAGE,), rows, constant)  # type: ignore[arg-type]


def test_look_up_of_a_year() -> None:
    """A cell may be a year where a year stands for the rest."""
    text = "{look up: t.year, by: platform.stage, otherwise: year(as_of)}"
    found = value(text)
    assert isinstance(found, Lookup)
    assert found.rows == {("甲",): 2026, ("乙",): 2027}


@pytest.mark.parametrize(
    ("subject", "text", "key", "conditions"),
    [
        ("enterprise", "per enterprise", None, ()),
        ("county", "per county", None, ()),
        (
            "enterprise",
            "per platform.id",
            Fact("id", Kind.TEXT, "platform"),
            (OF_RECORD,),
        ),
        (
            "enterprise",
            "per year(platform.recognised)",
            InCalendar(Calendar.YEAR_OF, Fact("recognised", Kind.DATE, "platform")),
            (
                Compare(
                    Comparison.EQ,
                    Fact("year", Kind.YEAR, "award"),
                    InCalendar(
                        Calendar.YEAR_OF, Fact("recognised", Kind.DATE, "platform")
                    ),
                ),
            ),
        ),
    ],
)
def test_once(
    subject: str, text: str, key: object, conditions: tuple[Compare, ...]
) -> None:
    """Once per thing means: no award before of the rule for the same thing."""
    at_hand = context(subject)
    node = parse_yaml(f"once: {text}", "r.yaml", Problems())
    assert node is not None
    scalar = node.entries["once"]
    assert isinstance(scalar, Scalar)
    found = once_of(scalar, at_hand)
    assert at_hand.problems.found == []
    assert found is not None
    requirement = found.requirement(at_hand)
    assert requirement.code is ReasonCode.ALREADY_AWARDED
    paid = Exists("awards", "award", All((under("bonus"), *conditions)))
    assert requirement.condition == Not(paid)
    assert found.key == key


def test_once_none() -> None:
    """`none` is no limit."""
    node = parse_yaml("once: none", "r.yaml", Problems())
    assert node is not None
    scalar = node.entries["once"]
    assert isinstance(scalar, Scalar)
    assert once_of(scalar, context()) is None
