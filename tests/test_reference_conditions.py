"""The reference engine: the verdict on every condition, known or not."""

from itertools import product
from typing import Any

import pytest

from incentives import Listing, Platform, ir
from incentives.engines.meanings import find
from incentives.ir import Comparison, Kind
from incentives.verdict import Verdict
from tests.support.worlds import (
    CHAIN,
    CITY,
    COST,
    COUNTY,
    NO,
    OPERATED,
    PERHAPS,
    START,
    YES,
    between,
    day,
    missing,
    money,
    world,
)

MET, UNMET, UNKNOWN = Verdict.MET, Verdict.UNMET, Verdict.UNKNOWN
AS: dict[Verdict, ir.Condition] = {MET: YES, UNMET: NO, UNKNOWN: PERHAPS}


class TestHolds:
    @pytest.mark.parametrize(
        ("operated", "verdict"), [(True, MET), (False, UNMET), (None, UNKNOWN)]
    )
    def test_holds(self, operated: bool | None, verdict: Verdict) -> None:
        """True holds, false does not, and nobody knows of what is absent."""
        found = find(ir.Holds(OPERATED), world(Platform(market_operated=operated)))
        lacking = missing("platforms[0].market_operated")
        assert found.verdict is verdict
        assert found.missing == (lacking if verdict is UNKNOWN else missing())


SIGNS = ["<", "=", ">"]


class TestCompare:
    @pytest.mark.parametrize("comparison", Comparison)
    @pytest.mark.parametrize("sign", SIGNS)
    def test_known(self, comparison: Comparison, sign: str) -> None:
        """Two known values stand in a relation or do not."""
        right = money({"<": 6, "=": 5, ">": 4}[sign])
        holds = {
            Comparison.EQ: "=",
            Comparison.NE: "<>",
            Comparison.LT: "<",
            Comparison.LE: "<=",
            Comparison.GT: ">",
            Comparison.GE: ">=",
        }[comparison]
        found = find(ir.Compare(comparison, money(5), right), world())
        assert found.verdict is (MET if sign in holds else UNMET)

    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            # 5 against what lies below, up to, around, from and above
            (1, 4, {"=": UNMET, "≠": MET, "<": UNMET, "≤": UNMET, ">": MET, "≥": MET}),
            (1, 5, {"=": "?", "≠": "?", "<": UNMET, "≤": "?", ">": "?", "≥": MET}),
            (1, 9, {"=": "?", "≠": "?", "<": "?", "≤": "?", ">": "?", "≥": "?"}),
            (5, 9, {"=": "?", "≠": "?", "<": "?", "≤": MET, ">": UNMET, "≥": "?"}),
            (6, 9, {"=": UNMET, "≠": MET, "<": MET, "≤": MET, ">": UNMET, "≥": UNMET}),
        ],
    )
    @pytest.mark.parametrize("comparison", Comparison)
    def test_interval(
        self, low: int, high: int, expected: dict[str, Any], comparison: Comparison
    ) -> None:
        """A comparison is unknown while both answers are possible, and only then."""
        compare = ir.Compare(comparison, money(5), between(low, high))
        found = find(compare, world())
        verdict = expected[comparison.value]
        assert found.verdict is (UNKNOWN if verdict == "?" else verdict)
        assert found.missing == (missing("city") if verdict == "?" else missing())

    @pytest.mark.parametrize(
        ("comparison", "limit", "verdict"),
        [
            (Comparison.GE, 0, MET),
            (Comparison.LT, 0, UNMET),
            (Comparison.GT, 0, UNKNOWN),
            (Comparison.EQ, -1, UNMET),
            (Comparison.NE, -1, MET),
            (Comparison.LE, -1, UNMET),
            (Comparison.LE, 10**15, UNKNOWN),
        ],
    )
    def test_without_end(
        self, comparison: Comparison, limit: int, verdict: Verdict
    ) -> None:
        """An unknown amount is not negative, whatever it is."""
        assert (
            find(ir.Compare(comparison, COST, money(limit)), world()).verdict is verdict
        )

    @pytest.mark.parametrize(
        ("event", "verdict"),
        [
            ("2023-12-31", UNMET),
            ("2024-01-01", UNKNOWN),
            ("2024-12-30", UNKNOWN),
            ("2024-12-31", MET),
            ("2025-01-01", MET),
        ],
    )
    def test_effective_date_of_2024(self, event: str, verdict: Verdict) -> None:
        """“自印发之日起施行”: the last day of 2024 is inside in every case."""
        found = find(ir.Compare(Comparison.GE, day(event), START), world())
        assert found.verdict is verdict
        lacking = missing(START.cause) if verdict is UNKNOWN else missing()
        assert found.missing == lacking

    @pytest.mark.parametrize("comparison", [Comparison.EQ, Comparison.NE])
    def test_unknown_text(self, comparison: Comparison) -> None:
        """Nobody knows whether an unknown text equals another, known or not."""
        for left, right in ((CITY, ir.Constant("泉州市", Kind.TEXT)), (CITY, COUNTY)):
            for sides in ((left, right), (right, left)):
                assert find(ir.Compare(comparison, *sides), world()).verdict is UNKNOWN

    def test_known_text(self) -> None:
        """Known texts are equal or not."""
        same = ir.Compare(Comparison.EQ, CITY, COUNTY)
        assert find(same, world(city="甲", county="甲")).verdict is MET
        assert find(same, world(city="甲", county="乙")).verdict is UNMET

    def test_unknown_truth(self) -> None:
        """Nobody knows whether an unknown truth is false."""
        false = ir.Constant(value=False, kind=Kind.BOOLEAN)
        found = find(ir.Compare(Comparison.EQ, OPERATED, false), world(Platform()))
        assert found.verdict is UNKNOWN


class TestMember:
    ROWS = frozenset({("晋江市", "运动鞋"), ("石狮市", "童装")})
    PAIR = ir.Member((COUNTY, CHAIN), ROWS, "county_chains")

    @pytest.mark.parametrize(
        ("county", "chain", "verdict"),
        [
            ("晋江市", "运动鞋", MET),
            ("晋江市", "童装", UNMET),
            ("晋江市", None, UNKNOWN),
            ("德化县", None, UNMET),
            (None, "童装", UNKNOWN),
            (None, "石材", UNMET),
            (None, None, UNKNOWN),
        ],
    )
    def test_rows(
        self, county: str | None, chain: str | None, verdict: Verdict
    ) -> None:
        """A row that is known in part is no member where no row fits that part."""
        found = find(self.PAIR, world(Platform(chain=chain), county=county))
        lacking = set()
        if verdict is UNKNOWN:
            lacking |= {"county"} if county is None else set()
            lacking |= {"platforms[0].chain"} if chain is None else set()
        assert (found.verdict, found.missing) == (verdict, lacking)

    def test_no_rows(self) -> None:
        """Nothing is a member of an empty set, not even what is unknown."""
        assert find(ir.Member((CITY,), frozenset()), world()).verdict is UNMET


KLEENE = list(Verdict)
RANK = {UNMET: 0, UNKNOWN: 1, MET: 2}


class TestConnectives:
    @pytest.mark.parametrize(("left", "right"), list(product(KLEENE, KLEENE)))
    def test_all_and_any(self, left: Verdict, right: Verdict) -> None:
        """`all` is the least of its parts and `any` the greatest: unmet, unknown, met."""
        parts = (AS[left], AS[right])
        least = min(left, right, key=RANK.__getitem__)
        greatest = max(left, right, key=RANK.__getitem__)
        for node, verdict in ((ir.All(parts), least), (ir.Any(parts), greatest)):
            found = find(node, world())
            assert found.verdict is verdict
            assert found.missing == (
                missing("city") if verdict is UNKNOWN else missing()
            )

    def test_of_nothing(self) -> None:
        """All of nothing is met, any of nothing is not."""
        assert find(ir.All(()), world()).verdict is MET
        assert find(ir.Any(()), world()).verdict is UNMET

    @pytest.mark.parametrize(
        ("part", "verdict"), [(MET, UNMET), (UNMET, MET), (UNKNOWN, UNKNOWN)]
    )
    def test_not(self, part: Verdict, verdict: Verdict) -> None:
        """What is unknown is unknown the other way round too."""
        found = find(ir.Not(AS[part]), world())
        assert found.verdict is verdict
        assert found.missing == (missing("city") if verdict is UNKNOWN else missing())


class TestExists:
    LISTED = ir.Compare(
        Comparison.EQ,
        ir.Fact("list", Kind.TEXT, "listing"),
        ir.Constant("中国民营企业500强", Kind.TEXT),
    )
    EXISTS = ir.Exists("listings", "listing", LISTED)

    @pytest.mark.parametrize(
        ("lists", "verdict", "lacking"),
        [
            (None, UNKNOWN, missing("listings")),
            ([], UNMET, missing()),
            (["某榜单"], UNMET, missing()),
            (["某榜单", "中国民营企业500强"], MET, missing()),
            (["某榜单", None], UNKNOWN, missing("listings[1].list")),
            ([None, "中国民营企业500强"], MET, missing()),
        ],
    )
    def test_exists(
        self,
        lists: list[str | None] | None,
        verdict: Verdict,
        lacking: frozenset[str],
    ) -> None:
        """One record is enough; of an unknown list nobody knows whether it has one."""
        records = None if lists is None else [Listing(list=title) for title in lists]
        found = find(self.EXISTS, world(listings=records))
        assert (found.verdict, found.missing) == (verdict, lacking)

    def test_impossible_record(self) -> None:
        """What no record can meet is met by none of an unknown list."""
        found = find(ir.Exists("listings", "listing", NO), world())
        assert (found.verdict, found.missing) == (UNMET, missing())

    def test_certain_record(self) -> None:
        """What every record meets is unknown of an unknown list: it may be empty."""
        found = find(ir.Exists("listings", "listing", YES), world())
        assert (found.verdict, found.missing) == (UNKNOWN, missing("listings"))
