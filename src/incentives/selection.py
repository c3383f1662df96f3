"""Of several items of a rule, which are paid: the highest of each key, or a few of all."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import assert_never

from attrs import evolve, frozen

from .combining import Place, fen_low, places
from .items import Item
from .known import (
    NOTHING_MISSING,
    Ends,
    Known,
    between,
    exactly,
    greatest_of,
    least_of,
    total_of,
)
from .policy import Outcome, ReasonCode

_NOTHING = exactly(0)


@frozen
class Candidate:
    """An item with what tells apart what is paid once each, and its unmet conditions."""

    item: Item
    key: Known | None
    unmet: int = 0


def once_each(ranked: Sequence[Candidate]) -> tuple[list[Candidate], Known]:
    """
    The items with only the highest of each key left, and what they come to.

    Of awards that are paid over time what can still be paid of each is compared.
    """
    found = _paid_once(ranked)
    if any(candidate.item.payments for candidate in ranked):
        return found, together(candidate.item.known for candidate in found)
    return found, _once_per_key(ranked)


def together(parts: Iterable[Known]) -> Known:
    """What several amounts come to."""
    known = list(parts)
    return _between(total_of(known), known)


def _between(ends: Ends, parts: Sequence[Known]) -> Known:
    missing = NOTHING_MISSING.union(*(part.missing for part in parts))
    return between(*ends, missing)


def _paid_once(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Of the items with one key only the highest is paid; unknown keys stay open."""
    found = list(ranked)
    rivals = sum(map(_contends, ranked)) > 1
    for index, candidate in enumerate(ranked):
        if _contends(candidate) and rivals and not _has_key(candidate):
            found[index] = evolve(candidate, item=_placed(candidate.item, Place.OPEN))
    for key in {_key_value(c) for c in ranked if _has_key(c)}:
        sharing = [
            index
            for index, candidate in enumerate(ranked)
            if _has_key(candidate)
            and _key_value(candidate) == key
            and _contends(candidate)
        ]
        where = places([ranked[index].item.remaining for index in sharing])
        for index, place in zip(sharing, where, strict=True):
            item = _placed(ranked[index].item, place)
            found[index] = evolve(ranked[index], item=item)
    return found


def _contends(candidate: Candidate) -> bool:
    """Whether something of it may be due, now or later."""
    return candidate.item.remaining.high != 0


def highest_few(
    ranked: Sequence[Candidate], total: Known, most: Known
) -> tuple[list[Candidate], Known]:
    """So many items are paid and no more: the highest ones."""
    knowns = [candidate.item.known for candidate in ranked]
    counts = (_count(most.low), None if most.high is None else _count(most.high))
    found = [
        evolve(c, item=_placed(c.item, place, ReasonCode.LIMIT_REACHED))
        if _contends(c)
        else c
        for c, place in zip(ranked, places(knowns, counts), strict=True)
    ]
    lows = sorted(map(fen_low, knowns), reverse=True)[: counts[0]]
    paid = sorted(knowns, key=_descending)[: counts[1]]
    high = total_of(paid)[1]
    ends = least_of([total, Known(sum(lows), high)])
    return found, _between((min(sum(lows), fen_low(total)), ends[1]), [total, most])


def _count(end: object) -> int:
    """A number of items, never below none."""
    return max(0, int(end)) if isinstance(end, int | Fraction) else 0


def _descending(known: Known) -> tuple[bool, int]:
    """Sorts what has no upper end first, then the highest."""
    return (known.high is not None, -int(known.high or 0))  # type: ignore[arg-type]  # fen


def _placed(item: Item, place: Place, code: ReasonCode = ReasonCode.ONCE_ONLY) -> Item:
    match place:
        case Place.PAID:
            return item
        case Place.BEATEN:
            nothing = Outcome.INELIGIBLE
            return evolve(
                item, outcome=nothing, known=_NOTHING, remaining=_NOTHING, code=code
            )
        case Place.OPEN:
            known, remaining = (
                between(0, part.high, part.missing)
                for part in (item.known, item.remaining)
            )
            undetermined = Outcome.UNDETERMINED
            return evolve(item, outcome=undetermined, known=known, remaining=remaining)
        case _:
            assert_never(place)


def _has_key(candidate: Candidate) -> bool:
    return candidate.key is None or candidate.key.is_known


def _key_value(candidate: Candidate) -> object:
    return None if candidate.key is None else candidate.key.value


def _once_per_key(candidates: Sequence[Candidate]) -> Known:
    """The highest of each key; an item whose key is unknown may share any of them."""
    groups: dict[object, list[Known]] = {}
    for candidate in candidates:
        if _has_key(candidate):
            groups.setdefault(_key_value(candidate), []).append(candidate.item.known)
    keyed = [Known(*greatest_of(parts)) for parts in groups.values()]
    free = [c.item.known for c in candidates if not _has_key(c)]
    _, high = total_of([*keyed, *free])
    shared = max(map(fen_low, keyed), default=0)
    alone = max(0, max(map(fen_low, free), default=0) - shared)
    low = sum(map(fen_low, keyed)) + alone
    keys = [candidate.key for candidate in candidates if candidate.key is not None]
    return _between((low, high), [*(c.item.known for c in candidates), *keys])
