"""
One budget shared out among claims: pro rata, first come first served, or by rank.

A claim may be known in part: its amount, its place in the order, whether it is one at
all. What is said of a claim then holds whatever is learnt: the least that it gets if
all others that may be served before it take their most, and the most that it gets if
they take their least.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from attrs import evolve, frozen

from ..combining import fen_low, lower_of, pro_rata, rest_of, share_of, sum_of
from ..grouping import Budget, Exceeded, Ties
from ..known import NOTHING_MISSING, Known, between, exactly
from .claims import Claim, Shared, Standing, Turn, earliest


def shared(claims: Sequence[Claim], budget: Budget) -> list[Shared]:
    """What each claim gets of a budget."""
    ordered = sorted(claims, key=_by_id)
    if budget.exceeded is Exceeded.RANKING:
        ordered = _ranked(ordered)
    admitted = _admitted(ordered, budget)
    open_to = [claim for claim, standing in admitted if standing is not _OUT]
    granted = _granted(open_to, budget)
    ranks = _ranks(ordered)
    lacking = _lacking(admitted)
    found = []
    for claim, standing in admitted:
        rank = (
            None if budget.exceeded is Exceeded.PRO_RATA else ranks[claim.application]
        )
        if standing is _OUT:
            found.append(Shared(claim, exactly(0), standing, rank))
            continue
        share = granted[claim]
        if standing is not Standing.WITHIN and share.granted.high != 0:
            share = evolve(share, standing=standing)
        if lacking and not share.granted.is_known:
            known = evolve(share.granted, missing=share.granted.missing | lacking)
            share = evolve(share, granted=known)
        found.append(evolve(share, rank=rank))
    return found


_OUT = Standing.OUT_OF_QUOTA


def _by_id(claim: Claim) -> tuple[str, int]:
    return claim.application, claim.order


def _ranked(claims: Sequence[Claim]) -> list[Claim]:
    """An application is ranked as a whole, by the best of its claims."""
    turns = _turns(claims)
    return [evolve(claim, turn=turns[claim.application]) for claim in claims]


def _turns(claims: Sequence[Claim]) -> dict[str, Turn]:
    """When each application is served first; claims come by application."""
    return {
        application: earliest((claim.turn, claim.sure) for claim in own)
        for application, own in groupby(claims, key=lambda claim: claim.application)
    }


def _ranks(claims: Sequence[Claim]) -> dict[str, int | None]:
    """The rank of each application, where it is known of all; equals share theirs."""
    if not all(claim.sure and claim.turn.is_known for claim in claims):
        return dict.fromkeys(claim.application for claim in claims)
    turns = _turns(claims)
    firsts = sorted(turn.first for turn in turns.values())
    return {n: bisect_left(firsts, turn.first) + 1 for n, turn in turns.items()}


# --- the quota -------------------------------------------------------------------


def _admitted(claims: Sequence[Claim], budget: Budget) -> list[tuple[Claim, Standing]]:
    """The claims as far as the quota lets them in, and where they stand to it."""
    if budget.quota is None:
        return [(claim, Standing.WITHIN) for claim in claims]
    turns = _turns(claims)
    sure = {claim.application: False for claim in claims}
    for claim in claims:
        sure[claim.application] |= claim.sure
    standing = {
        name: _place(name, turns, sure, budget.quota, budget.ties) for name in turns
    }
    found: list[tuple[Claim, Standing]] = []
    for claim in claims:
        place = standing[claim.application]
        if place in (Standing.TIED, Standing.OPEN):
            demand = between(0, claim.demand.high, claim.demand.missing)
            found.append((evolve(claim, demand=demand, sure=False), place))
        else:
            found.append((claim, place))
    return found


def _lacking(admitted: Sequence[tuple[Claim, Standing]]) -> frozenset[str]:
    """What would tell who is within the quota, where that is open."""
    if not any(standing is Standing.OPEN for _, standing in admitted):
        return NOTHING_MISSING
    missing = (
        claim.turn.missing if claim.sure else claim.missing for claim, _ in admitted
    )
    return NOTHING_MISSING.union(*missing)


def _place(
    name: str,
    turns: Mapping[str, Turn],
    sure: Mapping[str, bool],
    quota: int,
    ties: Ties,
) -> Standing:
    others = [other for other in turns if other != name]
    may_be = [o for o in others if _may_precede(o, name, turns, ties)]
    if len(may_be) < quota:
        return Standing.WITHIN
    ahead = [o for o in may_be if sure[o] and _precedes(o, name, turns, ties)]
    if len(ahead) >= quota:
        return Standing.OUT_OF_QUOTA
    is_known = all(turns[o].is_known and sure[o] for o in (name, *may_be))
    return Standing.TIED if is_known else Standing.OPEN


def _may_precede(other: str, name: str, turns: Mapping[str, Turn], ties: Ties) -> bool:
    """Whether one may be served before another, or beside it."""
    first, last = turns[other].first, turns[name].last
    return first < last or (first == last and (ties is not Ties.BY_ID or other < name))


def _precedes(other: str, name: str, turns: Mapping[str, Turn], ties: Ties) -> bool:
    """Whether one is served before another in every case."""
    last, first = turns[other].last, turns[name].first
    return last < first or (last == first and ties is Ties.BY_ID and other < name)


# --- the amount ------------------------------------------------------------------


def _granted(claims: Sequence[Claim], budget: Budget) -> dict[Claim, Shared]:
    if budget.amount is None:
        return {claim: _in_full(claim) for claim in claims}
    room = max(0, budget.amount - budget.spent)
    most = sum_of([claim.demand for claim in claims]).high
    if most is not None and most <= room:  # type: ignore[operator]  # fen
        return {claim: _in_full(claim) for claim in claims}
    if budget.exceeded is Exceeded.PRO_RATA:
        return _pro_rata(claims, room)
    return _in_turn(claims, room, budget)


def _in_full(claim: Claim) -> Shared:
    known = claim.demand.is_known and claim.sure
    return Shared(claim, claim.demand, Standing.WITHIN if known else Standing.OPEN)


def _pro_rata(claims: Sequence[Claim], room: int) -> dict[Claim, Shared]:
    """Everybody is cut alike: to the fen where all demands are known."""
    if all(claim.demand.is_known for claim in claims):
        demands = [fen_low(claim.demand) for claim in claims]
        shares = [exactly(share) for share in pro_rata(demands, room)]
    else:
        shares = [
            share_of(
                claim.demand,
                exactly(room),
                sum_of([other.demand for other in claims if other is not claim]),
            )
            for claim in claims
        ]
    return {
        claim: Shared(claim, _lowered(share, claim.demand), _cut(claim.demand, share))
        for claim, share in zip(claims, shares, strict=True)
    }


def _lowered(share: Known, demand: Known) -> Known:
    """Rounding up never gives more than what was asked."""
    high = lower_of(share.high, demand.high)  # type: ignore[arg-type]  # fen
    return between(share.low, high, share.missing)


def _cut(demand: Known, share: Known) -> Standing:
    if not share.is_known:
        return Standing.OPEN
    return Standing.WITHIN if share.low == demand.low else Standing.CUT


@frozen
class _Order:
    """
    Which claim is served before which, as far as that is known.

    ``crowded`` are the claims beside which one of another application may stand: there
    two claims of one application are no longer served in the order of the book.
    """

    ties: Ties
    ranked: bool
    crowded: frozenset[Claim]

    def may_precede(self, other: Claim, claim: Claim) -> bool:
        """Whether a claim may be served before another, or beside it."""
        if self._is_together(other, claim):
            return not self._is_broken(other, claim) or other.order < claim.order
        first, last = other.turn.first, claim.turn.last
        return first < last or (first == last and self._not_after(other, claim))

    def precedes(self, other: Claim, claim: Claim) -> bool:
        """Whether a claim is served before another in every case."""
        broken = self._is_broken(other, claim)
        if self._is_together(other, claim):
            return broken and other.order < claim.order
        last, first = other.turn.last, claim.turn.first
        before = broken and _by_id(other) < _by_id(claim)
        return last < first or (last == first and before)

    def _is_together(self, other: Claim, claim: Claim) -> bool:
        """Whether two claims of one application have one turn, known or not."""
        one = other.application == claim.application and other.turn == claim.turn
        return one and (self.ranked or claim.turn.is_known)

    def _is_broken(self, other: Claim, claim: Claim) -> bool:
        """Whether of two claims with one turn one is served first."""
        own = other.application == claim.application and claim not in self.crowded
        return self.ties is Ties.BY_ID or own

    def _not_after(self, other: Claim, claim: Claim) -> bool:
        return not self._is_broken(other, claim) or _by_id(other) < _by_id(claim)


def _order(claims: Sequence[Claim], budget: Budget) -> _Order:
    counts = Counter(claim.application for claim in claims)
    several = [claim for claim in claims if counts[claim.application] > 1]
    crowded = frozenset(
        claim
        for claim in several
        if any(
            other.application != claim.application
            and other.turn.first <= claim.turn.last
            and claim.turn.first <= other.turn.last
            for other in claims
        )
    )
    ranked = budget.exceeded is Exceeded.RANKING
    return _Order(budget.ties, ranked, crowded)


def _in_turn(claims: Sequence[Claim], room: int, budget: Budget) -> dict[Claim, Shared]:
    """One after the other until nothing is left."""
    order = _order(claims, budget)
    certain = [claim for claim in claims if claim.is_known]
    doubtful = [claim for claim in claims if not claim.is_known]
    found = _served(certain, room, budget.ties)
    for claim in claims:
        others = (other for other in doubtful if other is not claim)
        if not claim.is_known or any(order.may_precede(o, claim) for o in others):
            found[claim] = _bounded(claim, claims, room, order)
    return found


def _served(claims: Sequence[Claim], room: int, ties: Ties) -> dict[Claim, Shared]:
    """Claims of which everything is known, in their turn."""
    found: dict[Claim, Shared] = {}
    by_turn = sorted(claims, key=lambda claim: claim.turn.first)
    for _, equals in groupby(by_turn, key=lambda claim: claim.turn.first):
        group = list(equals)
        demands = [fen_low(claim.demand) for claim in group]
        applications = {claim.application for claim in group if claim.demand.low}
        contested = sum(demands) > room > 0 and len(applications) > 1
        if contested and ties is Ties.REFUSED:
            found |= {
                claim: Shared(
                    claim,
                    Known(0, min(demand, room)),
                    Standing.TIED,
                )
                for claim, demand in zip(group, demands, strict=True)
            }
            room = 0
            continue
        shares = (
            pro_rata(demands, room)
            if contested and ties is Ties.PRO_RATA
            else _one_by_one(demands, room)
        )
        for claim, share in zip(group, shares, strict=True):
            found[claim] = Shared(claim, exactly(share), _outcome(claim, share))
        room -= sum(shares)
    return found


def _one_by_one(demands: Sequence[int], room: int) -> list[int]:
    shares = []
    for demand in demands:
        shares.append(min(demand, room))
        room -= shares[-1]
    return shares


def _outcome(claim: Claim, share: int) -> Standing:
    if share == claim.demand.low:
        return Standing.WITHIN
    return Standing.LAST if share else Standing.EXHAUSTED


def _bounded(claim: Claim, claims: Sequence[Claim], room: int, order: _Order) -> Shared:
    """What can be said of a claim while not all is known that may come before it."""
    others = (other for other in claims if other is not claim)
    may_be = [other for other in others if order.may_precede(other, claim)]
    before, demand = sum_of([other.demand for other in may_be]), claim.demand
    together = sum_of([before, demand]).high
    if together is not None and together <= room:  # type: ignore[operator]  # fen
        return _in_full(claim)
    certain = [order.precedes(other, claim) for other in may_be]
    sure = [other for other, is_sure in zip(may_be, certain, strict=True) if is_sure]
    contested = order.ties is Ties.REFUSED and any(
        other.application != claim.application and not is_sure
        for other, is_sure in zip(may_be, certain, strict=True)
    )
    share = rest_of(demand, exactly(room), before)
    left = max(0, room - sum(fen_low(other.demand) for other in sure))
    missing = claim.missing.union(*(other.missing for other in may_be))
    high = lower_of(demand.high, left)  # type: ignore[arg-type]  # fen
    granted = between(0 if contested else share.low, high, missing)
    standing = Standing.EXHAUSTED if granted.high == 0 else Standing.OPEN
    return Shared(claim, granted, standing)
