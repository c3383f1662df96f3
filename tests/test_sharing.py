"""Shares of a budget, claim by claim: amounts in fen, places in the order as numbers."""

import pytest

from attrs import evolve

from incentives.budgeting.claims import Claim, Shared, Standing, Turn, earliest
from incentives.budgeting.sharing import shared
from incentives.combining import pro_rata, rest_of, share_of
from incentives.grouping import Budget, Exceeded, Ties
from incentives.known import Known, exactly

X = frozenset({"x"})
INF = float("inf")


def budget(
    amount: int | None,
    way: Exceeded = Exceeded.FIRST_COME,
    ties: Ties = Ties.REFUSED,
    quota: int | None = None,
) -> Budget:
    return Budget("b", ("r0", "r1"), amount, exceeded=way, ties=ties, quota=quota)


def claim(
    firm: str, low: int, high: int | None = -1, *, at: int = 0, nr: int = 0
) -> Claim:
    """A claim of a firm in its turn; with one figure its amount is known."""
    known = exactly(low) if high == -1 else Known(low, high, X)
    return Claim(firm, f"r{nr}", nr, known, Turn(at, at), sure=low > 0)


def ends(found: list[Shared]) -> list[tuple[object, object]]:
    return [(each.granted.low, each.granted.high) for each in found]


def standings(found: list[Shared]) -> list[Standing]:
    return [each.standing for each in found]


class TestProRata:
    """预算不足的，按比例核减"""

    @pytest.mark.parametrize(
        ("demands", "room", "shares"),
        [
            ([100, 100, 100], 100, [34, 33, 33]),
            ([30, 20], 50, [30, 20]),
            ([30, 20], 49, [29, 20]),
            ([1, 1], 1, [1, 0]),
            ([7, 0], 3, [3, 0]),
            ([], 3, []),
        ],
    )
    def test_shares(self, demands: list[int], room: int, shares: list[int]) -> None:
        """The largest remainders get the last fen, among equals the first."""
        assert pro_rata(demands, room) == shares

    def test_one_unknown_leaves_all_open(self) -> None:
        """Each share lies between those with the rival's least and most."""
        drawn = [claim("a", 60), claim("b", 0, 40)]
        found = shared(drawn, budget(80, Exceeded.PRO_RATA))
        assert ends(found) == [(48, 60), (0, 32)]
        assert standings(found) == [Standing.OPEN, Standing.OPEN]

    def test_an_unknown_without_limit(self) -> None:
        """What may be any amount may take all, and leave nothing."""
        drawn = [claim("a", 60), claim("b", 20, None)]
        found = shared(drawn, budget(50, Exceeded.PRO_RATA))
        assert ends(found) == [(0, 38), (12, 50)]

    def test_enough_for_the_most(self) -> None:
        """Where the budget suffices in any case, each gets what it comes to."""
        drawn = [claim("a", 60), claim("b", 0, 40)]
        found = shared(drawn, budget(100, Exceeded.PRO_RATA))
        assert ends(found) == [(60, 60), (0, 40)]
        assert standings(found) == [Standing.WITHIN, Standing.OPEN]


class TestFirstCome:
    """先到先得，用完为止"""

    def test_in_turn(self) -> None:
        """The first in full, the next what is left, the last nothing."""
        drawn = [claim("c", 5, at=3), claim("a", 5, at=1), claim("b", 5, at=2)]
        found = shared(drawn, budget(8))
        assert ends(found) == [(5, 5), (3, 3), (0, 0)]
        kinds = [Standing.WITHIN, Standing.LAST, Standing.EXHAUSTED]
        assert standings(found) == kinds
        assert [each.rank for each in found] == [1, 2, 3]

    def test_an_unknown_amount_leaves_only_the_later_open(self) -> None:
        """Who comes before it, and who is out in any case, is decided."""
        drawn = [
            claim("a", 4, at=1),
            claim("b", 3, 9, at=2),
            claim("c", 5, at=3),
            claim("d", 5, at=4),
        ]
        found = shared(drawn, budget(10))
        assert ends(found) == [(4, 4), (3, 6), (0, 3), (0, 0)]
        assert found[2].granted.missing == X
        assert found[3].standing is Standing.EXHAUSTED

    def test_an_unknown_amount_that_leaves_enough(self) -> None:
        """Who is paid in full whatever comes before is decided, though others are cut."""
        drawn = [claim("a", 0, 4, at=1), claim("b", 3, at=2), claim("c", 9, at=3)]
        found = shared(drawn, budget(8))
        assert ends(found) == [(0, 4), (3, 3), (1, 5)]

    def test_an_unknown_day(self) -> None:
        """Whoever may come at any time may come before or after anybody."""
        late = evolve(claim("b", 5), turn=Turn(-INF, INF, frozenset({"day"})))
        found = shared([claim("a", 5, at=1), late], budget(8, ties=Ties.BY_ID))
        assert ends(found) == [(3, 5), (3, 5)]
        assert found[0].granted.missing == frozenset({"day"})
        assert [each.rank for each in found] == [None, None]

    def test_two_unknown_days_of_one_firm(self) -> None:
        """Which of its own claims comes first is open as well."""
        anywhen = Turn(1, 9, frozenset({"day"}))
        own = [evolve(claim("a", 5, nr=nr), turn=anywhen) for nr in (0, 1)]
        found = shared(own, budget(8))
        assert ends(found) == [(3, 5), (3, 5)]


class TestTies:
    """同日申报的，……"""

    def test_refused(self) -> None:
        """Who of two on one day is paid is for the authority to say; later ones are out."""
        drawn = [claim("a", 5, at=1), claim("b", 5, at=1), claim("c", 1, at=2)]
        found = shared(drawn, budget(8))
        assert ends(found) == [(0, 5), (0, 5), (0, 0)]
        assert standings(found)[:2] == [Standing.TIED, Standing.TIED]
        assert [each.rank for each in found] == [1, 1, 3]

    def test_enough_for_both(self) -> None:
        """A tie where everybody is paid is none."""
        found = shared([claim("a", 5, at=1), claim("b", 3, at=1)], budget(8))
        assert ends(found) == [(5, 5), (3, 3)]

    def test_pro_rata(self) -> None:
        """Those of one day share the rest in proportion."""
        drawn = [claim("a", 6, at=1), claim("b", 3, at=1)]
        found = shared(drawn, budget(6, ties=Ties.PRO_RATA))
        assert ends(found) == [(4, 4), (2, 2)]

    def test_by_id(self) -> None:
        """The lower id is served first."""
        drawn = [claim("b", 5, at=1), claim("a", 5, at=1)]
        found = shared(drawn, budget(8, ties=Ties.BY_ID))
        assert [each.claim.application for each in found] == ["a", "b"]
        assert ends(found) == [(5, 5), (3, 3)]

    def test_own_claims_tie_with_nobody(self) -> None:
        """Two claims of one firm are served in the order of the book."""
        drawn = [claim("a", 5, at=1, nr=1), claim("a", 5, at=1)]
        found = shared(drawn, budget(8))
        assert ends(found) == [(5, 5), (3, 3)]

    def test_own_later_claim_matters_beside_a_rival(self) -> None:
        """Where a rival stands beside it, a second claim may make the day short."""
        drawn = [
            claim("a", 3, at=1),
            claim("a", 0, 5, at=1, nr=1),
            claim("b", 2, at=1),
        ]
        found = shared(drawn, budget(5))
        assert ends(found) == [(0, 3), (0, 5), (0, 2)]


class TestRanking:
    """择优支持，名额……家"""

    def test_the_best_claim_ranks_the_firm(self) -> None:
        """A firm is ranked as a whole: its second claim comes before the next firm."""
        drawn = [
            claim("a", 3, at=1),
            claim("a", 3, at=9, nr=1),
            claim("b", 3, at=2),
        ]
        found = shared(drawn, budget(7, Exceeded.RANKING))
        assert ends(found) == [(3, 3), (3, 3), (1, 1)]
        assert [each.rank for each in found] == [1, 1, 2]

    def test_quota(self) -> None:
        """Whoever stands behind the last place gets nothing."""
        drawn = [claim(firm, 5, at=at) for at, firm in enumerate("abc", 1)]
        found = shared(drawn, budget(None, Exceeded.RANKING, quota=2))
        assert ends(found) == [(5, 5), (5, 5), (0, 0)]
        assert found[2].standing is Standing.OUT_OF_QUOTA

    def test_a_tie_on_the_last_place(self) -> None:
        """The first is in; which of the two equals is, the authority says."""
        drawn = [claim("a", 5, at=1), claim("b", 5, at=2), claim("c", 5, at=2)]
        found = shared(drawn, budget(None, Exceeded.RANKING, quota=2))
        assert ends(found) == [(5, 5), (0, 5), (0, 5)]
        kinds = [Standing.WITHIN, Standing.TIED, Standing.TIED]
        assert standings(found) == kinds
        assert found[1].granted.missing == frozenset()

    def test_a_tie_by_id(self) -> None:
        """The lower id takes the last place."""
        drawn = [claim("a", 5, at=1), claim("b", 5, at=1)]
        by_id = budget(None, Exceeded.RANKING, Ties.BY_ID, quota=1)
        assert ends(shared(drawn, by_id)) == [(5, 5), (0, 0)]

    def test_an_unknown_figure_leaves_the_last_place_open(self) -> None:
        """What is missing is named for everybody whom it concerns."""
        drawn = [
            claim("a", 5, at=1),
            evolve(claim("b", 5), turn=Turn(2, 9, X)),
            claim("c", 5, at=3),
        ]
        found = shared(drawn, budget(None, Exceeded.RANKING, quota=2))
        assert ends(found) == [(5, 5), (0, 5), (0, 5)]
        assert found[2].granted.missing == X
        assert found[2].standing is Standing.OPEN


def test_what_may_not_be_there_does_not_decide_the_turn() -> None:
    """The earliest of two, of which the first may not count, lies between both."""
    sure, unsure = Turn(5, 5), Turn(2, 2)
    assert earliest([(sure, True), (unsure, False)]) == Turn(2, 5)
    assert earliest([(sure, False), (unsure, False)]) == Turn(2, 5)
    assert earliest([(sure, True), (unsure, True)]) == Turn(2, 2)


def test_rest_of_what_may_be_without_limit() -> None:
    """After what has no limit nothing is left for sure; without a cap all may be."""
    assert rest_of(exactly(5), exactly(9), Known(0, None, X)) == Known(0, 5, X)
    assert rest_of(Known(0, None, X), Known(4, None, X), exactly(5)) == Known(
        0, None, X
    )


def test_share_of_a_room_without_limit() -> None:
    """Where a cap may be any amount, all that is asked for may be paid."""
    found = share_of(exactly(6), Known(3, None, X), exactly(6))
    assert found == Known(1, 6, X)
