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
    winner = _winner(nets, total)
    found = [
        _placed(determination, net, index, winner, total)
        for index, (determination, net) in enumerate(zip(members, nets, strict=True))
    ]
    rival = None if winner is None else members[winner].rule.id
    named = [
        evolve(d, rival=rival) if d.code is ReasonCode.SUPERSEDED else d for d in found
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


def _winner(nets: Sequence[Known], total: Known) -> int | None:
    """The member that is the highest whatever else is learnt, the first among equals."""
    for index, net in enumerate(nets):
        others = [other for at, other in enumerate(nets) if at != index]
        if all(_never_above(other, net) for other in others):
            return index
    return None


def _never_above(other: Known, net: Known) -> bool:
    return other.high is not None and int(other.high) <= _low(net)  # type: ignore[arg-type]  # fen


def _placed(
    determination: Determination,
    net: Known,
    index: int,
    winner: int | None,
    total: Known,
) -> Determination:
    if determination.outcome is Outcome.INELIGIBLE:
        return determination
    if winner == index:
        return _paid(determination, net)
    if winner is not None or _never_above(net, total):
        return _superseded(determination)
    perhaps = between(0, net.high, net.missing | total.missing)
    return evolve(determination, outcome=Outcome.UNDETERMINED, payable=perhaps)


def _paid(determination: Determination, net: Known) -> Determination:
    if net.is_known and net.value == 0:
        return _superseded(determination)
    outcome = Outcome.ELIGIBLE if net.is_known else Outcome.UNDETERMINED
    return evolve(determination, outcome=outcome, payable=net)


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
