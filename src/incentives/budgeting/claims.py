"""Claims on a budget: how much, in which turn, and what each of them gets."""

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

from attrs import frozen

from ..known import NOTHING_MISSING, Known

#: A place in the order in which claims are served, lowest first; no amount.
Place = int | Fraction | float


@frozen
class Turn:
    """Where a claim stands in the order: between two places, both included."""

    first: Place
    last: Place
    missing: frozenset[str] = NOTHING_MISSING

    @property
    def is_known(self) -> bool:
        """Whether there is no doubt about the place."""
        return self.first == self.last


#: The place of all claims where there is no order.
ANY_TURN = Turn(0, 0)


def earliest(turns: Iterable[tuple[Turn, bool]]) -> Turn:
    """The first of several turns; those that are not sure may not count at all."""
    found = list(turns)
    sure = [turn.last for turn, is_sure in found if is_sure]
    first = min(turn.first for turn, _ in found)
    last = min(sure) if sure else max(turn.last for turn, _ in found)
    missing = NOTHING_MISSING.union(*(turn.missing for turn, _ in found))
    return Turn(first, last, missing if first != last else NOTHING_MISSING)


@frozen
class Claim:
    """
    What one application asks of a budget under one rule, in fen.

    ``order`` is the place of the rule in the book; ``sure`` is whether there is a
    claim at all, whatever else is learnt.
    """

    application: str
    rule: str
    order: int
    demand: Known
    turn: Turn = ANY_TURN
    sure: bool = True

    @property
    def is_known(self) -> bool:
        """Whether nothing more can be learnt about it."""
        return self.sure and self.demand.is_known and self.turn.is_known

    @property
    def missing(self) -> frozenset[str]:
        """What would tell more about it."""
        return self.demand.missing | self.turn.missing


class Standing(Enum):
    """Why a claim gets what it gets."""

    NO_BUDGET = "no-budget"
    NOTHING_DUE = "nothing-due"
    WITHIN = "within-budget"
    CUT = "cut-pro-rata"
    LAST = "rest-of-budget"
    EXHAUSTED = "budget-exhausted"
    OUT_OF_QUOTA = "outside-quota"
    TIED = "tied"
    OPEN = "undetermined"


@frozen
class Shared:
    """What a claim gets, in fen, why, and its rank where the order is known."""

    claim: Claim
    granted: Known
    standing: Standing
    rank: int | None = None
