"""One budget shared out among claims: never more than there is, in the right order."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.budgeting.claims import Claim, Shared, Standing, Turn
from incentives.budgeting.sharing import shared
from incentives.grouping import Budget, Exceeded, Ties
from incentives.known import Known, exactly

FIRMS = ["a", "b", "c", "d"]
DEMANDS = st.integers(0, 12)
TURNS = st.integers(1, 3)


@frozen
class Known2:
    """A claim as little is known of it, and as it is in truth; None is no claim."""

    open: Claim
    truth: Claim | None


@st.composite
def intervals(draw: st.DrawFn, value: int, most: int) -> tuple[int, int]:
    """Two ends around a value, often the value itself."""
    if draw(st.sampled_from([True, True, False])):
        return value, value
    return draw(st.integers(0, value)), draw(st.integers(value, most))


@st.composite
def claims(draw: st.DrawFn) -> list[Known2]:
    found = []
    chosen = st.lists(
        st.tuples(st.sampled_from(FIRMS), st.integers(0, 1)), unique=True, min_size=1
    )
    for firm, order in draw(chosen):
        demand, turn = draw(DEMANDS), draw(TURNS)
        low, high = draw(intervals(demand, 15))
        first, last = draw(intervals(turn, 4))
        known = Known(low, high, frozenset() if low == high else frozenset({"x"}))
        place = Turn(first, last, frozenset({"y"}) if first != last else frozenset())
        open_ = Claim(firm, f"r{order}", order, known, place)
        truth: Claim | None = Claim(
            firm, f"r{order}", order, exactly(demand), Turn(turn, turn)
        )
        if draw(st.sampled_from([False, False, True])):
            zero = Known(0, high, frozenset({"x"}))
            open_ = evolve(open_, sure=False, demand=zero)
            if draw(st.booleans()):
                truth = None
        found.append(Known2(open_, truth))
    return found


ORDERED = (Exceeded.FIRST_COME, Exceeded.RANKING)


@st.composite
def budgets(
    draw: st.DrawFn,
    ways: Sequence[Exceeded] = tuple(Exceeded),
    quotas: Sequence[int | None] = (None, None, 1, 2, 3),
    *,
    priced: bool = False,
) -> Budget:
    """``priced`` budgets state an amount, whatever else they limit."""
    way = draw(st.sampled_from(ways))
    ordered = way is not Exceeded.PRO_RATA
    quota = draw(st.sampled_from(quotas)) if ordered else None
    ties = [Ties.REFUSED, Ties.BY_ID] if quota else list(Ties)
    amounts = st.integers(1, 40)
    return Budget(
        id="b",
        rules=("r0", "r1"),
        amount=draw(st.one_of(st.none(), amounts) if quota and not priced else amounts),
        spent=draw(st.integers(0, 3)),
        exceeded=way,
        quota=quota,
        ties=draw(st.sampled_from(ties)),
    )


def truths(drawn: Sequence[Known2]) -> list[Claim]:
    return [each.truth for each in drawn if each.truth is not None]


def room_of(budget: Budget) -> int:
    assert budget.amount is not None
    return max(0, budget.amount - budget.spent)


def by_claim(found: Sequence[Shared]) -> dict[tuple[str, str], Known]:
    return {(each.claim.application, each.claim.rule): each.granted for each in found}


def decided(found: Sequence[Shared]) -> bool:
    return all(each.granted.is_known for each in found)


class TestSound:
    """An amount that depends on an unknown is never guessed."""

    @settings(max_examples=10 * settings().max_examples)
    @given(claims(), budgets())
    def test_bounds_contain_what_comes_of_the_truth(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """Whatever the truth turns out to be, each claim gets what lies in its bounds."""
        opened = by_claim(shared([each.open for each in drawn], budget))
        full = by_claim(shared(truths(drawn), budget))
        for key, known in full.items():
            wide = opened[key]
            assert wide.low <= known.low  # type: ignore[operator]
            assert known.high <= wide.high  # type: ignore[operator]
        for each in drawn:
            key = (each.open.application, each.open.rule)
            if each.truth is None:
                assert opened[key].low == 0

    @settings(max_examples=4 * settings().max_examples)
    @given(claims(), budgets(), st.data())
    def test_learning_about_one_claim_only_narrows(
        self, drawn: list[Known2], budget: Budget, data: st.DataObject
    ) -> None:
        """One claim learnt, no bound widens: what is decided stays decided."""
        index = data.draw(st.integers(0, len(drawn) - 1))
        before = by_claim(shared([each.open for each in drawn], budget))
        some = [
            each.truth if at == index else each.open for at, each in enumerate(drawn)
        ]
        after = by_claim(shared([claim for claim in some if claim is not None], budget))
        for key, known in after.items():
            assert before[key].low <= known.low  # type: ignore[operator]
            assert known.high <= before[key].high  # type: ignore[operator]

    @given(claims(), budgets())
    def test_what_is_open_says_what_is_missing(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """Without a missing fact only a tie is left open."""
        for each in shared([each.open for each in drawn], budget):
            if not each.granted.is_known:
                assert each.granted.missing or each.standing is Standing.TIED
                assert each.standing in (Standing.TIED, Standing.OPEN)

    @given(claims(), budgets())
    def test_all_is_decided_where_all_is_known(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """Only a tie that is left to the authority is open then."""
        for each in shared(truths(drawn), budget):
            assert each.granted.is_known or each.standing is Standing.TIED
            if each.standing is Standing.TIED:
                assert budget.ties is Ties.REFUSED


class TestDecided:
    """以预算为限"""

    @given(claims(), budgets(priced=True))
    def test_the_budget_is_paid_out_and_no_more(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """All grants are the budget or all demands, whichever is less."""
        found = shared(truths(drawn), budget)
        lows = [int(each.granted.low) for each in found]  # type: ignore[call-overload]
        room = room_of(budget)
        assert sum(lows) <= room
        if budget.quota is None and decided(found):
            asked = [each.demand.low for each in truths(drawn)]
            assert sum(lows) == min(room, sum(asked))  # type: ignore[arg-type]

    @given(claims(), budgets())
    def test_nobody_gets_more_than_was_asked(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """Rounding up or a share of the rest never exceeds a demand."""
        for each in shared(truths(drawn), budget):
            assert 0 <= each.granted.high <= each.claim.demand.high  # type: ignore[operator]

    @given(claims(), budgets(), st.data())
    def test_the_order_given_decides_nothing(
        self, drawn: list[Known2], budget: Budget, data: st.DataObject
    ) -> None:
        """Any permutation of the claims gives the same."""
        opened = [each.open for each in drawn]
        again = data.draw(st.permutations(opened))
        assert shared(opened, budget) == shared(again, budget)

    @given(claims(), budgets(priced=True), st.integers(1, 10))
    def test_a_larger_budget_takes_nothing_away(
        self, drawn: list[Known2], budget: Budget, more: int
    ) -> None:
        """With more money nobody gets less, but for the fen that rounding moves."""
        assert budget.amount is not None
        larger = evolve(budget, amount=budget.amount + more)
        before, after = (shared(truths(drawn), each) for each in (budget, larger))
        both = decided(before) and decided(after)
        rounded = Exceeded.PRO_RATA is budget.exceeded or budget.ties is Ties.PRO_RATA
        for old, new in zip(before, after, strict=True) if both else ():
            slack = 1 if rounded else 0
            assert new.granted.low >= old.granted.low - slack  # type: ignore[operator]

    @given(claims(), budgets(ORDERED, (None,)))
    def test_whoever_stands_before_is_served_before(
        self, drawn: list[Known2], budget: Budget
    ) -> None:
        """Nobody behind is paid where somebody before is cut."""
        found = shared(truths(drawn), budget)
        for each in found:
            for other in found:
                if each.claim.turn.last < other.claim.turn.first and (
                    each.granted.low != each.claim.demand.low
                ):
                    assert other.granted == exactly(0)

    @given(claims(), budgets(ORDERED, (1, 2, 3)))
    def test_the_quota_is_respected(self, drawn: list[Known2], budget: Budget) -> None:
        """At most so many applications are paid for sure, whatever is unknown."""
        assert budget.quota is not None
        for given_ in ([each.open for each in drawn], truths(drawn)):
            found = shared(given_, budget)
            paid = {each.claim.application for each in found if each.granted.low != 0}
            assert len(paid) <= budget.quota

    @given(claims(), st.integers(1, 40))
    def test_pro_rata_is_in_proportion(self, drawn: list[Known2], room: int) -> None:
        """Each share lies within one fen of its exact proportion."""
        budget = Budget("b", ("r0", "r1"), room)
        found = shared(truths(drawn), budget)
        whole = sum(int(each.claim.demand.low) for each in found)  # type: ignore[call-overload]
        for each in found if whole > room else ():
            exact = Fraction(int(each.claim.demand.low) * room, whole)  # type: ignore[call-overload]
            assert abs(Fraction(int(each.granted.low)) - exact) < 1  # type: ignore[call-overload]

    @given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 40))
    def test_splitting_a_claim_gains_a_fen_at_most(
        self, first: int, second: int, rival: int, room: int
    ) -> None:
        """Asking in two parts gives what asking at once does, but for rounding."""
        budget = Budget("b", ("r0", "r1"), room)

        def claim(firm: str, order: int, fen: int) -> Claim:
            return Claim(firm, f"r{order}", order, exactly(fen))

        whole = shared([claim("a", 0, first + second), claim("b", 0, rival)], budget)
        parts = shared(
            [claim("a", 0, first), claim("a", 1, second), claim("b", 0, rival)], budget
        )
        once = by_claim(whole)["a", "r0"].low
        twice = sum(
            int(each.granted.low)  # type: ignore[call-overload]
            for each in parts
            if each.claim.application == "a"
        )
        assert abs(twice - once) <= 1  # type: ignore[operator]
