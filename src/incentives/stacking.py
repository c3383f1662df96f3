"""Exclusive groups: of several rules only the highest is paid (就高不重复)."""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from .determination import Determination, Outcome
from .known import NOTHING_MISSING, Known, between, exactly, total_of
from .policy import ReasonCode

_NOTHING = exactly(0)


def sum_of(parts: Sequence[Known]) -> Known:
    """Fen that independent rules and groups come to together."""
    low, high = total_of(list(parts))
    missing = NOTHING_MISSING.union(*(part.missing for part in parts))
    return between(low, high, missing)


def stacked(
    members: Sequence[Determination], paid_elsewhere: Mapping[str, Known]
) -> tuple[list[Determination], Known]:
    """
    The members with only the highest left, and what the group comes to.

    What the other members were paid before counts against a member, so that the group
    never receives more than its highest rule gives.
    """
    nets = [_net(d.payable, paid_elsewhere[d.rule.id]) for d in members]
    total = _highest(nets)
    found = [
        _placed(determination, index, nets, total)
        for index, determination in enumerate(members)
    ]
    named = [
        evolve(d, rival=_rival(members, index, nets, paid_elsewhere))
        if d.code is ReasonCode.SUPERSEDED
        else d
        for index, d in enumerate(found)
    ]
    return named, total


def _net(due: Known, paid: Known) -> Known:
    low = 0 if paid.high is None else max(0, _low(due) - int(paid.high))  # type: ignore[arg-type]  # fen
    high = None if due.high is None else max(0, int(due.high) - _low(paid))  # type: ignore[arg-type]  # fen
    return between(low, high, due.missing | paid.missing)


def _highest(nets: Sequence[Known]) -> Known:
    lows = [_low(net) for net in nets]
    highs = [net.high for net in nets]
    high = None if None in highs else max(int(end) for end in highs)  # type: ignore[arg-type]  # None is excluded
    missing = NOTHING_MISSING.union(*(net.missing for net in nets))
    return between(max(lows), high, missing)


def _beats(nets: Sequence[Known], index: int, other: int) -> bool:
    """
    Whether a member is paid rather than another, whatever else is learnt.

    Among equals it is the first, so that both can be decided although neither is higher.
    """
    least, most = _low(nets[index]), nets[other].high
    if most is None:
        return False
    return least >= int(most) if index < other else least > int(most)  # type: ignore[arg-type]  # fen


def _placed(
    determination: Determination, index: int, nets: Sequence[Known], total: Known
) -> Determination:
    if determination.outcome is Outcome.INELIGIBLE:
        return determination
    net = nets[index]
    others = [other for other in range(len(nets)) if other != index]
    if net.high == 0 or any(_beats(nets, other, index) for other in others):
        return _superseded(determination)
    if all(_beats(nets, index, other) for other in others):
        outcome = Outcome.ELIGIBLE if net.is_known else Outcome.UNDETERMINED
        return evolve(determination, outcome=outcome, payable=net)
    perhaps = between(0, net.high, net.missing | total.missing)
    return evolve(determination, outcome=Outcome.UNDETERMINED, payable=perhaps)


def _rival(
    members: Sequence[Determination],
    index: int,
    nets: Sequence[Known],
    paid_elsewhere: Mapping[str, Known],
) -> str | None:
    """The rule that is paid instead: now, or else before."""
    others = [other for other in range(len(nets)) if other != index]
    if nets[index].high != 0:
        return members[max(others, key=lambda other: _low(nets[other]))].rule.id
    # The one that was paid the most is the one for which the others were paid least.
    ids = [members[other].rule.id for other in others]
    return min(ids, key=lambda id_: _low(paid_elsewhere[id_]), default=None)


def _superseded(determination: Determination) -> Determination:
    return evolve(
        determination,
        outcome=Outcome.INELIGIBLE,
        payable=_NOTHING,
        code=ReasonCode.SUPERSEDED,
    )


def _low(known: Known) -> int:
    return known.low if isinstance(known.low, int) else 0


def members_of(
    determinations: Sequence[Determination], group: Mapping[str, object]
) -> Iterator[Determination]:
    """The determinations of the rules of a group, in the order of the book."""
    for determination in determinations:
        if determination.rule.id in group:
            yield determination
