"""
Of several amounts only the highest is paid: which one, and what it comes to.

One place for `once` within a rule and for exclusive groups of rules (就高不重复).
"""

from collections.abc import Sequence
from enum import Enum

from .known import Known


class Place(Enum):
    """Where one of several amounts stands, whatever else may be learnt."""

    PAID = "paid"
    BEATEN = "beaten"
    OPEN = "open"


def places(shares: Sequence[Known]) -> list[Place]:
    """
    Which of the amounts, in fen, is paid; among equals it is the first.

    An amount is beaten once another is paid in any case rather than it.
    """
    return [_place(shares, index) for index in range(len(shares))]


def _place(shares: Sequence[Known], index: int) -> Place:
    others = [other for other in range(len(shares)) if other != index]
    if shares[index].high == 0 or any(_beats(shares, o, index) for o in others):
        return Place.BEATEN
    if all(_beats(shares, index, other) for other in others):
        return Place.PAID
    return Place.OPEN


def _beats(shares: Sequence[Known], index: int, other: int) -> bool:
    """Whether one is paid rather than another, whatever else is learnt."""
    least, most = fen_low(shares[index]), shares[other].high
    if most is None:
        return False
    return least >= int(most) if index < other else least > int(most)  # type: ignore[arg-type]  # fen


def fen_low(known: Known) -> int:
    """The least that an amount can be, in fen; nothing where that is open."""
    return known.low if isinstance(known.low, int) else 0
