"""By how much one rule can come to more or less than another that reads almost the same."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from attrs import evolve

from incentives import RuleBook
from incentives.costing.differing import highest, lowest, of_rules, of_terms, spans
from incentives.costing.spans import NOTHING, Span
from incentives.ir import (
    Add,
    AsOf,
    Branch,
    Choose,
    Constant,
    Fact,
    Greatest,
    Holds,
    Kind,
    Least,
    Lookup,
    Multiply,
    Negate,
    Round,
    Sum,
    Term,
)
from incentives.money import Rounding
from incentives.standards import Cash
from tests.support.costs import FACTS, book

ANY = Span()
SALES = Fact("sales", Kind.MONEY, low=0)
PROFIT = Fact("profit", Kind.MONEY)
GREEN, SHOES = (Holds(Fact(name, Kind.BOOLEAN)) for name in ("green", "shoes"))


def fen(amount: int) -> Constant:
    return Constant(amount, Kind.MONEY)


def rate(percent: int) -> Constant:
    return Constant(Fraction(percent, 100), Kind.RATE)


def rounded(term: Term, unit: int = 100, mode: Rounding = Rounding.DOWN) -> Term:
    return Round(term, unit, mode)


def chosen(first: int, second: int, condition: Holds = GREEN) -> Term:
    return Choose((Branch(condition, fen(first)),), fen(second))


def looked_up(*amounts: int, otherwise: Term = fen(0)) -> Term:  # noqa: B008  # frozen
    rows = {(n,): amount for n, amount in enumerate(amounts)}
    return Lookup("sums", "sum", (SALES,), rows, otherwise)  # type: ignore[arg-type]  # numbers


def summed(term: Term, records: str = "loans") -> Term:
    return Sum(records, "loan", GREEN, term)


@pytest.mark.parametrize(
    ("old", "new", "span"),
    [
        (SALES, SALES, NOTHING),
        (SALES, PROFIT, ANY),
        (fen(100), fen(80), Span(-20, -20)),
        (Constant("甲", Kind.TEXT), Constant("乙", Kind.TEXT), ANY),
        (Least((SALES, fen(100))), Least((SALES, fen(80))), Span(-20, 0)),
        (Greatest((SALES, fen(100))), Greatest((SALES, fen(80))), Span(-20, 0)),
        (Least((SALES, PROFIT, fen(1))), Least((fen(2), PROFIT)), ANY),
        (Add((SALES, fen(5))), Add((SALES, fen(7))), Span(2, 2)),
        (Add((SALES, fen(5))), Add((PROFIT, fen(7))), ANY),
        (Negate(fen(5)), Negate(fen(7)), Span(-2, -2)),
        # A cap, or a floor, where there was none; and the other way round.
        (SALES, Least((SALES, fen(9))), Span(None, 0)),
        (SALES, Greatest((SALES, fen(9))), Span(0, None)),
        (Least((SALES, fen(9))), SALES, Span(0, None)),
        (Greatest((SALES, fen(9))), SALES, Span(None, 0)),
        # A rate of what is not below zero, or of what may be.
        (Multiply(rate(10), SALES), Multiply(rate(12), SALES), Span(0, None)),
        (Multiply(SALES, rate(10)), Multiply(SALES, rate(8)), Span(None, 0)),
        (Multiply(rate(10), PROFIT), Multiply(rate(12), PROFIT), ANY),
        (Multiply(rate(10), SALES), Multiply(rate(12), PROFIT), ANY),
        (
            Multiply(rate(10), Add((SALES, fen(1000)))),
            Multiply(rate(12), Add((SALES, fen(1000)))),
            Span(20, None),
        ),
        # Rounding keeps whole steps; below zero it may go one further.
        (
            rounded(Add((SALES, fen(0)))),
            rounded(Add((SALES, fen(250)))),
            Span(200, 300),
        ),
        (
            rounded(Add((PROFIT, fen(0)))),
            rounded(Add((PROFIT, fen(250)))),
            Span(100, 400),
        ),
        (rounded(Add((PROFIT, fen(0)))), rounded(Add((PROFIT, fen(50)))), Span(0, 200)),
        (rounded(SALES), rounded(PROFIT), ANY),
        (rounded(SALES), rounded(SALES, 1000), ANY),
        # Who chooses by the same takes the same.
        (chosen(10, 20), chosen(13, 15), Span(-5, 3)),
        (chosen(10, 20), chosen(13, 15, SHOES), ANY),
        (looked_up(10, 20), looked_up(13, 15), Span(-5, 3)),
        (looked_up(10, 20), looked_up(13, 15, 1), ANY),
        (
            looked_up(10, 20),
            looked_up(10, 20, otherwise=SALES),
            ANY,
        ),
        (looked_up(10), Lookup("sums", "sum", (PROFIT,), {(0,): 1}, fen(0)), ANY),
        (summed(fen(10)), summed(fen(12)), Span(0, None)),
        (summed(fen(10)), summed(fen(12), "projects"), ANY),
    ],
)
def test_terms(old: Term, new: Term, span: Span) -> None:
    """What can be told of two terms, and the opposite the other way round."""
    assert of_terms(old, new) == span
    assert of_terms(new, old) == -span


@pytest.mark.parametrize(
    ("term", "ends"),
    [
        (fen(5), (5, 5)),
        (SALES, (0, None)),
        (Constant("甲", Kind.TEXT), (None, None)),
        (Least((SALES, fen(5))), (0, 5)),
        (Least((PROFIT, fen(5))), (None, 5)),
        (Greatest((PROFIT, fen(5))), (5, None)),
        (Greatest((fen(3), fen(5))), (5, 5)),
        (Add((SALES, fen(5))), (5, None)),
        (Add((fen(3), fen(5))), (8, 8)),
        (Negate(SALES), (None, 0)),
        (Add((fen(5), Negate(SALES))), (None, 5)),
        (Multiply(rate(10), SALES), (0, None)),
        (Multiply(rate(10), PROFIT), (None, None)),
        (rounded(fen(200)), (0, 200)),
        (rounded(fen(250)), (0, None)),
        (rounded(PROFIT), (None, None)),
        (summed(SALES), (0, None)),
        (AsOf(), (None, None)),
    ],
)
def test_ends(term: Term, ends: tuple[int | None, int | None]) -> None:
    """What a term never falls short of, and never exceeds."""
    assert (lowest(term), highest(term)) == ends


# --- rules ---------------------------------------------------------------------------------

Make = Callable[..., RuleBook]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Books with other rules for machines."""

    def make(more: str = "", facts: str = FACTS, **rules: str | None) -> RuleBook:
        return book(tmp_path / str(len(list(tmp_path.iterdir()))), more, facts, **rules)

    return make


def _machines(award: str, more: str = "") -> str:
    return f"title: 设备\neach: machine\nevent: machine.bought\nconditions: [none]\naward: {award}\n{more}"


def _span(make: Make, old: str, new: str) -> Span:
    return of_rules(make(equipment=old)["equipment"], make(equipment=new)["equipment"])


@pytest.mark.parametrize(
    ("old", "new", "span"),
    [
        # Nobody knows how many machines there are.
        (_machines("1万元"), _machines("2万元"), Span(0, None)),
        (
            _machines("1万元", "once: per enterprise\n"),
            _machines("2万元", "once: per enterprise\n"),
            Span(0, 1_000_000),
        ),
        (_machines("1万元", "once: per enterprise\n"), _machines("2万元"), ANY),
        (_machines("1万元"), _machines("{non-cash: 优先}"), ANY),
        # A cap for all of them, or none.
        (
            _machines("{rate: 10%, of: machine.price}"),
            _machines(
                '{rate: 10%, of: machine.price, cap: 3万元, cap per: "subject, lifetime"}'
            ),
            Span(None, 0),
        ),
        (
            _machines(
                '{rate: 10%, of: machine.price, cap: 3万元, cap per: "subject, lifetime"}'
            ),
            _machines(
                '{rate: 10%, of: machine.price, cap: 5万元, cap per: "subject, lifetime"}'
            ),
            Span(0, 2_000_000),
        ),
        (
            _machines(
                '{rate: 10%, of: machine.price, cap: 3万元, cap per: "subject, lifetime"}'
            ),
            _machines("{rate: 10%, of: machine.price}"),
            Span(0, None),
        ),
        # A floor may lift an item above what others leave: only the way is known.
        (
            _machines(
                '{rate: 10%, of: machine.price, floor: 1万元, cap: 3万元, cap per: "subject, lifetime"}'
            ),
            _machines(
                '{rate: 10%, of: machine.price, floor: 2万元, cap: 3万元, cap per: "subject, lifetime"}'
            ),
            Span(0, None),
        ),
    ],
)
def test_rules(made: Make, old: str, new: str, span: Span) -> None:
    """What a change of words can change for anybody, in fen."""
    assert _span(made, old, new) == span


def test_items_without_limits_of_their_own(made: Make) -> None:
    """Only the cap of all of them can make a difference."""
    rule = made()["equipment"]
    old, new = (evolve(rule, award=Cash(SALES, cap=fen(cap))) for cap in (9, 7))
    assert of_rules(old, new) == Span(-2, 0)


def test_books(made: Make) -> None:
    """Of rules that share something, or of other facts, nothing is told of them alone."""
    more = "title: 奖励\nevent: accepted\nconditions: [green, accepted + 6个月 ≥ as_of]\naward: 6万元\n"
    stacking = (
        "stacking:\n  - {group: 就高, rules: [equipment, plant], mode: highest-only}\n"
    )
    other = FACTS.replace("label: 验收日", "label: 验收日期")
    old = made()
    assert dict(spans(old, made(plant=more))) == {
        "equipment": NOTHING,
        "plant": Span(0, 1_000_000),
    }
    assert dict(spans(old, made(plant=None))) == {"equipment": NOTHING}
    assert dict(spans(old, made(stacking))) == {}
    assert dict(spans(old, made(facts=other))) == {}
