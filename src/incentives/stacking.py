"""Exclusive groups: of several rules only the highest is paid (就高不重复)."""

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from attrs import evolve

from .combining import Place, fen_low, places
from .determination import Determination
from .ir import Term
from .known import NOTHING_MISSING, Known, between, exactly, greatest_of, total_of
from .policy import Outcome, ReasonCode, RuleBook, Stacking

_NOTHING = exactly(0)


def stacked(
    alone: Sequence[Determination], book: RuleBook, paid: Callable[[Term], Known]
) -> tuple[list[Determination], Known]:
    """
    Every determination after stacking, and what all of them together can come to.

    ``paid`` tells what an amount of the award history comes to, in fen.
    """
    current = {d.rule.id: d for d in alone}
    totals: list[Known] = []
    for group in book.stackings:
        members = [d for d in current.values() if _stacks(d, group)]
        before = {d.rule.id: paid(group.paid_elsewhere[d.rule.id]) for d in members}
        found, total = _highest_only(members, before)
        current |= {d.rule.id: d for d in found}
        totals.append(total)
    free = [
        d.payable
        for d in current.values()
        if not any(_stacks(d, group) for group in book.stackings)
    ]
    return list(current.values()), _sum_of([*free, *totals])


def peers(rule: str, book: RuleBook) -> set[str]:
    """A rule and those that it stacks with."""
    groups = (set(group.paid_elsewhere) for group in book.stackings)
    return {rule}.union(*(group for group in groups if rule in group))


def _stacks(determination: Determination, group: Stacking) -> bool:
    """Only amounts can be the highest; for another subject there is none."""
    other = determination.code is ReasonCode.OTHER_SUBJECT
    named = determination.rule.id in group.paid_elsewhere
    return named and determination.is_cash and not other


def _sum_of(parts: Sequence[Known]) -> Known:
    missing = NOTHING_MISSING.union(*(part.missing for part in parts))
    return between(*total_of(list(parts)), missing)


def _highest_only(
    members: Sequence[Determination], paid_elsewhere: Mapping[str, Known]
) -> tuple[list[Determination], Known]:
    """
    The members with only the highest left, and what the group comes to.

    What the other members were paid before counts against a member, so that the group
    never receives more than its highest rule gives.
    """
    if not members:
        return [], _NOTHING
    nets = [_net(d.payable, paid_elsewhere[d.rule.id]) for d in members]
    missing = NOTHING_MISSING.union(*(net.missing for net in nets))
    found = [
        _placed(determination, net, place, missing)
        for determination, net, place in zip(members, nets, places(nets), strict=True)
    ]
    named = [
        evolve(d, rival=_rival(members, index, nets, paid_elsewhere))
        if d.code is ReasonCode.SUPERSEDED
        else d
        for index, d in enumerate(found)
    ]
    return named, between(*greatest_of(nets), missing)


def _net(due: Known, paid: Known) -> Known:
    low = 0 if paid.high is None else max(0, fen_low(due) - int(paid.high))  # type: ignore[arg-type]  # fen
    high = None if due.high is None else max(0, int(due.high) - fen_low(paid))  # type: ignore[arg-type]  # fen
    return between(low, high, due.missing | paid.missing)


def _placed(
    determination: Determination, net: Known, place: Place, missing: frozenset[str]
) -> Determination:
    if determination.outcome is Outcome.INELIGIBLE:
        return determination
    match place:
        case Place.BEATEN:
            return _superseded(determination)
        case Place.PAID:
            outcome = Outcome.ELIGIBLE if net.is_known else Outcome.UNDETERMINED
            return evolve(determination, outcome=outcome, payable=net)
        case Place.OPEN:
            perhaps = between(0, net.high, missing)
            return evolve(determination, outcome=Outcome.UNDETERMINED, payable=perhaps)
        case _:
            assert_never(place)


def _rival(
    members: Sequence[Determination],
    index: int,
    nets: Sequence[Known],
    paid_elsewhere: Mapping[str, Known],
) -> str | None:
    """The rule that is paid instead: now, or else before."""
    others = [other for other in range(len(nets)) if other != index]
    if nets[index].high != 0:
        return members[max(others, key=lambda other: fen_low(nets[other]))].rule.id
    # The one that was paid the most is the one for which the others were paid least.
    ids = [members[other].rule.id for other in others]
    return min(ids, key=lambda id_: fen_low(paid_elsewhere[id_]), default=None)


def _superseded(determination: Determination) -> Determination:
    return evolve(
        determination,
        outcome=Outcome.INELIGIBLE,
        payable=_NOTHING,
        code=ReasonCode.SUPERSEDED,
    )
