"""The index: a rule is found under what it needs, to the fen, and never left out."""

from typing import Any

import pytest

from incentives import County, Listing, ir
from incentives.engines import indexing
from incentives.engines.indexing import Index, Needed, needs
from incentives.ir import Comparison, Condition, Constant, Fact, Kind
from incentives.policy import Each, Rule
from tests.support.compiling import PLATFORMS, compare, firm, rule
from tests.support.worlds import CITY, COST, OPERATED, money

REVENUE = Fact("revenue", Kind.MONEY, low=0)
SME = Fact("technology_sme", Kind.BOOLEAN)


def at_least(fen: int) -> Condition:
    return compare(Comparison.GE, REVENUE, money(fen))


def at_most(fen: int) -> Condition:
    return compare(Comparison.GE, money(fen), REVENUE)


def text(value: str) -> Constant:
    return Constant(value, Kind.TEXT)


def found(*rules: Rule, **facts: object) -> list[int]:
    """The places of the rules that are candidates for a firm."""
    candidates = Index.of(rules, "enterprise").candidates(firm(**facts))
    return [at for at, each in enumerate(rules) if any(each is c for c in candidates)]


class TestNeeds:
    """What must hold of single facts."""

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (ir.Holds(SME), Needed(SME, frozenset({True}))),
            (ir.Not(ir.Holds(SME)), Needed(SME, frozenset({False}))),
            (
                ir.Member((CITY,), frozenset({("泉州市",), ("厦门市",)})),
                Needed(CITY, frozenset({"泉州市", "厦门市"})),
            ),
            (
                compare(Comparison.EQ, text("泉州市"), CITY),
                Needed(CITY, frozenset({"泉州市"})),
            ),
            (at_least(5), Needed(REVENUE, low=5)),
            (compare(Comparison.GT, REVENUE, money(5)), Needed(REVENUE, low=5)),
            (at_most(5), Needed(REVENUE, high=5)),
            (compare(Comparison.LT, REVENUE, money(5)), Needed(REVENUE, high=5)),
            (ir.All((at_least(2), at_most(5))), Needed(REVENUE, low=2, high=5)),
            (
                ir.All((at_least(2), at_least(3), at_most(9), at_most(7))),
                Needed(REVENUE, low=3, high=7),
            ),
        ],
    )
    def test_of_one_condition(self, condition: Condition, expected: Needed) -> None:
        """An equality, a membership, a truth or an end, whichever side it stands on."""
        assert needs(rule(condition)) == [expected]

    @pytest.mark.parametrize(
        "condition",
        [
            compare(Comparison.NE, CITY, text("泉州市")),
            compare(Comparison.EQ, CITY, Fact("county", Kind.TEXT)),
            ir.Any((ir.Holds(SME), at_least(5))),
            ir.Holds(OPERATED),
        ],
    )
    def test_of_nothing(self, condition: Condition) -> None:
        """What an alternative, a difference or a foreign record says finds nothing."""
        assert needs(rule(condition)) == []


class TestCandidates:
    """Rules that may come to something."""

    @pytest.mark.parametrize(
        ("fen", "expected"),
        [(1, [1]), (2, [0, 1, 2]), (5, [0, 1, 2]), (6, [0]), (None, [0, 1, 2])],
    )
    def test_ends(self, fen: int | None, expected: list[int]) -> None:
        """Both ends are included, and an unknown value leaves everything open."""
        both = ir.All((at_least(2), at_most(5)))
        rules = (rule(at_least(2)), rule(at_most(5)), rule(both))
        facts = {} if fen is None else {"revenue": fen}
        assert found(*rules, **facts) == expected

    def test_intervals(self) -> None:
        """Of many intervals exactly those are found that hold the value."""
        ends = [(low, low + length) for low in range(6) for length in range(4)]
        rules = [rule(ir.All((at_least(low), at_most(high)))) for low, high in ends]
        for fen in range(11):
            expected = [at for at, (a, b) in enumerate(ends) if a <= fen <= b]
            assert found(*rules, revenue=fen) == expected

    @pytest.mark.parametrize(
        ("owner", "name", "wrong"),
        [
            (indexing._Between, "holding", lambda *_: ()),  # noqa: SLF001  # the bug is inside
            (indexing._Ray, "from_low", lambda ray, _: ray.rules[1:]),  # noqa: SLF001  # as above
            (indexing, "bisect_right", indexing.bisect_left),
            (indexing, "bisect_left", indexing.bisect_right),
        ],
    )
    def test_intervals_with_a_bug(
        self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, wrong: Any
    ) -> None:
        """An end that is not included, or a half that is lost, leaves out a rule."""
        monkeypatch.setattr(owner, name, wrong)
        with pytest.raises(AssertionError):
            self.test_intervals()

    def test_an_empty_interval(self) -> None:
        """Nobody is a candidate for what nothing can meet."""
        assert found(rule(at_least(5), at_most(2)), revenue=3) == []

    def test_values(self) -> None:
        """A rule is found under each value that would do."""
        cities = ("泉州市", "厦门市", "福州市")
        rules = [rule(compare(Comparison.EQ, CITY, text(city))) for city in cities]
        assert found(*rules, city="厦门市") == [1]
        assert found(*rules, city="漳州市") == []
        assert found(*rules) == [0, 1, 2]

    def test_records(self) -> None:
        """A rule over records is found by any of them, and by a list nobody knows."""
        each = Each("listings", "listing", Fact("list", Kind.TEXT, "listing"))
        named = Fact("list", Kind.TEXT, "listing")
        top = rule(compare(Comparison.EQ, named, text("某榜单")), each=each)
        assert found(top, listings=[Listing(list="另一榜单")]) == []
        two = [Listing(list="另一榜单"), Listing(list="某榜单")]
        assert found(top, listings=two) == [0]
        assert found(top, listings=[Listing()]) == [0]
        assert found(top, listings=[]) == []
        assert found(top) == [0]

    def test_what_is_always_looked_at(self) -> None:
        """Rules that use others, or need nothing of one fact, are always candidates."""
        used = rule(ir.Holds(SME), uses=("r1",))
        over = rule(compare(Comparison.NE, COST, money(1)), each=PLATFORMS)
        assert found(used, over, rule(ir.Holds(SME)), technology_sme=False) == [0, 1]

    def test_other_subjects(self) -> None:
        """A county is no candidate for the rules of enterprises."""
        index = Index.of([rule(), rule(ir.Holds(SME))], "county")
        assert index.candidates(County(id="晋江市")) == []
