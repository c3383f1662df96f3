"""
How several amounts share what there is: the highest only, in order, or pro rata.

One place for `once` within a rule, for groups of rules (就高不重复, 合计封顶) and for
budgets. Amounts are in fen and may be known in part: what is said of them then holds
whatever else is learnt.
"""

from collections.abc import Callable, Sequence
from enum import Enum

from .known import (
    NOTHING_MISSING,
    Known,
    between,
    exactly,
    greatest_of,
    hull_of,
    total_of,
)
from .verdict import Verdict, verdict_of


class Place(Enum):
    """Where one of several amounts stands, whatever else may be learnt."""

    PAID = "paid"
    BEATEN = "beaten"
    OPEN = "open"


def places(
    shares: Sequence[Known], most: tuple[int, int | None] = (1, 1)
) -> list[Place]:
    """
    Which of the amounts, in fen, are paid: the highest, and among equals the first.

    ``most`` is how many are paid, at least and at most (None: any number). An amount
    is beaten once so many others are paid in any case rather than it.
    """
    return [_place(shares, index, *most) for index in range(len(shares))]


def _place(shares: Sequence[Known], index: int, fewest: int, most: int | None) -> Place:
    others = [other for other in range(len(shares)) if other != index]
    ahead = sum(_beats(shares, other, index) for other in others)
    if shares[index].high == 0 or (most is not None and ahead >= most):
        return Place.BEATEN
    rivals = sum(not _beats(shares, index, other) for other in others)
    return Place.PAID if rivals < fewest else Place.OPEN


def _beats(shares: Sequence[Known], index: int, other: int) -> bool:
    """Whether one is paid rather than another, whatever else is learnt."""
    least, most = fen_low(shares[index]), shares[other].high
    if most is None:
        return False
    return least >= int(most) if index < other else least > int(most)  # type: ignore[arg-type]  # fen


#: Is told whether anything may be due of an amount, and of each other one whether it
#: beats it; with whether it is paid, which follows from that.
Stands = Callable[[tuple[Verdict, ...], Verdict], None]


def unquestioned(rivalry: tuple[Verdict, ...], paid: Verdict) -> None:
    """Where amounts stand, in the eyes of nobody else."""


_IS_PAID = {
    Place.PAID: Verdict.MET,
    Place.BEATEN: Verdict.UNMET,
    Place.OPEN: Verdict.UNKNOWN,
}


def rivalry(shares: Sequence[Known], index: int) -> tuple[Verdict, ...]:
    """Whether anything may be due of an amount, and whether each other one beats it."""
    others = (other for other in range(len(shares)) if other != index)
    beaten = (
        Verdict.MET
        if _beats(shares, other, index)
        else Verdict.UNMET
        if _beats(shares, index, other)
        else Verdict.UNKNOWN
        for other in others
    )
    return (verdict_of(truth=shares[index].high != 0), *beaten)


def highest_only(
    dues: Sequence[Known], remaining: Sequence[Known], stands: Stands
) -> tuple[list[Place], Known]:
    """
    Where some amounts stand of which one is paid, and what comes of them together.

    What is ``remaining`` of each is compared, and of the highest what is due now is
    paid; ``stands`` is told where each stands, and refuses what it finds otherwise.
    """
    standing = places(remaining)
    for index, place in enumerate(standing):
        stands(rivalry(remaining, index), _IS_PAID[place])
    missing = _missing(*dues, *remaining)
    if list(dues) == list(remaining):
        return standing, between(*greatest_of(list(dues)), missing)
    paid = zip(dues, standing, strict=True)
    winning = [due for due, place in paid if place is not Place.BEATEN]
    # One of these is paid, nobody knows which.
    one = hull_of(winning) if winning else exactly(0)
    return standing, between(one.low, one.high, missing)


def less(due: Known, paid: Known) -> Known:
    """What is left of an amount of which some was paid before."""
    low = 0 if paid.high is None else max(0, fen_low(due) - int(paid.high))  # type: ignore[arg-type]  # fen
    high = None if due.high is None else max(0, int(due.high) - fen_low(paid))  # type: ignore[arg-type]  # fen
    return between(low, high, _missing(due, paid))


def fen_low(known: Known) -> int:
    """The least that an amount can be, in fen; nothing where that is open."""
    return known.low if isinstance(known.low, int) else 0


def pro_rata(demands: Sequence[int], room: int) -> list[int]:
    """
    Whole fen, in proportion to demands that together exceed what there is.

    What rounding down leaves goes to the largest remainders; among equals to the first.

    >>> pro_rata([100, 100, 100], 100), pro_rata([30, 20], 100)
    ([34, 33, 33], [30, 20])
    """
    whole = sum(demands)
    if whole <= room:
        return list(demands)
    shares = [demand * room // whole for demand in demands]
    by_remainder = sorted(
        range(len(demands)),
        key=lambda index: demands[index] * room % whole,
        reverse=True,
    )
    for index in by_remainder[: room - sum(shares)]:
        shares[index] += 1
    return shares


def rest_of(amount: Known, room: Known, before: Known) -> Known:
    """What an amount comes to of what others leave who are served before it."""
    least, most = fen_low(room), _fen_high(room)
    taken, highest = _fen_high(before), _fen_high(amount)
    if taken is not None and highest is not None and taken + highest <= least:
        return amount
    low = 0 if taken is None else min(fen_low(amount), max(0, least - taken))
    left = None if most is None else max(0, most - fen_low(before))
    return between(low, lower_of(highest, left), _missing(amount, room, before))


def share_of(amount: Known, room: Known, others: Known) -> Known:
    """What an amount comes to that is cut in proportion with others, to the fen."""
    lowest, highest = fen_low(amount), _fen_high(amount)
    taken = _fen_high(others)
    least, most = fen_low(room), _fen_high(room)
    low = 0
    if taken is not None:
        whole = lowest + taken
        low = lowest if whole <= least else lowest * least // whole
    high = highest
    if most is not None and highest is None:
        high = most
    elif most is not None and highest is not None:
        whole = highest + fen_low(others)
        high = highest if whole <= most else -(-highest * most // whole)
    return between(low, high, _missing(amount, room, others))


def sum_of(parts: Sequence[Known]) -> Known:
    """Amounts in fen added up."""
    return between(*total_of(list(parts)), _missing(*parts))


def lower_of(left: int | None, right: int | None) -> int | None:
    """The lower of two upper ends; None is without end."""
    ends = [end for end in (left, right) if end is not None]
    return min(ends, default=None)


def _missing(*parts: Known) -> frozenset[str]:
    return NOTHING_MISSING.union(*(part.missing for part in parts))


def _fen_high(known: Known) -> int | None:
    return known.high if isinstance(known.high, int) else None
